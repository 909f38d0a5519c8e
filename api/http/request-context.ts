import type { RequestHandler, Response } from 'express';
import { v7 as uuidv7 } from 'uuid';
import type { ApiKey } from '#db/stores/api-key-store.ts';
import type { User } from '#shared/domain/types.ts';
import type { LogFields } from '#shared/logging/log-fields.ts';
import { withCorrelation } from '#shared/logging/correlation.ts';
import type { Span, Tracer } from '#shared/tracing/span.ts';
import { parseTrace } from '#shared/tracing/trace-context.ts';
import type { AnyEndpoint } from './endpoint.ts';
import type { SignedRequest } from './signed-request.ts';

/** A person in a login session. */
export interface SessionIdentity {
  readonly user: User;
  readonly sessionId: string;
  /** When the password was last given in this session. */
  readonly reauthenticatedAt: Date;
  readonly apiKey?: undefined;
}

/** A program with a key of its user. */
export interface KeyIdentity {
  readonly user: User;
  readonly apiKey: ApiKey;
  readonly sessionId?: undefined;
}

/** Who is calling, and by what. */
export type Identity = SessionIdentity | KeyIdentity;

/** What is known about one request while it is being answered. */
export interface RequestState {
  readonly correlationId: string;
  /** The request as a part of its trace. */
  readonly span: Span;
  readonly startedAt: bigint;
  endpoint?: AnyEndpoint;
  identity?: Identity;
  /** Session that a good refresh token belongs to, where the endpoint looks at it. */
  familyId?: string;
  /** The body of a sensitive request as it came, for its digest. */
  rawBody?: Buffer;
  /** What the handler has to say of the request to whoever reads the access log. */
  notes?: LogFields;
  /** The good signature of a sensitive request by an API key. */
  signed?: SignedRequest;
}

const WELL_FORMED = /^[A-Za-z0-9._-]{1,128}$/;

/**
 * Gives every request an id, the caller's own if it is well-formed, and has it on every log line and answer. Beside it goes
 * the trace that the caller's `traceparent` names, or a new one.
 */
export function requestContext(tracer: Tracer): RequestHandler {
  return (req, res, next) => {
    const given = req.get('x-request-id');
    const correlationId = given !== undefined && WELL_FORMED.test(given) ? given : uuidv7();
    const parent = parseTrace(req.get('traceparent'), req.get('tracestate'));
    const span = tracer.begin(req.method, 'server', parent, { 'http.request.method': req.method });
    const state: RequestState = { correlationId, span, startedAt: process.hrtime.bigint() };
    res.locals.state = state;
    res.set('X-Request-Id', correlationId);
    res.once('close', () => endSpan(req.method, res));
    withCorrelation(correlationId, next, span);
  };
}

function endSpan(method: string, res: Response): void {
  const { span, endpoint, correlationId } = stateOf(res);
  const route = endpoint?.fullPath;
  const status = res.statusCode;
  span.tell(
    {
      'http.response.status_code': status,
      'donkey.correlation_id': correlationId,
      ...(route === undefined ? {} : { 'http.route': route }),
    },
    route === undefined ? method : `${method} ${route}`,
  );
  span.end(status >= 500 ? String(status) : undefined);
}

/** The state that {@link requestContext} made for this request. */
export const stateOf = (res: Response): RequestState => res.locals.state as RequestState;
