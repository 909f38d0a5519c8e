import type { Knex } from 'knex';
import { SECRET_OVERLAP_HOURS } from '#shared/credentials/webhook-secret.ts';
import type { WebhookSecret } from '#shared/credentials/webhook-secret.ts';
import type { Sealed } from '#shared/crypto/envelope.ts';
import { fromRow, toRow } from '../rows.ts';
import type { Row } from '../rows.ts';

const COLUMNS = ['id', 'user_id', 'created_at', 'expires_at'];
const SEALED_COLUMNS = [...COLUMNS, 'key_id', 'wrapped_key', 'ciphertext'];

export type SealedWebhookSecret = WebhookSecret & Sealed;

export interface WebhookSecretReader {
  /** Those that sign now, the current one first. */
  active(userId: string): Promise<SealedWebhookSecret[]>;
  /** Secrets of all users in the order of their ids, for the operator's commands. */
  sealedAfter(after: string | null, limit: number): Promise<SealedWebhookSecret[]>;
}

export interface WebhookSecretWriter {
  /** Stores a new current secret; the one before it goes on signing for a while, those before that no more. */
  replace(secret: Pick<WebhookSecret, 'id' | 'userId'> & Sealed): Promise<WebhookSecret>;
  /** Secrets that are not under `keyId`, locked; rows that somebody else holds are left for the next call. */
  lockForRewrap(keyId: string, after: string | null, limit: number): Promise<SealedWebhookSecret[]>;
  /** Stores the data key under another key-encryption key. */
  rewrap(id: string, sealed: Sealed): Promise<void>;
}

export const webhookSecretReader = (connection: Knex): WebhookSecretReader => ({
  active: async (userId) => {
    const rows = await connection('webhook_secrets')
      .where('user_id', userId)
      .whereRaw('(expires_at is null or expires_at > now())')
      .orderBy('id', 'desc')
      .select<Row[]>(SEALED_COLUMNS);
    return rows.map((row) => fromRow<SealedWebhookSecret>(row));
  },
  sealedAfter: async (after, limit) => {
    const query = connection('webhook_secrets').orderBy('id').limit(limit);
    if (after !== null) void query.where('id', '>', after);
    const rows = await query.select<Row[]>(SEALED_COLUMNS);
    return rows.map((row) => fromRow<SealedWebhookSecret>(row));
  },
});

export const webhookSecretWriter = (trx: Knex.Transaction): WebhookSecretWriter => ({
  replace: async (secret) => {
    const { userId } = secret;
    // Whoever else replaces it at this moment waits, and then replaces this one.
    await trx('users').where('id', userId).forNoKeyUpdate().first('id');
    await trx('webhook_secrets').where('user_id', userId).whereNotNull('expires_at').delete();
    await trx('webhook_secrets')
      .where('user_id', userId)
      .update({ expires_at: trx.raw(`now() + ? * interval '1 hour'`, [SECRET_OVERLAP_HOURS]) });
    const rows = await trx('webhook_secrets').insert(toRow(secret)).returning<Row[]>(COLUMNS);
    return fromRow<WebhookSecret>(rows[0] ?? {});
  },
  lockForRewrap: async (keyId, after, limit) => {
    const query = trx('webhook_secrets').whereNot('key_id', keyId).orderBy('id').limit(limit);
    if (after !== null) void query.where('id', '>', after);
    const rows = await query.forUpdate().skipLocked().select<Row[]>(SEALED_COLUMNS);
    return rows.map((row) => fromRow<SealedWebhookSecret>(row));
  },
  rewrap: async (id, { keyId, wrappedKey }) => {
    await trx('webhook_secrets').where('id', id).update({ key_id: keyId, wrapped_key: wrappedKey });
  },
});
