import { v7 as uuidv7 } from 'uuid';
import type { Database, Transaction } from '#db/database.ts';
import type { AccessTokens } from '#shared/crypto/access-tokens.ts';
import type { Passwords } from '#shared/crypto/passwords.ts';
import type { User } from '#shared/domain/types.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Account } from './account-rules.ts';
import { createUser } from './create-user.ts';

/** A login that has just been made. */
export interface Login {
  readonly user: User;
  readonly sessionId: string;
  /** Signed token for the session cookie. */
  readonly token: string;
}

/** Where a login comes from. */
export interface LoginContext {
  readonly userAgent: string | undefined;
  /** Session the caller had until now; a new login ends it (ASVS 5.0 7.2.4). */
  readonly previousSessionId: string | undefined;
}

export interface AuthService {
  /** @throws AppError user.username_taken, user.email_taken */
  register(account: Account, context: LoginContext): Promise<Login>;
  /** @throws AppError auth.invalid_credentials, whichever of the two was wrong */
  login(credentials: { username: string; password: string }, context: LoginContext): Promise<Login>;
  /** Ends the session at once, on every instance. */
  logout(sessionId: string): Promise<void>;
  /** @throws AppError auth.required, auth.session_expired */
  identify(token: string): Promise<{ user: User; sessionId: string }>;
}

export interface AuthServiceOptions {
  readonly database: Database;
  readonly passwords: Passwords;
  readonly tokens: AccessTokens;
  readonly sessionTtlSeconds: number;
}

export function createAuthService(options: AuthServiceOptions): AuthService {
  const { database, passwords, tokens } = options;

  const begin = () => ({
    id: uuidv7(),
    expiresAt: new Date(Date.now() + options.sessionTtlSeconds * 1000),
  });
  type NewSession = ReturnType<typeof begin>;

  const store = async (tx: Transaction, session: NewSession, user: User, context: LoginContext) => {
    if (context.previousSessionId !== undefined) await tx.sessions.revoke(context.previousSessionId);
    const userAgent = context.userAgent?.slice(0, 300) ?? null;
    await tx.sessions.insert({ ...session, userId: user.id, userAgent });
  };

  const complete = async (session: NewSession, user: User): Promise<Login> => ({
    user,
    sessionId: session.id,
    token: await tokens.sign({ userId: user.id, sessionId: session.id, expiresAt: session.expiresAt }),
  });

  return {
    register: async (account, context) => {
      const session = begin();
      const user = await createUser(
        database.transaction.bind(database),
        passwords,
        { ...account, role: 'user' },
        (tx, created) => store(tx, session, created, context),
      );
      return complete(session, user);
    },
    login: async ({ username, password }, context) => {
      const found = await database.read.users.findCredentials(username.trim());
      const matches = await passwords.verify(found?.passwordHash, password);
      if (found === undefined || !matches) throw new AppError('auth.invalid_credentials');
      const session = begin();
      await database.transaction((tx) => store(tx, session, found.user, context));
      return complete(session, found.user);
    },
    logout: (sessionId) => database.transaction((tx) => tx.sessions.revoke(sessionId)),
    identify: async (token) => {
      const { userId, sessionId } = await tokens.verify(token);
      const user = await database.read.sessions.findUser(sessionId, userId);
      if (user === undefined) throw new AppError('auth.session_expired');
      return { user, sessionId };
    },
  };
}
