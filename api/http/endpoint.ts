import type Joi from 'joi';
import type { Transaction } from '#db/database.ts';
import type { ApiKey } from '#db/stores/api-key-store.ts';
import type { NewAuditEvent } from '#db/stores/audit-store.ts';
import type { Scope } from '#shared/domain/scopes.ts';
import type { User } from '#shared/domain/types.ts';
import { errorEntry } from '#shared/errors/error-catalog.ts';
import type { ErrorCode } from '#shared/errors/error-catalog.ts';
import type { LogFields } from '#shared/logging/log-fields.ts';
import { entityTagOf, withConditions } from './conditional-contract.ts';
import type { EntityTag, Versioned } from './conditional-contract.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * `public` never looks at the caller and `optional` takes note of a login. `session` insists on a login session, which
 * no API key can replace; `user` and `admin` take either, and of a key the endpoint's scope. `refresh` insists on the
 * refresh token of a session and does without the access token.
 */
export type Auth = 'public' | 'optional' | 'refresh' | 'session' | 'user' | 'admin';

/** Whose things an endpoint reaches: the caller's (those of others are 404 or empty), everybody's, or nobody's. */
export type Ownership = 'own' | 'all' | 'none';

export type RateBucket = 'none' | 'auth' | 'login' | 'refresh' | 'default' | 'upload' | 'search';

/**
 * How an Idempotency-Key is kept to: in one `transaction` of effect and answer, by an endpoint's `own` means where the
 * answer comes later than the effect, or not at all.
 */
export type KeyKeeping = 'transaction' | 'own' | 'none';

/** A file of a multipart request, wholly read. `name` is what the client says: data, never a path. */
export interface UploadedFile {
  readonly name: string;
  readonly declaredType: string;
  readonly bytes: Buffer;
}

