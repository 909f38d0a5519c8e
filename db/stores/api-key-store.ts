import type { Knex } from 'knex';
import type { Scope } from '#shared/domain/scopes.ts';
import type { User } from '#shared/domain/types.ts';
import { toPage } from '../page.ts';
import type { Page, PageRequest } from '../page.ts';
import { fromRow, toRow } from '../rows.ts';
import type { Row } from '../rows.ts';
import { USER_COLUMNS } from './user-store.ts';

/** What is known of a key; its secret is not. */
export interface ApiKey {
  readonly id: string;
  readonly userId: string;
  readonly label: string;
  /** `dk_` and eight characters: what people tell keys apart by. */
  readonly prefix: string;
  readonly scopes: readonly Scope[];
  /** Raw Ed25519 key, 32 bytes; null for a key that cannot sign. */
  readonly publicKey: Buffer | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

export type NewApiKey = Pick<
  ApiKey,
  'id' | 'userId' | 'label' | 'prefix' | 'scopes' | 'publicKey' | 'expiresAt'
> & {
  /** SHA-256 of the whole key. */
  readonly secretHash: Buffer;
};

export interface ApiKeyReader {
  /** A key, revoked and expired ones too, with what its secret hashes to and the user it stands for. */
  findByPrefix(prefix: string): Promise<{ key: ApiKey; secretHash: Buffer; user: User } | undefined>;
  /** Whether a key of the user is neither revoked nor expired. */
  isAlive(userId: string, id: string): Promise<boolean>;
  /** The user's keys, newest first, without the revoked ones. */
  list(userId: string, page: PageRequest): Promise<Page<ApiKey>>;
}

export interface ApiKeyWriter {
  /** @returns undefined where the account has `most` living keys already */
  insert(key: NewApiKey, most: number): Promise<ApiKey | undefined>;
  /** Ends a key at once; undefined where the user has no such living key. */
  revoke(userId: string, id: string): Promise<ApiKey | undefined>;
  /** Notes that a key is in use, unless that was noted within the minute or somebody else is just doing it. */
  touch(id: string): Promise<void>;
  /**
   * Uses a nonce up; those of the key that have expired are removed on the way.
   *
   * @returns false for one that has been used before
   */
  useNonce(nonce: { apiKeyId: string; userId: string; nonce: string; expiresAt: Date }): Promise<boolean>;
}

const COLUMNS = [
  'id',
  'user_id',
  'label',
  'prefix',
  'scopes',
  'public_key',
  'created_at',
  'expires_at',
  'last_used_at',
  'revoked_at',
];

export function apiKeyReader(connection: Knex): ApiKeyReader {
  return {
    findByPrefix: async (prefix) => {
      const row = await connection('api_keys')
        .where({ prefix })
        .first<Row | undefined>([...COLUMNS, 'secret_hash']);
      if (row === undefined) return undefined;
      const { secretHash, ...key } = fromRow<ApiKey & { secretHash: Buffer }>(row);
      const owner = await connection('users')
        .where('users.id', key.userId)
        .whereNull('users.deleted_at')
        .whereNull('users.purge_after')
        .first<Row | undefined>(USER_COLUMNS);
      return owner && { key, secretHash, user: fromRow<User>(owner) };
    },
    isAlive: async (userId, id) => {
      const row = await connection('api_keys')
        .where({ id, user_id: userId })
        .whereNull('revoked_at')
        .where('expires_at', '>', connection.fn.now())
        .first<Row | undefined>('id');
      return row !== undefined;
    },
    list: async (userId, { limit, after }) => {
      const query = connection('api_keys')
        .where('user_id', userId)
        .whereNull('revoked_at')
        .orderBy('id', 'desc')
        .limit(limit + 1);
      if (after !== null) void query.where('id', '<', after);
      const rows = await query.select<Row[]>(COLUMNS);
      return toPage(
        rows.map((row) => fromRow<ApiKey>(row)),
        limit,
      );
    },
  };
}

export function apiKeyWriter(trx: Knex.Transaction): ApiKeyWriter {
  return {
    insert: async (key, most) => {
      // Two that are made at the same moment must not both be the last one.
      await trx('users').where('id', key.userId).forNoKeyUpdate().first('id');
      const [count] = await trx('api_keys')
        .where('user_id', key.userId)
        .whereNull('revoked_at')
        .where('expires_at', '>', trx.fn.now())
        .count<{ count: number }[]>();
      if (count !== undefined && count.count >= most) return undefined;
      const [row] = (await trx('api_keys').insert(toRow(key)).returning(COLUMNS)) as [Row];
      return fromRow<ApiKey>(row);
    },
    revoke: async (userId, id) => {
      const [row] = await trx('api_keys')
        .where({ id, user_id: userId })
        .whereNull('revoked_at')
        .update({ revoked_at: trx.fn.now() })
        .returning<Row[]>(COLUMNS);
      return row && fromRow<ApiKey>(row);
    },
    touch: async (id) => {
      const stale = trx('api_keys')
        .where({ id })
        .whereRaw("(last_used_at is null or last_used_at < now() - interval '1 minute')")
        .forNoKeyUpdate()
        .skipLocked()
        .select('id');
      await trx('api_keys').whereIn('id', stale).update({ last_used_at: trx.fn.now() });
    },
    useNonce: async (nonce) => {
      await trx('signature_nonces')
        .where('api_key_id', nonce.apiKeyId)
        .where('expires_at', '<', trx.fn.now())
        .delete();
      const rows = (await trx('signature_nonces')
        .insert(toRow(nonce))
        .onConflict(['api_key_id', 'nonce'])
        .ignore()
        .returning('nonce')) as unknown[];
      return rows.length === 1;
    },
  };
}
