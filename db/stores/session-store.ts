import type { Knex } from 'knex';
import type { Session, SessionFamily, User } from '#shared/domain/types.ts';
import { toPage } from '../page.ts';
import type { Page, PageRequest } from '../page.ts';
import { fromRow, toRow } from '../rows.ts';
import type { Row } from '../rows.ts';
import { USER_COLUMNS } from './user-store.ts';

export type NewSession = Pick<
  Session,
  'id' | 'userId' | 'userAgent' | 'network' | 'idleExpiresAt' | 'expiresAt'
> &
  Pick<SessionFamily, 'salt'>;

/** Why a session ended before its time. */
export type RevokedReason =
  | 'logged_out'
  | 'replaced'
  | 'ended_by_owner'
  | 'token_reused'
  | 'password_changed'
  | 'too_many'
  // By the restore of a backup, whichever they were.
  | 'restored';

export interface SessionIdentity {
  readonly user: User;
  readonly reauthenticatedAt: Date;
}

/** A family and the time by the one clock that all instances share. */
export interface LockedFamily extends SessionFamily {
  /** When the transaction began, so waiting for the lock does not count. */
  readonly now: Date;
}

export interface SessionReader {
  /** Who is behind a living session; the one look-up of every authenticated request. */
  findIdentity(sessionId: string, userId: string): Promise<SessionIdentity | undefined>;
  /** A living session as a family of refresh tokens. */
  findFamily(sessionId: string): Promise<SessionFamily | undefined>;
  /** Living sessions of a user, newest first. */
  list(userId: string, page: PageRequest): Promise<Page<Session>>;
}

export interface SessionWriter {
  /**
   * Also forgets sessions of the user that ended long ago, and ends the oldest if there are too many.
   *
   * @returns the ids of those it ended
   */
  insert(session: NewSession): Promise<string[]>;
  /** A living session, held against every other rotation until the transaction ends. */
  lockFamily(sessionId: string): Promise<LockedFamily | undefined>;
  /** Makes the next generation the good one. */
  rotate(sessionId: string, idleExpiresAt: Date): Promise<void>;
  setReauthenticated(sessionId: string): Promise<void>;
  /** Ends a session at once. @returns whether the user had such a one, and it was alive */
  revoke(userId: string, sessionId: string, reason: RevokedReason): Promise<boolean>;
  /** Ends all sessions of a user, but for one if it is named. @returns how many there were */
  revokeAll(userId: string, reason: RevokedReason, except?: string): Promise<number>;
}

const COLUMNS = [
  'id',
  'user_id',
  'user_agent',
  'network',
  'created_at',
  'rotated_at',
  'reauthenticated_at',
  'idle_expires_at',
  'expires_at',
];
const FAMILY_COLUMNS = [
  'sessions.id',
  'sessions.user_id',
  'sessions.salt',
  'sessions.generation',
  'sessions.rotated_at',
  'sessions.expires_at',
];

/** Logins one account may have at the same time. */
const MOST_SESSIONS = 100;

const living = (connection: Knex) =>
  connection('sessions')
    .whereNull('sessions.revoked_at')
    .where('sessions.expires_at', '>', connection.fn.now())
    .where('sessions.idle_expires_at', '>', connection.fn.now());

export function sessionReader(connection: Knex): SessionReader {
  return {
    findIdentity: async (sessionId, userId) => {
      const row = await living(connection)
        .join('users', 'users.id', 'sessions.user_id')
        .where({ 'sessions.id': sessionId, 'sessions.user_id': userId })
        .whereNull('users.deleted_at')
        .whereNull('users.purge_after')
        .first<Row | undefined>([...USER_COLUMNS, 'sessions.reauthenticated_at']);
      if (row === undefined) return undefined;
      const { reauthenticated_at: reauthenticatedAt, ...user } = row;
      return { user: fromRow<User>(user), reauthenticatedAt: reauthenticatedAt as Date };
    },
    findFamily: async (sessionId) => {
      const row = await living(connection)
        .where('sessions.id', sessionId)
        .first<Row | undefined>(FAMILY_COLUMNS);
      return row && fromRow<SessionFamily>(row);
    },
    list: async (userId, { limit, after }) => {
      const query = living(connection)
        .where('user_id', userId)
        .orderBy('id', 'desc')
        .limit(limit + 1);
      if (after !== null) void query.where('id', '<', after);
      const rows = await query.select<Row[]>(COLUMNS);
      return toPage(
        rows.map((row) => fromRow<Session>(row)),
        limit,
      );
    },
  };
}

export function sessionWriter(trx: Knex.Transaction): SessionWriter {
  const revoked = (reason: RevokedReason) => ({ revoked_at: trx.fn.now(), revoked_reason: reason });
  return {
    insert: async (session) => {
      await trx('sessions')
        .where('user_id', session.userId)
        .whereRaw("expires_at < now() - interval '30 days'")
        .delete();
      await trx('sessions').insert(toRow(session));
      const kept = living(trx)
        .where('user_id', session.userId)
        .orderBy('id', 'desc')
        .limit(MOST_SESSIONS)
        .select('id');
      const ended = await living(trx)
        .where('user_id', session.userId)
        .whereNotIn('id', kept)
        .update(revoked('too_many'))
        .returning<{ id: string }[]>('id');
      return ended.map(({ id }) => id);
    },
    lockFamily: async (sessionId) => {
      const row = await living(trx)
        .join('users', 'users.id', 'sessions.user_id')
        .where('sessions.id', sessionId)
        .whereNull('users.deleted_at')
        .forUpdate('sessions')
        .first<Row | undefined>([...FAMILY_COLUMNS, trx.raw('now() as now')]);
      return row && fromRow<LockedFamily>(row);
    },
    rotate: async (sessionId, idleExpiresAt) => {
      await trx('sessions')
        .where('id', sessionId)
        .update({
          generation: trx.raw('generation + 1'),
          rotated_at: trx.fn.now(),
          idle_expires_at: trx.raw('least(?::timestamptz, expires_at)', [idleExpiresAt]),
        });
    },
    setReauthenticated: async (sessionId) => {
      await trx('sessions').where('id', sessionId).update({ reauthenticated_at: trx.fn.now() });
    },
    revoke: async (userId, sessionId, reason) => {
      const count = await living(trx).where({ id: sessionId, user_id: userId }).update(revoked(reason));
      return count > 0;
    },
    revokeAll: async (userId, reason, except) => {
      const query = living(trx).where('user_id', userId);
      if (except !== undefined) void query.whereNot('id', except);
      return query.update(revoked(reason));
    },
  };
}