/** One answer an operation gives. JSON answers have a `schema`, others a `contentType`, empty ones neither. */
export interface ResponseContract {
  readonly description: string;
  readonly schema?: Joi.Schema;
  /** Media types in which a `schema` is sent; by default that of JSON alone. */
  readonly jsonTypes?: readonly string[];
  readonly contentType?: string;
  /** Header name -> what it says. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly example?: unknown;
}

/** A request as the docs show it; the values must be valid. */
export interface RequestExample {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly form?: Readonly<Record<string, unknown>>;
}

/** When an operation that is harmless by itself asks for proof. */
export interface ProofCondition<Q> {
  /** In words, as the docs finish the sentence "Asks for proof ...": `with force=true`. */
  readonly when: string;
  /** Given the query as the schema made it. */
  readonly applies: (query: Q) => boolean;
}

/** Why an operation is on its way out: another one does the same (RFC 9745, RFC 8594). */
export interface Deprecation {
  readonly since: Date;
  /** Until then it works in any case; see docs/api-versioning.md. */
  readonly sunset: Date;
  /** Whole path of the operation to use instead, with the same parameters. */
  readonly successor: string;
}

/** Whoever leaves out the scope of an endpoint that programs can call is told so by the compiler. */
type Rule<A extends Auth> = A extends 'user' | 'admin'
  ? { readonly scope: Scope }
  : { readonly scope?: undefined };

/** What an endpoint's author writes down; `defineEndpoint` fills in the rest. */
export type EndpointDefinition<A extends Auth, P, Q, H, B, F> = Rule<A> & Definition<A, P, Q, H, B, F>;

interface Definition<A extends Auth, P, Q, H, B, F> {
  readonly method: Method;
  /** Express path below `/api/v1`, such as `/assistants/:id`. */
  readonly path: string;
  /** The path stands at the root instead of below `/api/v1`. */
  readonly unversioned?: boolean;
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  readonly auth: A;
  /** By default `all` for admins, `own` for whoever has to log in, `none` else. */
  readonly ownership?: Ownership;
  /**
   * Asks for proof beyond the cookie or key: a signed request, or a password given within the last 5 minutes. A condition
   * asks for it only where the query makes the operation a sensitive one.
   */
  readonly sensitive?: boolean | ProofCondition<NoInfer<Q>>;
  /** What tag the answers of a GET carry; by default that of their bytes, see {@link entityTagOf}. */
  readonly etag?: EntityTag;
  /** An edit or deletion of something that several may edit: If-Match has to be sent, and to fit. */
  readonly precondition?: 'required';
  /** Whether a CSRF token is asked for; by default for every method that changes state. */
  readonly csrf?: boolean;
  readonly rateBucket?: RateBucket;
  /** The answer is a stream, or takes as long as somebody else likes: nothing that one transaction could hold. */
  readonly streams?: boolean;
  /** By default `transaction` for what makes something for a known caller and does not stream. */
  readonly keyKeeping?: KeyKeeping;
  /** Carries out several operations; it cannot be one of them. */
  readonly isBatch?: boolean;
  readonly params?: Joi.ObjectSchema<P>;
  readonly query?: Joi.ObjectSchema<Q>;
  /** Lower-case names; headers that are not named are not looked at. */
  readonly headers?: Joi.ObjectSchema<H>;
  /** JSON body. */
  readonly body?: Joi.ObjectSchema<B>;
  /** Multipart fields; the file itself is the field "file". An endpoint may take both kinds of body. */
  readonly form?: Joi.ObjectSchema<F>;
  /** Largest JSON body, in bytes. */
  readonly bodyLimit?: number;
  /** Answers by status; errors are not listed here but in `errors`. */
  readonly responses: Readonly<Record<number, ResponseContract>>;
  /** The operation's own errors; those of authentication, validation and so on are added. */
  readonly errors?: readonly ErrorCode[];
  readonly example: RequestExample;
}

/** The part of an endpoint that does not depend on its types: what routing, OpenAPI, docs and tests read. */
export interface AnyEndpoint {
  readonly method: Method;
  readonly path: string;
  /** Whole path with Express parameters, such as `/api/v1/assistants/:id`. */
  readonly fullPath: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly tag: string;
  readonly auth: Auth;
  readonly scope: Scope | undefined;
  readonly ownership: Ownership;
  /** Asks for proof, always or under the condition. */
  readonly sensitive: boolean;
  readonly proofCondition: ProofCondition<unknown> | undefined;
  readonly csrf: boolean;
  readonly etag: EntityTag;
  /** If-Match has to be sent. */
  readonly precondition: boolean;
  readonly deprecation: Deprecation | undefined;
  readonly rateBucket: RateBucket;
  readonly streams: boolean;
  readonly keyKeeping: KeyKeeping;
  readonly isBatch: boolean;
  readonly params: Joi.ObjectSchema | undefined;
  readonly query: Joi.ObjectSchema | undefined;
  readonly headers: Joi.ObjectSchema | undefined;
  readonly body: Joi.ObjectSchema | undefined;
  readonly form: Joi.ObjectSchema | undefined;
  readonly bodyLimit: number;
  readonly responses: Readonly<Record<number, ResponseContract>>;
  /** Every code the operation can answer with, by status and name. */
  readonly errors: readonly ErrorCode[];
  readonly example: RequestExample;
}

/** An endpoint is one value; the type parameters say what its handler is given. */
export interface Endpoint<A extends Auth, P, Q, H, B> extends AnyEndpoint {
  /** Never set: it only carries the types. */
  readonly types?: { readonly auth: A; readonly params: P; readonly query: Q; headers: H; body: B };
}

/** Who did something and from where, as the audit log takes it. */
export type Actor = Pick<NewAuditEvent, 'actorId' | 'apiKeyId' | 'address' | 'userAgent'>;

/** What a handler is given: everything validated, nothing of Express. */
export interface Input<A extends Auth, P, Q, H, B> {
  readonly user: A extends 'session' | 'user' | 'admin' ? User : User | undefined;
  /** Login session of the caller; undefined for callers with an API key. */
  readonly sessionId: A extends 'session' | 'refresh' ? string : string | undefined;
  /** The key by which the caller came, if it is a program. */
  readonly apiKey: ApiKey | undefined;
  /** Goes into every entry of the audit log. */
  readonly actor: Actor;
  readonly params: P;
  readonly query: Q;
  readonly headers: H;
  /** JSON body, or the fields of a form with the file as `file`. */
  readonly body: B;
  /** The request's If-Match, for `expectedVersion`; there wherever the contract asks for it. */
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  /** The Idempotency-Key, where the endpoint keeps to it by its own means and one was sent. */
  readonly effectKey: EffectKey | undefined;
  /** Cookies of the request; the refresh token is among them below /auth only. */
  readonly cookies: Readonly<Record<string, string | undefined>>;
  readonly userAgent: string | undefined;
  /** Aborted when the client goes away before the answer is complete. */
  readonly signal: AbortSignal;
  /** Adds something to the request's line in the access log. */
  readonly note: (notes: LogFields) => void;
  /** Asks again whether the caller is admitted: for answers that outlast a logout. */
  readonly isStillAdmitted: () => Promise<boolean>;
}

/** The Idempotency-Key of a request whose answer comes later than its effect. */
export interface EffectKey {
  /**
   * Waits until no other request of this process is at work under the key, and holds it meanwhile.
   *
   * @throws AppError idempotency.in_progress
   */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Takes the key in the transaction of the effect.
   *
   * @returns what was kept with the effect of the first request under this key; undefined if this one is the first
   * @throws AppError idempotency.key_reused, idempotency.in_progress, idempotency.answer_lost
   */
  claim(tx: Transaction): Promise<unknown>;
  /** Keeps what leads to the answer, in the same transaction. */
  keep(tx: Transaction, pointer: unknown): Promise<void>;
}

/** What a handler answers. `stream` is for bytes and server-sent events, `body` for JSON. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | number | readonly string[]>>;
  readonly stream?: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;
  /** Nothing has happened, so that an Idempotency-Key stays free as it does after an error. */
  readonly isWithoutEffect?: boolean;
}

