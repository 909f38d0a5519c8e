import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { v7 as uuidv7 } from 'uuid';
import type { Database, Transaction } from '#db/database.ts';
import type { KeptAnswer } from '#db/stores/idempotency-store.ts';
import type { Envelope, SealedPlace } from '#shared/crypto/envelope.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { ReadBody } from './body.ts';
import type { EffectKey, Reply } from './endpoint.ts';

/** What a request with an Idempotency-Key asks for, and of whom. */
export interface KeyedRequest {
  readonly userId: string;
  readonly key: string;
  readonly operation: string;
  /** SHA-256 over what was asked; see {@link fingerprintOf}. */
  readonly fingerprint: Buffer;
}

/**
 * Carries out requests with an `Idempotency-Key` at most once (draft-ietf-httpapi-idempotency-key-header-07). The effect
 * and the answer are committed together, so a crash leaves either both or none: a client that never got its answer sends
 * the same request again and gets it then.
 */
export interface Idempotency {
  /**
   * @throws AppError idempotency.key_reused for another request under the same key, idempotency.in_progress while the
   *   first is still at work after {@link WAIT_MS}, idempotency.answer_lost when its answer can no longer be decrypted,
   *   and whatever `work` throws: then nothing has happened and the key is free
   */
  run(request: KeyedRequest, work: () => Promise<Reply>): Promise<Reply>;
  /** For work whose answer comes later than its effect: what leads to the answer is kept with the effect. */
  ofEffect(request: KeyedRequest): EffectKey;
}

/** How long a request waits for the first one with its key. */
export const WAIT_MS = 5_000;
/** How long an answer is kept. */
export const KEPT_SECONDS = 24 * 3600;

export interface IdempotencyOptions {
  readonly database: Pick<Database, 'unitOfWork'>;
  /** Answers may hold what is shown only once, such as a new API key, so they are kept encrypted. */
  readonly envelope: Envelope;
  readonly waitMs?: number;
}

/** Makes the keeper of answers for one process. */
export function createIdempotency({ database, envelope, waitMs = WAIT_MS }: IdempotencyOptions): Idempotency {
  const atWork = new Map<string, Promise<unknown>>();
  /** Under whose key the work around is done; an operation of a batch would wait for its batch. */
  const around = new AsyncLocalStorage<string>();
  const once = (request: KeyedRequest, work: () => Promise<Reply>): Promise<Reply> =>
    database.unitOfWork(async (tx) => {
      const kept = await tx.idempotency.claim(request.userId, request.key, waitMs);
      if (kept === null) throw inProgress();
      if (kept !== undefined) return replay(envelope, request, kept);
      const reply = await work();
      if (reply.isWithoutEffect !== true) await keep(tx, envelope, request, reply);
      return reply;
    });
  /** Those who wait in this process hold no connection to the database. */
  const alone = async <T>({ userId, key }: KeyedRequest, work: (name: string) => Promise<T>): Promise<T> => {
    const name = `${userId} ${key}`;
    if (around.getStore() === name) throw new AppError('idempotency.key_reused');
    const deadline = Date.now() + waitMs;
    for (let first = atWork.get(name); first !== undefined; first = atWork.get(name))
      if (!(await endsBefore(first, deadline))) throw inProgress();
    const running = work(name);
    atWork.set(name, running);
    try {
      return await running;
    } finally {
      atWork.delete(name);
    }
  };
  return {
    run: (request, work) =>
      alone(request, (name) => once(request, () => around.run(around.getStore() ?? name, work))),
    ofEffect: (request) => ({
      alone: (work) => alone(request, work),
      claim: async (tx) => {
        const kept = await tx.idempotency.claim(request.userId, request.key, waitMs);
        if (kept === null) throw inProgress();
        return kept === undefined ? undefined : openFor(envelope, request, kept).body;
      },
      keep: (tx, pointer) => keep(tx, envelope, request, { status: 200, body: pointer }),
    }),
  };
}

/** What is told while the first request with a key is still at work. */
export const inProgress = (): AppError => new AppError('idempotency.in_progress', { retryAfterSeconds: 2 });

async function endsBefore(work: Promise<unknown>, deadline: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.max(0, deadline - Date.now()));
  });
  try {
    return await Promise.race([
      late,
      work.then(
        () => true,
        () => true,
      ),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

const placeOf = (request: KeyedRequest, id: string): SealedPlace => ({
  kind: 'idempotency',
  id,
  owner: request.userId,
  field: 'answer',
});

async function keep(tx: Transaction, envelope: Envelope, request: KeyedRequest, reply: Reply): Promise<void> {
  const id = uuidv7();
  const { status, headers = {}, body = null } = reply;
  const { keyId, ...sealed } = envelope.seal(JSON.stringify({ headers, body }), placeOf(request, id));
  const { operation, fingerprint } = request;
  const answer = { id, operation, fingerprint, status, encryptionKeyId: keyId, ...sealed };
  await tx.idempotency.keep(request.userId, request.key, answer, KEPT_SECONDS);
}

function replay(envelope: Envelope, request: KeyedRequest, kept: KeptAnswer): Reply {
  const { headers, body } = openFor(envelope, request, kept);
  return {
    status: kept.status,
    headers: { ...headers, ...REPLAYED },
    ...(body === null ? {} : { body }),
  };
}

/** Says that an answer has been given before. */
export const REPLAYED = { 'Idempotency-Replayed': 'true' };

/** Opens what is kept, for the very request that it was kept of. */
function openFor(envelope: Envelope, request: KeyedRequest, kept: KeptAnswer) {
  if (kept.operation !== request.operation || !kept.fingerprint.equals(request.fingerprint))
    throw new AppError('idempotency.key_reused');
  return open(envelope, request, kept);
}

function open(envelope: Envelope, request: KeyedRequest, kept: KeptAnswer) {
  const { encryptionKeyId: keyId, wrappedKey, ciphertext } = kept;
  try {
    const text = envelope.open({ keyId, wrappedKey, ciphertext }, placeOf(request, kept.id));
    return JSON.parse(text) as { readonly headers: NonNullable<Reply['headers']>; readonly body: unknown };
  } catch (cause) {
    throw new AppError('idempotency.answer_lost', { cause });
  }
}

const WELL_FORMED = /^[\x21-\x7e]{1,255}$/;

/**
 * Reads the header: a string of structured fields (RFC 8941) or, as most clients send it, the bare characters.
 *
 * @throws AppError request.invalid for anything but 1 to 255 visible ASCII characters
 */
export function readIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const key = /^"(.*)"$/.exec(header.trim())?.[1] ?? header.trim();
  if (WELL_FORMED.test(key)) return key;
  throw new AppError('request.invalid', {
    errors: [
      {
        pointer: '/headers/idempotency-key',
        code: 'string.pattern.base',
        message: 'must be 1 to 255 visible ASCII characters',
      },
    ],
  });
}

/** SHA-256 over address, query and body; the order of fields in JSON makes no difference. */
export function fingerprintOf(req: Pick<Request, 'method' | 'originalUrl'>, body: ReadBody): Buffer {
  const file = body.file && {
    name: body.file.name,
    type: body.file.declaredType,
    sha256: createHash('sha256').update(body.file.bytes).digest('hex'),
  };
  const asked = [req.method, req.originalUrl, body.isJson, inOrder(body.value), file ?? null];
  return createHash('sha256').update(JSON.stringify(asked)).digest();
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, item]) => [name, inOrder(item)]);
}
