import { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import type { Config } from '#shared/config/config.ts';
import { announceDeprecation } from './announce-deprecation.ts';
import { authenticate, isStillAdmitted } from './authenticate.ts';
import type { Identify } from './authenticate.ts';
import { bodyOf, readBody } from './body.ts';
import type { ReadUpload } from './body.ts';
import type { Cookies } from './cookies.ts';
import type { Csrf } from './csrf.ts';
import { takesIdempotencyKey } from './endpoint.ts';
import type { AnyEndpoint, Auth, Endpoint, Handler, Input, ReadVersion, Reply } from './endpoint.ts';
import { etagOf, isUnchanged, taggedHeaders } from './conditional-get.ts';
import { fingerprintOf, readIdempotencyKey } from './idempotency.ts';
import type { Idempotency } from './idempotency.ts';
import { checkOrigin } from './origin.ts';
import { requireAcceptable, requirePrecondition } from './require-headers.ts';
import { provePresence } from './prove-presence.ts';
import type { UseNonce } from './prove-presence.ts';
import type { RateLimits } from './rate-limits.ts';
import { stateOf } from './request-context.ts';
import { assertDeclared, respond } from './respond.ts';
import type { UploadAdmission } from './upload-admission.ts';
import { validateInput } from './validate.ts';

/** What routing needs of the process around it. */
export interface Toolkit {
  readonly config: Config;
  readonly cookies: Cookies;
  readonly csrf: Csrf;
  readonly rateLimits: RateLimits;
  readonly identify: Identify;
  readonly useNonce: UseNonce;
  readonly idempotency: Idempotency;
  readonly readUpload?: ReadUpload;
  /** Passed by endpoints of the bucket `upload`, as the gate is. */
  readonly uploadAdmission: UploadAdmission;
  readonly uploadGate: RequestHandler;
}

/**
 * Puts one endpoint in place with the function that answers it. Where `readVersion` is given, a client that has the
 * resource already is told so by what it reads, without the handler.
 */
export type Mount = <A extends Auth, P, Q, H, B>(
  endpoint: Endpoint<A, P, Q, H, B>,
  handler: Handler<A, P, Q, H, B>,
  readVersion?: ReadVersion<A, P, Q, H, B>,
) => void;

export interface Routes {
  readonly router: Router;
  /** Every mounted endpoint: OpenAPI, the docs and the 405 answers are made from this. */
  readonly endpoints: readonly AnyEndpoint[];
  readonly mount: Mount;
}

/** Makes an empty set of routes. */
export function createRoutes(toolkit: Toolkit): Routes {
  const router = Router({ caseSensitive: true });
  const endpoints: AnyEndpoint[] = [];
  return {
    router,
    endpoints,
    mount: (endpoint, handler, readVersion) => {
      const method = endpoint.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
      endpoints.push(endpoint);
      const answering = answer(endpoint, sparing(handler, readVersion), toolkit);
      router[method](endpoint.fullPath, ...guards(endpoint, toolkit), answering);
    },
  };
}

/** What a request has to pass, in this order; nothing of its body is read before all the others agree. */
function guards(endpoint: AnyEndpoint, toolkit: Toolkit): RequestHandler[] {
  const { config, cookies, csrf, rateLimits, identify, useNonce, readUpload } = toolkit;
  const isUpload = endpoint.rateBucket === 'upload';
  return [
    (_req, res, next) => {
      stateOf(res).endpoint = endpoint;
      next();
    },
    ...announceDeprecation(endpoint),
    ...(isUpload ? [toolkit.uploadAdmission.check, toolkit.uploadAdmission.count] : []),
    ...(endpoint.csrf ? [checkOrigin(config.api.allowedOrigins)] : []),
    ...authenticate(endpoint, identify, cookies, rateLimits.failures),
    ...(endpoint.csrf ? [csrf.protect] : []),
    ...(endpoint.rateBucket === 'none' ? [] : [rateLimits[endpoint.rateBucket]]),
    ...(isUpload ? [toolkit.uploadGate, toolkit.uploadAdmission.check] : []),
    ...requireAcceptable(endpoint),
    ...requirePrecondition(endpoint),
    ...provePresence(endpoint, useNonce, readBody(endpoint, readUpload)),
  ];
}

function answer<A extends Auth, P, Q, H, B>(
  endpoint: Endpoint<A, P, Q, H, B>,
  handler: Handler<A, P, Q, H, B>,
  { config, cookies, identify, idempotency }: Toolkit,
): RequestHandler {
  return async (req, res) => {
    const input = { ...validated(endpoint, req, res), ...caller(endpoint, req, res, cookies, identify) };
    // The schemas have just made sure of what the endpoint's types say.
    const work = async () => handler(input as unknown as Input<A, P, Q, H, B>);
    const reply = await oncePerKey(endpoint, req, res, idempotency, work);
    if (config.environment === 'test') assertDeclared(endpoint, reply);
    await respond(res, reply);
  };
}

/** A handler that is not run for those who have what it would show. */
function sparing<A extends Auth, P, Q, H, B>(
  handler: Handler<A, P, Q, H, B>,
  readVersion: ReadVersion<A, P, Q, H, B> | undefined,
): Handler<A, P, Q, H, B> {
  if (readVersion === undefined) return handler;
  return async (input) => {
    const current = input.ifNoneMatch === undefined ? undefined : await readVersion(input);
    return current !== undefined && isUnchanged(input.ifNoneMatch, etagOf(current))
      ? { status: 304, headers: taggedHeaders(current) }
      : handler(input);
  };
}

/** Carries the request out, and where it came with an Idempotency-Key only the first time it comes. */
function oncePerKey(
  endpoint: AnyEndpoint,
  req: Request,
  res: Response,
  idempotency: Idempotency,
  work: () => Promise<Reply>,
): Promise<Reply> {
  const key = takesIdempotencyKey(endpoint) ? readIdempotencyKey(req.get('idempotency-key')) : undefined;
  const userId = stateOf(res).identity?.user.id;
  if (key === undefined || userId === undefined) return work();
  const fingerprint = fingerprintOf(req, bodyOf(res));
  return idempotency.run({ userId, key, operation: endpoint.operationId, fingerprint }, work);
}

function validated(endpoint: AnyEndpoint, req: Request, res: Response) {
  const body = bodyOf(res);
  const input = validateInput(endpoint, {
    params: { ...req.params },
    query: { ...req.query },
    headers: req.headers,
    body: body.value,
    bodyIsJson: body.isJson,
  });
  return body.isJson ? input : { ...input, body: { ...(input.body as object), file: body.file } };
}

function caller(endpoint: AnyEndpoint, req: Request, res: Response, cookies: Cookies, identify: Identify) {
  const abort = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) abort.abort();
  });
  const { identity, familyId } = stateOf(res);
  const { [cookies.refreshName]: refreshToken, ...others } = cookies.read(req);
  return {
    user: identity?.user,
    sessionId: familyId ?? identity?.sessionId,
    apiKey: identity?.apiKey,
    actor: {
      actorId: identity?.user.id ?? null,
      apiKeyId: identity?.apiKey?.id,
      address: req.ip,
      userAgent: req.get('user-agent'),
    },
    ifMatch: req.get('if-match'),
    ifNoneMatch: req.get('if-none-match'),
    cookies: endpoint.path.startsWith('/auth/') ? { ...others, [cookies.refreshName]: refreshToken } : others,
    userAgent: req.get('user-agent'),
    signal: abort.signal,
    isStillAdmitted: () => isStillAdmitted(req, identity, identify),
  };
}