export type Handler<A extends Auth, P, Q, H, B> = (input: Input<A, P, Q, H, B>) => Promise<Reply> | Reply;

/** Reads no more than what the entity tag is made of; undefined where there is nothing of this user. */
export type ReadVersion<A extends Auth, P, Q, H, B> = (
  input: Input<A, P, Q, H, B>,
) => Promise<Versioned | undefined>;

type Nothing = Readonly<Record<string, never>>;
type Body<B, F> = [F] extends [never]
  ? B
  : [B] extends [never]
    ? F & { file: UploadedFile | undefined }
    : B | (F & { file: UploadedFile | undefined });

const JSON_LIMIT = 256 * 1024;

const DEFAULT_OWNERSHIP: Readonly<Record<Auth, Ownership>> = {
  public: 'none',
  optional: 'none',
  refresh: 'own',
  session: 'own',
  user: 'own',
  admin: 'all',
};

/** Makes an endpoint of its definition: defaults filled in, the list of possible errors completed. */
export function defineEndpoint<A extends Auth, P = Nothing, Q = Nothing, H = Nothing, B = never, F = never>(
  definition: EndpointDefinition<A, P, Q, H, B, F>,
): Endpoint<A, P, Q, H, Body<B, F>> {
  const { sensitive = false } = definition;
  if (sensitive !== false && definition.form !== undefined)
    throw new Error(`${definition.operationId}: no digest is checked of a form`);
  if (typeof sensitive === 'object' && definition.query === undefined)
    throw new Error(`${definition.operationId}: no query can make it sensitive`);
  const endpoint = {
    ...definition,
    ...withConditions(definition),
    fullPath: definition.unversioned === true ? definition.path : `/api/v1${definition.path}`,
    description: definition.description ?? '',
    scope: definition.scope,
    ownership: definition.ownership ?? DEFAULT_OWNERSHIP[definition.auth],
    sensitive: sensitive !== false,
    // It is only ever asked about what the endpoint's own schema has let through.
    proofCondition: typeof sensitive === 'object' ? (sensitive as ProofCondition<unknown>) : undefined,
    csrf: definition.csrf ?? definition.method !== 'GET',
    etag: entityTagOf(definition),
    precondition: definition.precondition === 'required',
    deprecation: undefined,
    rateBucket: definition.rateBucket ?? 'default',
    ...conductOf(definition),
    params: definition.params,
    query: definition.query,
    body: definition.body,
    form: definition.form,
    bodyLimit: definition.bodyLimit ?? JSON_LIMIT,
  };
  return { ...endpoint, errors: allErrors(endpoint) };
}

/** Whether an endpoint takes note of an Idempotency-Key. */
export const takesIdempotencyKey = ({ keyKeeping }: Pick<AnyEndpoint, 'keyKeeping'>): boolean =>
  keyKeeping !== 'none';

