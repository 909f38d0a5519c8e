import { parse as parseQuery } from 'node:querystring';
import { Router } from 'express';
import type { Request, Response } from 'express';
import type { Config } from '#shared/config/config.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { currentCorrelationId, withCorrelation } from '#shared/logging/correlation.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import { assertAdmitted } from './authenticate.ts';
import type { Call, Caller } from './carry-out.ts';
import { contentTag, isUnchanged } from './conditional-get.ts';
import { showsSecrets } from './shows-secrets.ts';
import type { AnyEndpoint, Method, Reply } from './endpoint.ts';
import { judge, problemOf, unknownRoute } from './error-handler.ts';
import { keyOfUser } from './rate-limits.ts';
import type { RateLimits } from './rate-limits.ts';

/** One call of the API that is no request of its own. */
export interface Operation {
  readonly method: Method;
  /** Path and query, as a request would have them. */
  readonly target: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
}

/** What a request would have been answered. */
export interface OperationAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON; undefined for none. */
  readonly body: unknown;
  /** Why it failed; then `body` is the problem. */
  readonly error?: AppError;
}

/** What an operation is held against before it is carried out. @throws AppError for one that is refused */
export type Permit = (endpoint: AnyEndpoint, query: Readonly<Record<string, unknown>>) => void;

export interface OperationContext {
  /** Has been admitted to the request that the operation came with. */
  readonly caller: Caller & { readonly user: NonNullable<Caller['user']> };
  /** Told apart in logs and answers by what is put behind the correlation id of the request. */
  readonly index: number;
  /** Carries the work out; for whoever wants it to be a part of a transaction. */
  readonly around: (work: () => Promise<Reply>) => Promise<Reply>;
}

export interface Operations {
  /** Makes an endpoint known, with what answers its calls. */
  add(endpoint: AnyEndpoint, answer: (call: Call) => Promise<Reply>): void;
  /** Finds the endpoint as Express does, and passes what a request passes: scope, role, rate limit, size, validation. */
  perform(operation: Operation, context: OperationContext, permit: Permit): Promise<OperationAnswer>;
  /** Calls an endpoint whose name is known, for a caller who is admitted and counted already. */
  call(
    endpoint: AnyEndpoint,
    input: Pick<Call, 'params' | 'headers'> & { readonly body: unknown },
    context: OperationContext,
  ): Promise<OperationAnswer>;
}

export interface OperationsOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly rateLimits: RateLimits;
}

/** What of the headers of an answer is said of an operation; the others are about the connection or the session. */
const SHOWN_HEADERS: ReadonlySet<string> = new Set([
  'allow',
  'etag',
  'idempotency-replayed',
  'location',
  'retry-after',
  'www-authenticate',
]);

interface Route {
  readonly endpoint: AnyEndpoint;
  readonly params: Readonly<Record<string, string>>;
}

/** @param endpoints all that are mounted, also those that are added later */
export function createOperations(endpoints: readonly AnyEndpoint[], options: OperationsOptions): Operations {
  const answers = new Map<AnyEndpoint, (call: Call) => Promise<Reply>>();
  const matcher = createMatcher();
  const reply = (endpoint: AnyEndpoint, call: Call, around: OperationContext['around']) => {
    const answer = answers.get(endpoint);
    if (answer === undefined) throw new Error(`${endpoint.operationId} is not mounted`);
    return around(() => answer(call));
  };
  return {
    add: (endpoint, answer) => {
      answers.set(endpoint, answer);
      matcher.add(endpoint);
    },
    perform: (operation, context, permit) =>
      attempt(options, operation, context, async (found) => {
        const { method, target, headers } = operation;
        const { caller } = context;
        const [path = ''] = target.split('?', 1);
        const route = await matcher.find(method, target);
        if (route === undefined) throw unknownRoute(endpoints, path);
        const { endpoint, params } = route;
        found(endpoint);
        const query = { ...parseQuery(target.slice(path.length + 1)) };
        assertAdmitted(endpoint, caller);
        if (endpoint.rateBucket !== 'none')
          await options.rateLimits[endpoint.rateBucket].take(keyOfUser(caller.user.id));
        permit(endpoint, query);
        const body = jsonBody(endpoint, operation.body);
        return reply(endpoint, { target, params, query, headers, body, caller }, context.around);
      }),
    call: (endpoint, { params, headers, body }, context) => {
      const target = endpoint.fullPath.replace(/:(\w+)/g, (_, name: string) =>
        encodeURIComponent(String(params[name])),
      );
      const operation = { method: endpoint.method, target, headers: {}, body };
      return attempt(options, operation, context, (found) => {
        found(endpoint);
        const { caller, around } = context;
        const call = { target, params, query: {}, headers, body: jsonBody(endpoint, body), caller };
        return reply(endpoint, call, around);
      });
    },
  };
}

