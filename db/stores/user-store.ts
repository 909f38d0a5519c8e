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
}

export type NewUser = Pick<User, 'id' | 'username' | 'email' | 'role'> & { readonly passwordHash: string };

export interface UserReader {
  /** By user name or e-mail address, in any case. */
  findCredentials(login: string): Promise<Credentials | undefined>;
}

export interface UserWriter {
  /** @throws AppError user.username_taken, user.email_taken */
  insert(user: NewUser): Promise<User>;
  /**
   * Gives the user of this name or e-mail address a role.
   *
   * @throws AppError user.not_found
   */
  setRole(login: string, role: Role): Promise<User>;
}

const TAKEN = { users_username_key: 'user.username_taken', users_email_key: 'user.email_taken' } as const;

/** User names hold no @, so what holds one is an e-mail address. */
const byLogin = (connection: Knex, login: string) =>
  connection('users')
    .whereNull('deleted_at')
    .whereRaw(login.includes('@') ? 'lower(email) = lower(?)' : 'lower(username) = lower(?)', [login]);

export function userReader(connection: Knex): UserReader {
  return {
    findCredentials: async (login) => {
      const row = await byLogin(connection, login).first<Row | undefined>([...USER_COLUMNS, 'password_hash']);
      if (row === undefined) return undefined;
      const { password_hash: passwordHash, ...user } = row;
      return { user: fromRow<User>(user), passwordHash: passwordHash as string };
    },
  };
}

export function userWriter(trx: Knex.Transaction): UserWriter {
  return {
    insert: async (user) => {
      const rows = (await trx('users')
        .insert(toRow(user))
        .returning(USER_COLUMNS)
        .catch((error: unknown) => throwTranslated(error, TAKEN))) as [Row];
      return fromRow<User>(rows[0]);
    },
    setRole: async (login, role) => {
      const rows = await byLogin(trx, login)
        .update({
          role,
          version: trx.raw('version + 1'),
          state: trx.raw('state + 1'),
          updated_at: trx.fn.now(),
        })
        .returning<Row[]>(USER_COLUMNS);
      if (!rows[0]) throw new AppError('user.not_found');
      return fromRow<User>(rows[0]);
    },
  };
}