type Conduct = Pick<AnyEndpoint, 'streams' | 'keyKeeping' | 'isBatch'>;

/** How an endpoint takes its time, and what it may be part of. */
function conductOf(
  definition: Pick<AnyEndpoint, 'method' | 'auth' | 'responses'> & Partial<Conduct>,
): Conduct {
  const { method, auth, responses, streams = false, isBatch = false } = definition;
  const makes = responses[201] !== undefined || responses[202] !== undefined;
  const isKnown = ['user', 'session', 'admin'].includes(auth);
  const keepsKeys = method === 'POST' && !streams && isKnown && makes;
  return { streams, isBatch, keyKeeping: definition.keyKeeping ?? (keepsKeys ? 'transaction' : 'none') };
}

/** Media types of what an endpoint answers where all goes well; none where its answers are empty. */
export const producedTypes = ({ responses }: Pick<AnyEndpoint, 'responses'>): string[] => [
  ...new Set(
    Object.values(responses).flatMap(({ schema, jsonTypes = ['application/json'], contentType }) =>
      schema === undefined ? [contentType ?? []].flat() : jsonTypes,
    ),
  ),
];

/** The same operation at an address of before: whatever holds for the one holds for the other. */
export function aliasOf<A extends Auth, P, Q, H, B>(
  successor: Endpoint<A, P, Q, H, B>,
  alias: { readonly path: string; readonly operationId: string } & Pick<Deprecation, 'since' | 'sunset'>,
): Endpoint<A, P, Q, H, B> {
  const { path, operationId, since, sunset } = alias;
  return {
    ...successor,
    path,
    fullPath: path,
    operationId,
    summary: `${successor.summary} (address of before)`,
    description: `Does what ${successor.method} ${successor.fullPath.replace(/:(\w+)/g, '{$1}')} does, which is the one to use.`,
    deprecation: { since, sunset, successor: successor.fullPath },
  };
}

/** Adds what the toolkit itself can answer before and around the handler. */
function allErrors(
  endpoint: Omit<AnyEndpoint, 'errors'> & { readonly errors?: readonly ErrorCode[] },
): ErrorCode[] {
  const takesBody = endpoint.body !== undefined || endpoint.form !== undefined;
  const when = (condition: boolean, ...codes: ErrorCode[]): ErrorCode[] => (condition ? codes : []);
  const codes = [
    ...(endpoint.errors ?? []),
    ...when(endpoint.auth !== 'public', 'auth.ambiguous', 'auth.key_invalid', 'auth.key_expired'),
    ...when(
      endpoint.auth !== 'public' && endpoint.auth !== 'optional',
      'auth.required',
      'auth.session_expired',
    ),
    ...when(['optional', 'refresh', 'session'].includes(endpoint.auth), 'auth.session_required'),
    ...when(endpoint.scope !== undefined, 'auth.scope_missing'),
    ...when(endpoint.sensitive, 'auth.reauthentication_required'),
    ...when(
      endpoint.sensitive && endpoint.scope !== undefined,
      'auth.signature_required',
      'auth.signature_invalid',
      'auth.signature_expired',
      'auth.signature_replayed',
    ),
    ...when(endpoint.auth === 'admin', 'auth.forbidden'),
    ...when(endpoint.csrf, 'auth.csrf_invalid', 'auth.origin_forbidden'),
    ...when(endpoint.rateBucket !== 'none' || endpoint.auth !== 'public', 'request.rate_limited'),
    ...when(producedTypes(endpoint).length > 0, 'request.not_acceptable'),
    ...when(endpoint.precondition, 'precondition.required', 'precondition.failed'),
    ...when(takesBody, 'request.media_type', 'request.too_large'),
    ...when(takesBody || endpoint.params !== undefined, 'request.malformed'),
    ...when(
      takesIdempotencyKey(endpoint),
      'idempotency.key_reused',
      'idempotency.in_progress',
      'idempotency.answer_lost',
    ),
    ...(['request.invalid', 'service.unavailable', 'internal.error'] as const),
  ];
  return [...new Set(codes)].sort((a, b) => errorEntry(a).status - errorEntry(b).status || (a < b ? -1 : 1));
}
