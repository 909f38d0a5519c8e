import type { Knex } from 'knex';
import type { Credential, Provider } from '#shared/credentials/credential.ts';
import type { Sealed } from '#shared/crypto/envelope.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { throwTranslated } from '../database-errors.ts';
import { toPage } from '../page.ts';
import type { Page, PageRequest } from '../page.ts';
import { fromRow, toRow } from '../rows.ts';
import type { Row } from '../rows.ts';

const COLUMNS = [
  'id',
  'user_id',
  'provider',
  'label',
  'base_url',
  'last_four',
  'key_id',
  'version',
  'state',
  'created_at',
  'updated_at',
  'rotated_at',
];
const SEALED_COLUMNS = [...COLUMNS, 'wrapped_key', 'ciphertext'];

/** A credential with its encrypted secret. */
export type SealedCredential = Credential & Sealed;
export type NewCredential = Pick<
  Credential,
  'id' | 'userId' | 'provider' | 'label' | 'baseUrl' | 'lastFour'
> &
  Sealed;

export interface CredentialReader {
  find(userId: string, id: string): Promise<Credential | undefined>;
  /** Newest first. */
  list(userId: string, page: PageRequest): Promise<Page<Credential>>;
  /** The user's newest credential of a provider, with its secret. */
  findSealed(userId: string, provider: Provider): Promise<SealedCredential | undefined>;
  /** Credentials of all users in the order of their ids, for the operator's commands. */
  sealedAfter(after: string | null, limit: number): Promise<SealedCredential[]>;
  /** Ids of the keys that credentials and secrets of webhooks are encrypted with, and how many each. */
  keyUses(): Promise<{ keyId: string; count: number }[]>;
}

export interface CredentialWriter {
  /** Makes others that add a credential for this user wait, and counts those there are. */
  lockAndCount(userId: string): Promise<number>;
  /** @throws AppError credential.label_taken */
  insert(credential: NewCredential): Promise<Credential>;
  /** @throws AppError credential.not_found, credential.label_taken, precondition.failed */
  rename(userId: string, id: string, label: string, expectedVersion: number | null): Promise<Credential>;
  /** Replaces the secret. @throws AppError credential.not_found */
  rotate(userId: string, id: string, sealed: Sealed & { readonly lastFour: string }): Promise<Credential>;
  /** @throws AppError credential.not_found, precondition.failed */
  remove(userId: string, id: string, expectedVersion: number | null): Promise<void>;
  /** Credentials that are not under `keyId`, locked; rows that somebody else holds are left for the next call. */
  lockForRewrap(keyId: string, after: string | null, limit: number): Promise<SealedCredential[]>;
  /** Stores the data key under another key-encryption key; clients see no new version. */
  rewrap(id: string, sealed: Sealed): Promise<void>;
}

export function credentialReader(connection: Knex): CredentialReader {
  const table = () => connection('integration_credentials');
  return {
    find: async (userId, id) => {
      const row = await table().where({ id, user_id: userId }).first<Row | undefined>(COLUMNS);
      return row && fromRow<Credential>(row);
    },
    list: async (userId, { limit, after }) => {
      const query = table().where('user_id', userId).orderBy('id', 'desc');
      if (after !== null) void query.where('id', '<', after);
      const rows = await query.limit(limit + 1).select<Row[]>(COLUMNS);
      return toPage(
        rows.map((row) => fromRow<Credential>(row)),
        limit,
      );
    },
    findSealed: async (userId, provider) => {
      const row = await table()
        .where({ user_id: userId, provider })
        .orderBy('id', 'desc')
        .first<Row | undefined>(SEALED_COLUMNS);
      return row && fromRow<SealedCredential>(row);
    },
    sealedAfter: async (after, limit) => {
      const query = table().orderBy('id').limit(limit);
      if (after !== null) void query.where('id', '>', after);
      const rows = await query.select<Row[]>(SEALED_COLUMNS);
      return rows.map((row) => fromRow<SealedCredential>(row));
    },
    keyUses: async () => {
      const { rows } = await connection.raw<{ rows: Row[] }>(
        `select key_id, count(*) as count from
           (select key_id from integration_credentials union all select key_id from webhook_secrets) used
         group by key_id order by key_id`,
      );
      return rows.map((row) => fromRow<{ keyId: string; count: number }>(row));
    },
  };
}

export function credentialWriter(trx: Knex.Transaction): CredentialWriter {
  const owned = (userId: string, id: string) => trx('integration_credentials').where({ id, user_id: userId });
  const change = async (userId: string, id: string, row: Row, expectedVersion: number | null) => {
    const query = owned(userId, id);
    if (expectedVersion !== null) void query.where('version', expectedVersion);
    const rows = (await query
      .update({
        ...row,
        version: trx.raw('version + 1'),
        state: trx.raw('state + 1'),
        updated_at: trx.fn.now(),
      })
      .returning(COLUMNS)
      .catch((error: unknown) => throwTranslated(error, TAKEN))) as Row[];
    return rows[0] ? fromRow<Credential>(rows[0]) : missing(userId, id);
  };
  const missing = async (userId: string, id: string): Promise<never> => {
    const exists = (await owned(userId, id).first('id')) as unknown;
    throw new AppError(exists ? 'precondition.failed' : 'credential.not_found');
  };
  return {
    lockAndCount: async (userId) => {
      await trx('users').where('id', userId).forNoKeyUpdate().first('id');
      const [row] = (await trx('integration_credentials').where('user_id', userId).count('* as count')) as [
        { count: number },
      ];
      return row.count;
    },
    insert: async (credential) => {
      const rows = (await trx('integration_credentials')
        .insert(toRow(credential))
        .returning(COLUMNS)
        .catch((error: unknown) => throwTranslated(error, TAKEN))) as [Row];
      return fromRow<Credential>(rows[0]);
    },
    rename: (userId, id, label, expectedVersion) => change(userId, id, { label }, expectedVersion),
    rotate: (userId, id, sealed) => change(userId, id, { ...toRow(sealed), rotated_at: trx.fn.now() }, null),
    remove: async (userId, id, expectedVersion) => {
      const query = owned(userId, id);
      if (expectedVersion !== null) void query.where('version', expectedVersion);
      if ((await query.delete()) === 0) await missing(userId, id);
    },
    lockForRewrap: async (keyId, after, limit) => {
      const query = trx('integration_credentials').whereNot('key_id', keyId).orderBy('id').limit(limit);
      if (after !== null) void query.where('id', '>', after);
      const rows = await query.forUpdate().skipLocked().select<Row[]>(SEALED_COLUMNS);
      return rows.map((row) => fromRow<SealedCredential>(row));
    },
    rewrap: async (id, { keyId, wrappedKey }) => {
      await trx('integration_credentials')
        .where('id', id)
        .update({ key_id: keyId, wrapped_key: wrappedKey, state: trx.raw('state + 1') });
    },
  };
}

const TAKEN = { integration_credentials_label_key: 'credential.label_taken' } as const;
