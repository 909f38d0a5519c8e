import type { Actor } from '#api/http/endpoint.ts';
import type { Database, Transaction } from '#db/database.ts';
import type { Credentials } from '#db/stores/user-store.ts';
import { hashOneTimeSecret } from '#shared/crypto/one-time-secrets.ts';
import type { Passwords } from '#shared/crypto/passwords.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { verifyAttempt } from './login-guard.ts';
import type { LoginGuard } from './login-guard.ts';
import type { PasswordRules } from './password-rules.ts';
import type { PasswordResets } from './password-resets.ts';

export interface PasswordService {
  /**
   * Changes the password and ends all other sessions.
   *
   * @throws AppError auth.invalid_credentials when the current one is wrong, auth.password_weak
   */
  change(caller: SessionCaller, change: { readonly current: string; readonly next: string }): Promise<void>;
  /**
   * Does what only the owner of the password may, in a transaction in which that password is still the account's and the
   * session or key of the caller has not ended.
   *
   * @throws AppError auth.invalid_credentials, auth.session_expired, auth.key_invalid
   */
  confirm<T>(caller: Caller, password: string, work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Notes that the password has just been given. @throws AppError auth.invalid_credentials */
  reauthenticate(caller: SessionCaller, password: string): Promise<void>;
  /** Begins a reset if there is such an account; returns at once and tells nothing. */
  requestReset(login: string, actor: Actor): void;
  /**
   * Sets a new password by a token and ends all sessions.
   *
   * @throws AppError auth.reset_invalid, auth.password_weak
   */
  confirmReset(reset: { readonly token: string; readonly password: string }, actor: Actor): Promise<void>;
}

/** Somebody in a session, or with a key that the actor names. */
export interface Caller {
  readonly userId: string;
  readonly sessionId: string | undefined;
  readonly actor: Actor;
}

export type SessionCaller = Caller & { readonly sessionId: string };

export interface PasswordServiceOptions {
  readonly database: Database;
  readonly passwords: Passwords;
  readonly rules: PasswordRules;
  readonly guard: LoginGuard;
  readonly resets: PasswordResets;
}

export function createPasswordService(options: PasswordServiceOptions): PasswordService {
  const { database, passwords, rules, guard, resets } = options;

  const refuse = async ({ userId, actor }: Pick<Caller, 'userId' | 'actor'>): Promise<never> => {
    await database.transaction((tx) =>
      tx.audit.record({ ...actor, userId, action: 'auth.reauthentication_failed' }),
    );
    throw new AppError('auth.invalid_credentials');
  };

  /** Whoever holds a session may not guess the password either. */
  const prove = async (caller: Pick<Caller, 'userId' | 'actor'>, password: string): Promise<Credentials> => {
    const attempt = await guard.enterAgain(caller.userId);
    const found = await database.read.users.findCredentialsById(caller.userId);
    const matches = await verifyAttempt(attempt, passwords, found?.passwordHash, password);
    if (found === undefined || !matches) return refuse(caller);
    await attempt.succeeded();
    return found;
  };

  /** Does what the proven password allows, unless it has been changed, or the caller shut out, since it was checked. */
  const whileGood = async <T>(
    caller: Caller,
    { passwordHash }: Credentials,
    work: (tx: Transaction) => Promise<T>,
  ): Promise<T> => {
    const done = await database.transaction(async (tx) => {
      const current = await tx.users.lockCredentials(caller.userId);
      if (current?.passwordHash !== passwordHash) return undefined;
      await assertAdmitted(tx, caller);
      return { result: await work(tx) };
    });
    return done === undefined ? refuse(caller) : done.result;
  };

  const store = async (tx: Transaction, userId: string, passwordHash: string, except?: string) => {
    await tx.users.setPasswordHash(userId, passwordHash);
    await tx.passwordResets.voidAll(userId);
    return tx.sessions.revokeAll(userId, 'password_changed', except);
  };

  return {
    confirm: async (caller, password, work) => whileGood(caller, await prove(caller, password), work),
    change: async (caller, { current, next }) => {
      const { userId, sessionId, actor } = caller;
      const proven = await prove(caller, current);
      rules.assertStrong(next, proven.user, '/body/new_password');
      const passwordHash = await passwords.hash(next);
      await whileGood(caller, proven, async (tx) => {
        const ended = await store(tx, userId, passwordHash, sessionId);
        await tx.sessions.setReauthenticated(sessionId);
        await tx.audit.record({
          ...actor,
          userId,
          action: 'auth.password_changed',
          details: { sessions_ended: ended },
        });
      });
    },
    reauthenticate: async (caller, password) => {
      await whileGood(caller, await prove(caller, password), async (tx) => {
        await tx.sessions.setReauthenticated(caller.sessionId);
        await tx.audit.record({ ...caller.actor, userId: caller.userId, action: 'auth.reauthenticated' });
      });
    },
    requestReset: (login, actor) => resets.request(login, actor),
    confirmReset: async ({ token, password }, actor) => {
      const tokenHash = hashOneTimeSecret(token);
      // The token is used up only together with the new password, so a refused one costs nothing.
      const userId = await database.read.passwordResets.findUserId(tokenHash);
      const found = userId === undefined ? undefined : await database.read.users.findCredentialsById(userId);
      if (found === undefined) throw new AppError('auth.reset_invalid');
      rules.assertStrong(password, found.user, '/body/password');
      const passwordHash = await passwords.hash(password);
      await database.transaction(async (tx) => {
        const { id, username, email } = found.user;
        // In this order, like everything else that takes both: the account, then its tokens.
        await tx.users.lockCredentials(id);
        if ((await tx.passwordResets.use(tokenHash)) !== id) throw new AppError('auth.reset_invalid');
        const ended = await store(tx, id, passwordHash);
        await tx.audit.record({
          ...actor,
          userId: id,
          action: 'auth.password_reset',
          details: { sessions_ended: ended },
        });
        tx.afterCommit(() => guard.forgive([username, email]));
      });
    },
  };
}

/** Checking a password takes its time, in which a session or key may end, on this instance or another. */
async function assertAdmitted({ read }: Transaction, { userId, sessionId, actor }: Caller): Promise<void> {
  if (sessionId !== undefined && (await read.sessions.findIdentity(sessionId, userId)) === undefined)
    throw new AppError('auth.session_expired');
  if (actor.apiKeyId !== undefined && !(await read.apiKeys.isAlive(userId, actor.apiKeyId)))
    throw new AppError('auth.key_invalid');
}
