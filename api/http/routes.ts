import { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import type { Config } from '#shared/config/config.ts';
import type { LogFields } from '#shared/logging/log-fields.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import { announceDeprecation } from './announce-deprecation.ts';
import { authenticate, isStillAdmitted } from './authenticate.ts';
import type { Identify } from './authenticate.ts';
import { bodyOf, readBody } from './body.ts';
import type { ReadUpload } from './body.ts';
import type { Cookies } from './cookies.ts';
import type { Csrf } from './csrf.ts';
import { carryOut } from './carry-out.ts';
import type { Caller } from './carry-out.ts';
import type { AnyEndpoint, Auth, Endpoint, Handler, ReadVersion } from './endpoint.ts';
import { etagOf, isUnchanged, taggedHeaders } from './conditional-get.ts';
import type { Idempotency } from './idempotency.ts';
import { createOperations } from './operations.ts';
import type { Operations } from './operations.ts';
import { checkOrigin } from './origin.ts';
import { requireAcceptable, requirePrecondition } from './require-headers.ts';
import { provePresence } from './prove-presence.ts';
import type { UseNonce } from './prove-presence.ts';
import type { RateLimits } from './rate-limits.ts';
import { stateOf } from './request-context.ts';
import { respond } from './respond.ts';
import type { UploadAdmission } from './upload-admission.ts';

/** What routing needs of the process around it. */
export interface Toolkit {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
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
  /** The mounted endpoints, for operations that are no request of their own. */
  readonly operations: Operations;
}

/** Makes an empty set of routes. */
export function createRoutes(toolkit: Toolkit): Routes {
  const router = Router({ caseSensitive: true });
  const endpoints: AnyEndpoint[] = [];
  const operations = createOperations(endpoints, toolkit);
  return {
    router,
    endpoints,
    operations,
    mount: (endpoint, handler, readVersion) => {
      const method = endpoint.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
      const answering = sparing(handler, readVersion);
      endpoints.push(endpoint);
      operations.add(endpoint, (call) => carryOut(endpoint, answering, call, toolkit));
      router[method](endpoint.fullPath, ...guards(endpoint, toolkit), answer(endpoint, answering, toolkit));
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
  toolkit: Toolkit,
): RequestHandler {
  return async (req, res) => {
    const call = {
      target: req.originalUrl,
      params: { ...req.params },
      query: { ...req.query },
      headers: req.headers,
      body: bodyOf(res),
      caller: callerOf(endpoint, req, res, toolkit),
    };
    await respond(res, await carryOut(endpoint, handler, call, toolkit));
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

function callerOf(
  endpoint: AnyEndpoint,
  req: Request,
  res: Response,
  { cookies, identify }: Pick<Toolkit, 'cookies' | 'identify'>,
): Caller {
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
    cookies: endpoint.path.startsWith('/auth/') ? { ...others, [cookies.refreshName]: refreshToken } : others,
    userAgent: req.get('user-agent'),
    signal: abort.signal,
    note: (notes: LogFields) => void (stateOf(res).notes = notes),
    isStillAdmitted: () => isStillAdmitted(req, identity, identify),
  };
}
