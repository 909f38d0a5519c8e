import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { networkOf } from '#api/http/client-network.ts';
import type { Actor } from '#api/http/endpoint.ts';
import type { SessionIdentity } from '#api/http/request-context.ts';
import type { Database, Transaction } from '#db/database.ts';
import type { Page, PageRequest } from '#db/page.ts';
import type { LockedFamily, RevokedReason } from '#db/stores/session-store.ts';
import type { Config } from '#shared/config/config.ts';
import type { AccessTokens } from '#shared/crypto/access-tokens.ts';
import type { RefreshTokens } from '#shared/crypto/refresh-tokens.ts';
import type { Session, SessionFamily } from '#shared/domain/types.ts';
import { AppError } from '#shared/errors/app-error.ts';

/** What a client is given to keep a session by; lifetimes in seconds. */
export interface SessionTokens {
  readonly sessionId: string;
  readonly access: { readonly token: string; readonly ttlSeconds: number };
  readonly refresh: { readonly token: string; readonly ttlSeconds: number };
}

export interface SessionService {
  /** Begins a session in the transaction in which its user proved who they are; the caller's previous one ends. */
  begin(tx: Transaction, userId: string, actor: Actor, previousSessionId?: string): Promise<SessionTokens>;
  /** @throws AppError auth.required, auth.session_expired */
  readonly identify: (accessToken: string) => Promise<SessionIdentity>;
  /** Whether a session has not ended, and its user may still come in. */
  readonly isAlive: (session: SessionIdentity) => Promise<boolean>;
  /** The living session of a refresh token of any generation; undefined if there is none. */
  readonly family: (refreshToken: string) => Promise<string | undefined>;
  /**
   * Exchanges the refresh token for the next one. Who asks again within ten seconds is given the same next one, so tabs
   * may race; any older token ends the session, for two parties hold it and one of them is a thief.
   *
   * @throws AppError auth.session_expired
   */
  refresh(refreshToken: string, actor: Actor): Promise<SessionTokens>;
  list(userId: string, page: PageRequest): Promise<Page<Session>>;
  /** @throws AppError session.not_found */
  end(userId: string, sessionId: string, actor: Actor): Promise<void>;
  endAll(userId: string, actor: Actor): Promise<void>;
  /** Ends the session at once, on every instance. */
  logOut(sessionId: string, actor: Actor): Promise<void>;
}

export interface SessionServiceOptions {
  readonly database: Database;
  readonly accessTokens: AccessTokens;
  readonly refreshTokens: RefreshTokens;
  readonly config: Pick<Config['auth'], 'accessTtlSeconds' | 'sessionIdleSeconds' | 'sessionTtlSeconds'>;
}

/** For how long the token before the last is answered with its successor, in ms. */
const GRACE_MS = 10_000;

