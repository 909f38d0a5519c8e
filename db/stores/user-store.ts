import type { Knex } from 'knex';
import { AppError } from '#shared/errors/app-error.ts';
import type { Role, User } from '#shared/domain/types.ts';
import { throwTranslated } from '../database-errors.ts';
import { fromRow, toRow } from '../rows.ts';
import type { Row } from '../rows.ts';

export const USER_COLUMNS = [
  'users.id',
  'users.username',
  'users.email',
  'users.role',
  'users.version',
  'users.state',
  'users.created_at',
  'users.updated_at',
];

/** A user with the hash of the password, which is read for logging in and nowhere else. */
export interface Credentials {
  readonly user: User;
  readonly passwordHash: string;
  /** Set when the account is closed: from then on it may be purged. */
  readonly purgeAfter: Date | null;
}

export type NewUser = Pick<User, 'id' | 'username' | 'email' | 'role'> & { readonly passwordHash: string };

/** What owners change about their account by themselves. */
export type UserChanges = Partial<Pick<User, 'username' | 'email'>>;

export interface UserReader {
  /** By user name or e-mail address, in any case. */
  findCredentials(login: string): Promise<Credentials | undefined>;
  findCredentialsById(userId: string): Promise<Credentials | undefined>;
}

export interface UserWriter {
  /** The account as it is now, which nobody else can change until the transaction ends. */
  lockCredentials(userId: string): Promise<Credentials | undefined>;
  /** @throws AppError user.username_taken, user.email_taken */
  insert(user: NewUser): Promise<User>;
  /**
   * Gives the user of this name or e-mail address a role.
   *
   * @throws AppError user.not_found
   */
  setRole(login: string, role: Role): Promise<User>;
  /**
   * Changes the account, if it still has `version` where one is given.
   *
   * @returns the account, or undefined when it is another version by now
   * @throws AppError user.username_taken, user.email_taken
   */
  update(userId: string, changes: UserChanges, version: number | null): Promise<User | undefined>;
  setPasswordHash(userId: string, passwordHash: string): Promise<void>;
}

const CREDENTIAL_COLUMNS = [...USER_COLUMNS, 'users.password_hash', 'users.purge_after'];

const TAKEN = { users_username_key: 'user.username_taken', users_email_key: 'user.email_taken' } as const;

/** User names hold no @, so what holds one is an e-mail address. */
const byLogin = (connection: Knex, login: string) =>
  connection('users')
    .where({ deleted_at: null, is_system: false })
    .whereRaw(login.includes('@') ? 'lower(email) = lower(?)' : 'lower(username) = lower(?)', [login]);

const byId = (connection: Knex, userId: string) =>
  connection('users').where('id', userId).whereNull('deleted_at');

const edited = (trx: Knex.Transaction) => ({
  version: trx.raw('version + 1'),
  state: trx.raw('state + 1'),
  updated_at: trx.fn.now(),
});

export function userReader(connection: Knex): UserReader {
  return {
    findCredentials: async (login) => {
      const row = await byLogin(connection, login).first<Row | undefined>(CREDENTIAL_COLUMNS);
      return row && credentialsOf(row);
    },
    findCredentialsById: async (userId) => {
      const row = await byId(connection, userId).first<Row | undefined>(CREDENTIAL_COLUMNS);
      return row && credentialsOf(row);
    },
  };
}

function credentialsOf(row: Row): Credentials {
  const { passwordHash, purgeAfter, ...user } = fromRow<User & Omit<Credentials, 'user'>>(row);
  return { user, passwordHash, purgeAfter };
}

export function userWriter(trx: Knex.Transaction): UserWriter {
  return {
    lockCredentials: async (userId) => {
      // Not `for share`: two holders that both go on to change the account would wait for each other.
      const row = await byId(trx, userId).forNoKeyUpdate().first<Row | undefined>(CREDENTIAL_COLUMNS);
      return row && credentialsOf(row);
    },
    insert: async (user) => {
      const rows = (await trx('users')
        .insert(toRow(user))
        .returning(USER_COLUMNS)
        .catch((error: unknown) => throwTranslated(error, TAKEN))) as [Row];
      return fromRow<User>(rows[0]);
    },
    setRole: async (login, role) => {
      const rows = await byLogin(trx, login)
        .update({ role, ...edited(trx) })
        .returning<Row[]>(USER_COLUMNS);
      if (!rows[0]) throw new AppError('user.not_found');
      return fromRow<User>(rows[0]);
    },
    update: async (userId, changes, version) => {
      const query = byId(trx, userId);
      if (version !== null) void query.where('version', version);
      const rows = (await query
        .update({ ...toRow(changes), ...edited(trx) })
        .returning(USER_COLUMNS)
        .catch((error: unknown) => throwTranslated(error, TAKEN))) as Row[];
      return rows[0] && fromRow<User>(rows[0]);
    },
    setPasswordHash: async (userId, passwordHash) => {
      await trx('users')
        .where('id', userId)
        .update({ password_hash: passwordHash, state: trx.raw('state + 1'), updated_at: trx.fn.now() });
    },
  };
}
