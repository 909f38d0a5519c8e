import type { Knex } from 'knex';
import type { Session, User } from '#shared/domain/types.ts';
import { fromRow, toRow } from '../rows.ts';
import type { Row } from '../rows.ts';
import { USER_COLUMNS } from './user-store.ts';

export type NewSession = Pick<Session, 'id' | 'userId' | 'expiresAt'> & { readonly userAgent: string | null };

export interface SessionReader {
  /** The user of a session that is neither revoked nor over; the one look-up of every authenticated request. */
  findUser(sessionId: string, userId: string): Promise<User | undefined>;
}

export interface SessionWriter {
  insert(session: NewSession): Promise<void>;
  /** Ends a session at once; one that has ended stays as it is. */
  revoke(sessionId: string): Promise<void>;
}

export function sessionReader(connection: Knex): SessionReader {
  return {
    findUser: async (sessionId, userId) => {
      const row = await connection('sessions')
        .join('users', 'users.id', 'sessions.user_id')
        .where({ 'sessions.id': sessionId, 'sessions.user_id': userId })
        .whereNull('sessions.revoked_at')
        .where('sessions.expires_at', '>', connection.fn.now())
        .whereNull('users.deleted_at')
        .first<Row | undefined>(USER_COLUMNS);
      return row && fromRow<User>(row);
    },
  };
}

export function sessionWriter(trx: Knex.Transaction): SessionWriter {
  return {
    insert: async (session) => {
      await trx('sessions').insert(toRow(session));
    },
    revoke: async (sessionId) => {
      await trx('sessions')
        .where('id', sessionId)
        .whereNull('revoked_at')
        .update({ revoked_at: trx.fn.now() });
    },
  };
}