export function createSessionService(options: SessionServiceOptions): SessionService {
  const { database, accessTokens, refreshTokens, config } = options;
  const { read } = database;

  const tokensOf = async (family: SessionFamily, now: Date): Promise<SessionTokens> => {
    const left = Math.floor((family.expiresAt.getTime() - now.getTime()) / 1000);
    const ttlSeconds = Math.min(config.accessTtlSeconds, left);
    const token = await accessTokens.sign({
      userId: family.userId,
      sessionId: family.id,
      expiresAt: new Date(now.getTime() + ttlSeconds * 1000),
    });
    return {
      sessionId: family.id,
      access: { token, ttlSeconds },
      refresh: {
        token: refreshTokens.make(family, family.generation),
        ttlSeconds: Math.min(config.sessionIdleSeconds, left),
      },
    };
  };

  const idleExpiry = (now: Date): Date => new Date(now.getTime() + config.sessionIdleSeconds * 1000);

  const revoked = (tx: Transaction, userId: string, actor: Actor, details: Record<string, unknown>) =>
    tx.audit.record({ ...actor, userId, action: 'session.revoke', targetType: 'session', details });

  /** Sessions that a new one puts an end to; whoever had the old one is who did it. */
  const revokedBy = (
    tx: Transaction,
    { userId, id }: { readonly userId: string; readonly id: string },
    actor: Actor,
    reason: RevokedReason,
  ) => revoked(tx, userId, { ...actor, actorId: userId }, { session_id: id, reason });

  return {
    begin: async (tx, userId, actor, previousSessionId) => {
      if (previousSessionId !== undefined) {
        // Whoever logs in as somebody else leaves the first account's session behind as well.
        const previous = await tx.read.sessions.findFamily(previousSessionId);
        if (previous !== undefined && (await tx.sessions.revoke(previous.userId, previous.id, 'replaced')))
          await revokedBy(tx, previous, actor, 'replaced');
      }
      const now = new Date();
      const family = {
        id: uuidv7(),
        userId,
        salt: randomBytes(16),
        expiresAt: new Date(now.getTime() + config.sessionTtlSeconds * 1000),
      };
      const ended = await tx.sessions.insert({
        ...family,
        userAgent: actor.userAgent?.slice(0, 300) ?? null,
        network: networkOf(actor.address),
        idleExpiresAt: new Date(Math.min(idleExpiry(now).getTime(), family.expiresAt.getTime())),
      });
      for (const id of ended) await revokedBy(tx, { userId, id }, actor, 'too_many');
      return tokensOf({ ...family, generation: 0, rotatedAt: null }, now);
    },
    identify: async (accessToken) => {
      const { userId, sessionId } = await accessTokens.verify(accessToken);
      const found = await read.sessions.findIdentity(sessionId, userId);
      if (found === undefined) throw new AppError('auth.session_expired');
      return { ...found, sessionId };
    },
    isAlive: async ({ sessionId, user }) =>
      (await read.sessions.findIdentity(sessionId, user.id)) !== undefined,
    family: async (refreshToken) => {
      const claim = refreshTokens.parse(refreshToken);
      if (claim === undefined) return undefined;
      const family = await read.sessions.findFamily(claim.sessionId);
      return family !== undefined && refreshTokens.isOurs(claim, family.salt) ? family.id : undefined;
    },
    refresh: async (refreshToken, actor) => {
      const claim = refreshTokens.parse(refreshToken);
      const tokens = await database.transaction(async (tx) => {
        const family = claim && (await tx.sessions.lockFamily(claim.sessionId));
        if (claim === undefined || family === undefined || !refreshTokens.isOurs(claim, family.salt))
          return undefined;
        switch (judge(claim.generation, family)) {
          case 'rotate':
            await tx.sessions.rotate(family.id, idleExpiry(family.now));
            return tokensOf({ ...family, generation: family.generation + 1 }, family.now);
          case 'repeat':
            return tokensOf(family, family.now);
          case 'reused': {
            await tx.sessions.revoke(family.userId, family.id, 'token_reused');
            const details = { generation: claim.generation, current: family.generation };
            await tx.audit.record({
              ...actor,
              userId: family.userId,
              actorId: null,
              action: 'session.token_reused',
              targetType: 'session',
              targetId: family.id,
              details,
            });
            return undefined;
          }
          case 'unknown':
            return undefined;
        }
      });
      // Not within the transaction: the end of a family has to stay.
      if (tokens === undefined) throw new AppError('auth.session_expired');
      return tokens;
    },
    list: (userId, page) => read.sessions.list(userId, page),
    end: (userId, sessionId, actor) =>
      database.transaction(async (tx) => {
        if (!(await tx.sessions.revoke(userId, sessionId, 'ended_by_owner')))
          throw new AppError('session.not_found');
        await revoked(tx, userId, actor, { session_id: sessionId });
      }),
    endAll: (userId, actor) =>
      database.transaction(async (tx) => {
        const count = await tx.sessions.revokeAll(userId, 'ended_by_owner');
        await revoked(tx, userId, actor, { count });
      }),
    logOut: (sessionId, actor) =>
      database.transaction(async (tx) => {
        const family = await tx.read.sessions.findFamily(sessionId);
        if (family === undefined) return;
        await tx.sessions.revoke(family.userId, sessionId, 'logged_out');
        const { userId } = family;
        await tx.audit.record({
          ...actor,
          userId,
          actorId: userId,
          action: 'auth.logout',
          targetType: 'session',
          targetId: sessionId,
        });
      }),
  };
}

/** What a genuine token of this generation is worth. */
function judge(
  generation: number,
  { generation: current, rotatedAt, now }: LockedFamily,
): 'rotate' | 'repeat' | 'reused' | 'unknown' {
  if (generation === current) return 'rotate';
  // Newer than the newest: the database was restored from a backup. Nobody has done wrong.
  if (generation > current) return 'unknown';
  const age = rotatedAt === null ? Infinity : now.getTime() - rotatedAt.getTime();
  return generation === current - 1 && age <= GRACE_MS ? 'repeat' : 'reused';
}
