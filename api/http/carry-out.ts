import type { Config } from '#shared/config/config.ts';
import type { ReadBody } from './body.ts';
import type { AnyEndpoint, Auth, Endpoint, Handler, Input, Reply } from './endpoint.ts';
import { fingerprintOf, readIdempotencyKey } from './idempotency.ts';
import type { Idempotency, KeyedRequest } from './idempotency.ts';
import { assertPrecondition } from './require-headers.ts';
import { assertDeclared } from './respond.ts';
import { validateInput } from './validate.ts';

/** Whoever calls, as handlers are told. */
export type Caller = Pick<
  Input<'optional', unknown, unknown, unknown, unknown>,
  'user' | 'sessionId' | 'apiKey' | 'actor' | 'cookies' | 'userAgent' | 'signal' | 'note' | 'isStillAdmitted'
>;

/** One call of an endpoint by somebody who is admitted: a request, or an operation of a batch. */
export interface Call {
  /** Path and query, as they were sent. */
  readonly target: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: ReadBody;
  readonly caller: Caller;
}

export interface CarryOutOptions {
  readonly config: Pick<Config, 'environment'>;
  readonly idempotency: Idempotency;
}

/**
 * Validates a call, has it answered, and where it came with an Idempotency-Key only the first time it comes.
 *
 * @throws AppError request.invalid, precondition.required, those of `Idempotency`, and whatever the handler throws
 */
export async function carryOut<A extends Auth, P, Q, H, B>(
  endpoint: Endpoint<A, P, Q, H, B>,
  handler: Handler<A, P, Q, H, B>,
  call: Call,
  { config, idempotency }: CarryOutOptions,
): Promise<Reply> {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = call.headers;
  assertPrecondition(endpoint, ifMatch?.toString());
  const valid = validated(endpoint, call);
  const keyed = keyedRequest(endpoint, call);
  const isOwn = endpoint.keyKeeping === 'own' && keyed !== undefined;
  const effectKey = isOwn ? idempotency.ofEffect(keyed) : undefined;
  // The schemas have just made sure of what the endpoint's types say.
  const input = { ...call.caller, ...valid, ifMatch, ifNoneMatch, effectKey } as unknown as Input<
    A,
    P,
    Q,
    H,
    B
  >;
  const work = async (): Promise<Reply> => handler(input);
  const reply = await (keyed === undefined || isOwn ? work() : idempotency.run(keyed, work));
  if (config.environment === 'test') assertDeclared(endpoint, reply);
  return reply;
}

function validated(endpoint: AnyEndpoint, { params, query, headers, body }: Call) {
  const input = validateInput(endpoint, {
    params,
    query,
    headers,
    body: body.value,
    bodyIsJson: body.isJson,
  });
  return body.isJson ? input : { ...input, body: { ...(input.body as object), file: body.file } };
}

/** What an Idempotency-Key is held to; undefined where none was sent or none is taken. */
function keyedRequest(endpoint: AnyEndpoint, call: Call): KeyedRequest | undefined {
  const { target, headers, body, caller } = call;
  if (endpoint.keyKeeping === 'none' || caller.user === undefined) return undefined;
  const key = readIdempotencyKey(headers['idempotency-key']?.toString());
  if (key === undefined) return undefined;
  const fingerprint = fingerprintOf({ method: endpoint.method, originalUrl: target }, body);
  return { userId: caller.user.id, key, operation: endpoint.operationId, fingerprint };
}