/** Finds endpoints by Express's own router, so that no path means one thing here and another there. */
function createMatcher() {
  const router = Router({ caseSensitive: true });
  return {
    add: (endpoint: AnyEndpoint): void => {
      const method = endpoint.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
      router[method](endpoint.fullPath, (req: Request, res: Response) => {
        const params = { ...req.params } as Record<string, string>;
        (res as unknown as { found: (route: Route) => void }).found({ endpoint, params });
      });
    },
    /** @throws URIError for a path that cannot be decoded */
    find: (method: Method, url: string): Promise<Route | undefined> =>
      new Promise((resolve, reject) => {
        // All that the router reads of a request, and all that the handlers above need of a response.
        const req = { method, url } as unknown as Request;
        router(req, { found: resolve } as unknown as Response, (error: unknown) => {
          if (error === undefined || error === null) resolve(undefined);
          else reject(error instanceof Error ? error : new Error('no route can be read', { cause: error }));
        });
      }),
  };
}

/** @throws AppError request.too_large where the endpoint would not read as much of a request */
function jsonBody(endpoint: AnyEndpoint, value: unknown): Call['body'] {
  const isTaken = endpoint.body !== undefined && value !== undefined;
  if (isTaken && Buffer.byteLength(JSON.stringify(value)) > endpoint.bodyLimit)
    throw new AppError('request.too_large');
  return { isJson: true, value: isTaken ? value : undefined, file: undefined };
}

/** Carries an operation out under a correlation id of its own; what fails is its answer. */
function attempt(
  options: OperationsOptions,
  { method, target, headers }: Operation,
  { caller, index }: OperationContext,
  work: (found: (endpoint: AnyEndpoint) => void) => Promise<Reply>,
): Promise<OperationAnswer> {
  const correlationId = `${currentCorrelationId() ?? 'none'}.${index}`;
  const [path = ''] = target.split('?', 1);
  const startedAt = process.hrtime.bigint();
  return withCorrelation(correlationId, async () => {
    let endpoint: AnyEndpoint | undefined;
    let answer: OperationAnswer;
    try {
      const reply = await work((one) => (endpoint = one));
      answer = answerOf(endpoint, method, headers['if-none-match'], reply);
    } catch (thrown) {
      const error = judge(options, thrown, endpoint);
      answer = problemAnswer(error, options.config.api.publicUrl, { path, correlationId });
    }
    const ms = Number(process.hrtime.bigint() - startedAt) / 1e6;
    const route = endpoint?.fullPath ?? 'none';
    options.metrics.httpDuration.observe({ method, route, status: String(answer.status) }, ms / 1000);
    const { status } = answer;
    options.logger.info({ method, route, path, status, ms, user_id: caller.user.id }, 'operation of a batch');
    return answer;
  });
}

/** What a request would have been answered, as far as it is about the operation. */
function answerOf(
  endpoint: AnyEndpoint | undefined,
  method: Method,
  ifNoneMatch: string | undefined,
  { status, body, headers = {} }: Reply,
): OperationAnswer {
  const shown = shownHeaders(headers);
  if (method !== 'GET' || status !== 200) return { status, headers: shown, body };
  if (shown.etag === undefined && body !== undefined && !showsSecrets(endpoint))
    shown.etag = contentTag(Buffer.from(JSON.stringify(body)));
  return isUnchanged(ifNoneMatch, shown.etag)
    ? { status: 304, headers: shown, body: undefined }
    : { status, headers: shown, body };
}

const shownHeaders = (headers: NonNullable<Reply['headers']>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]): [string, string] => [name.toLowerCase(), String(value)])
      .filter(([name]) => SHOWN_HEADERS.has(name)),
  );

/** An error as an operation is answered with it. */
export function problemAnswer(
  error: AppError,
  publicUrl: string,
  of: { readonly path: string; readonly correlationId: string },
): OperationAnswer {
  const { retryAfterSeconds: seconds } = error;
  const headers = {
    ...error.headers,
    ...(seconds === undefined ? {} : { 'retry-after': seconds }),
  };
  const body = { ...problemOf(error, publicUrl), instance: of.path, correlation_id: of.correlationId };
  return { status: error.status, headers: shownHeaders(headers), body, error };
}
