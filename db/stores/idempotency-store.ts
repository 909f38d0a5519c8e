import type { Knex } from 'knex';
import { fromRow, toRow } from '../rows.ts';
import type { Row } from '../rows.ts';

/** The answer to a request that came with an Idempotency-Key, as it is kept. */
export interface KeptAnswer {
  /** What the sealed answer is bound to. */
  readonly id: string;
  readonly operation: string;
  /** SHA-256 over what was asked. */
  readonly fingerprint: Buffer;
  readonly status: number;
  readonly encryptionKeyId: string;
  readonly wrappedKey: Buffer;
  readonly ciphertext: Buffer;
}

export interface IdempotencyWriter {
  /**
   * Takes the key for this transaction. Whoever comes second waits until the first has ended: if it was committed, its
   * answer is returned; if it was rolled back, the key is the caller's.
   *
   * @param waitMs longest wait for another transaction with the same key
   * @returns the answer that was given before; undefined when the key is free and now the caller's; null when another
   *   request with the key is still at work
   */
  claim(userId: string, key: string, waitMs: number): Promise<KeptAnswer | undefined | null>;
  /** Keeps the answer under a key that this transaction has claimed. */
  keep(userId: string, key: string, answer: KeptAnswer, ttlSeconds: number): Promise<void>;
}

const COLUMNS = [
  'id',
  'operation',
  'fingerprint',
  'status',
  'encryption_key_id',
  'wrapped_key',
  'ciphertext',
];

export function idempotencyWriter(trx: Knex.Transaction): IdempotencyWriter {
  return {
    claim: async (userId, key, waitMs) => {
      if (!(await lockKey(trx, userId, key, waitMs))) return null;
      const row = await trx('idempotency_keys')
        .where({ user_id: userId, key })
        .where('expires_at', '>', trx.fn.now())
        .first<Row | undefined>(COLUMNS);
      return row && fromRow<KeptAnswer>(row);
    },
    keep: async (userId, key, answer, ttlSeconds) => {
      await trx('idempotency_keys')
        .insert({
          ...toRow({ userId, key, ...answer }),
          expires_at: trx.raw(`now() + ? * interval '1 second'`, [ttlSeconds]),
        })
        .onConflict(['user_id', 'key'])
        .merge();
    },
  };
}

/** An advisory lock ends with the transaction, whatever becomes of its process: nothing of a crash is left to clean up. */
async function lockKey(trx: Knex.Transaction, userId: string, key: string, waitMs: number): Promise<boolean> {
  const before = await trx.raw<{ rows: [{ timeout: string }] }>(
    `select current_setting('lock_timeout') as timeout, set_config('lock_timeout', ?, true)`,
    [`${waitMs}ms`],
  );
  try {
    // A failed statement ends its savepoint only.
    await trx.transaction((inner) =>
      inner.raw(
        `select pg_advisory_xact_lock(hashtextextended('idempotency ' || ?::text || ' ' || ?::text, 0))`,
        [userId, key],
      ),
    );
  } catch (error) {
    if ((error as { code?: string }).code === '55P03') return false;
    throw error;
  }
  await trx.raw(`select set_config('lock_timeout', ?, true)`, [before.rows[0].timeout]);
  return true;
}
