import type { Actor } from '#api/http/endpoint.ts';
import { expectedVersion } from '#api/http/conditional-get.ts';
import type { Database, Transaction } from '#db/database.ts';
import type { Credentials, UserChanges } from '#db/stores/user-store.ts';
import type { Config } from '#shared/config/config.ts';
import type { DeviceTokens } from '#shared/crypto/device-tokens.ts';
import { hashOneTimeSecret } from '#shared/crypto/one-time-secrets.ts';
import type { Passwords } from '#shared/crypto/passwords.ts';
import type { User } from '#shared/domain/types.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Account } from './account-rules.ts';
import { createUser } from './create-user.ts';
import { verifyAttempt } from './login-guard.ts';
import type { LoginGuard } from './login-guard.ts';
import type { PasswordRules } from './password-rules.ts';
import type { SessionService, SessionTokens } from './session-service.ts';

/** A login that has just been made. */
export interface Login {
  readonly user: User;
  readonly tokens: SessionTokens;
  /** For the cookie of a known device. */
  readonly deviceToken: string;
}

/** Where a login comes from. */
export interface LoginContext {
  readonly actor: Actor;
  /** Cookie of a known device, if there is one. */
  readonly deviceToken: string | undefined;
  /** Session the caller had until now; a new login ends it (ASVS 5.0 7.2.4). */
  readonly previousSessionId: string | undefined;
}

export interface Registration extends Account {
  readonly invitationCode?: string | undefined;
}

export interface AuthService {
  /**
   * @throws AppError user.username_taken, user.email_taken, auth.password_weak, auth.sign_up_closed,
   * auth.invitation_invalid
   */
  register(account: Registration, context: LoginContext): Promise<Login>;
  /**
   * @throws AppError auth.invalid_credentials, whichever of the two was wrong; request.rate_limited after too many of
   * them; user.deletion_pending for a closed account
   */
  login(credentials: { username: string; password: string }, context: LoginContext): Promise<Login>;
  /**
   * Logs in to an account that was closed and opens it again.
   *
   * @throws AppError as login, also when there is nothing to take back (any more)
   */
  restore(credentials: { username: string; password: string }, context: LoginContext): Promise<Login>;
  /** @throws AppError user.username_taken, user.email_taken, precondition.failed */
  updateMe(user: User, changes: UserChanges, ifMatch: string | undefined, actor: Actor): Promise<User>;
}

export interface AuthServiceOptions {
  readonly database: Database;
  readonly passwords: Passwords;
  readonly rules: PasswordRules;
  readonly guard: LoginGuard;
  readonly sessions: SessionService;
  readonly devices: DeviceTokens;
  readonly signUp: Config['auth']['signUp'];
}

export function createAuthService(options: AuthServiceOptions): AuthService {
  const { database, passwords, rules, guard, sessions, devices, signUp } = options;

  /** A browser keeps its id when another of its users logs in. */
  const deviceTokenFor = (user: User, given: string | undefined): string =>
    devices.make(user.id, devices.verify(given)?.id);

  const logIn = async (
    { username, password }: { username: string; password: string },
    { actor, deviceToken, previousSessionId }: LoginContext,
    restore: boolean,
  ): Promise<Login> => {
    const found = await database.read.users.findCredentials(username.trim());
    const device = devices.verify(deviceToken);
    const known = device !== undefined && device.userId === found?.user.id;
    const attempt = await guard.enter({
      login: username,
      address: actor.address,
      device: known ? device : undefined,
    });
    const matches = await verifyAttempt(attempt, passwords, found?.passwordHash, password);
    // Asked before anything is done with the right password, so that an open account answers just as to a wrong one.
    const entitled = matches && (!restore || isRestorable(found));
    const begun =
      found !== undefined && entitled
        ? await database.transaction((tx) =>
            beginLogin(tx, found, restore, { actor, previousSessionId, known }),
          )
        : undefined;
    if (begun === undefined) {
      // The same work for a name that nobody has; what was typed is not kept, for it may be a password.
      const userId = found?.user.id ?? null;
      await database.transaction((tx) =>
        tx.audit.record({ ...actor, userId, actorId: null, action: 'auth.login_failed' }),
      );
      throw new AppError('auth.invalid_credentials');
    }
    await attempt.succeeded();
    if (begun === 'closed') throw new AppError('user.deletion_pending');
    return { ...begun, deviceToken: deviceTokenFor(begun.user, deviceToken) };
  };

  /** Undefined when by now the password is another, or there is nothing to restore. */
  const beginLogin = async (
    tx: Transaction,
    { user: { id }, passwordHash }: Credentials,
    restore: boolean,
    {
      actor,
      previousSessionId,
      known,
    }: Pick<LoginContext, 'actor' | 'previousSessionId'> & { readonly known: boolean },
  ): Promise<Pick<Login, 'user' | 'tokens'> | 'closed' | undefined> => {
    // Checking took its time: whoever changed the password meanwhile has ended the sessions that there were then.
    const current = await tx.users.lockCredentials(id);
    if (current?.passwordHash !== passwordHash) return undefined;
    const event = { ...actor, userId: id, actorId: id };
    if (restore) {
      if (!(await tx.accountDeletions.cancel(id))) return undefined;
      await tx.audit.record({ ...event, action: 'account.restore' });
    } else if (current.purgeAfter !== null) {
      const details = { reason: 'deletion_pending' };
      await tx.audit.record({ ...event, action: 'auth.login_failed', details });
      return 'closed';
    }
    const tokens = await sessions.begin(tx, id, actor, previousSessionId);
    await tx.audit.record({
      ...event,
      action: 'auth.login',
      targetType: 'session',
      targetId: tokens.sessionId,
      details: { known_device: known },
    });
    return { user: current.user, tokens };
  };

  return {
    register: async ({ invitationCode, ...account }, { actor, deviceToken, previousSessionId }) => {
      if (signUp === 'closed') throw new AppError('auth.sign_up_closed');
      const codeHash = signUp === 'invitation' ? hashOneTimeSecret(invitationCode ?? '') : undefined;
      // First of all, so that nobody without a code is told which names are taken, or has passwords hashed.
      if (codeHash !== undefined && !(await database.read.invitations.isGood(codeHash)))
        throw new AppError('auth.invitation_invalid');
      rules.assertStrong(account.password, account, '/body/password');
      let tokens: SessionTokens | undefined;
      const user = await createUser(
        database.transaction.bind(database),
        passwords,
        { ...account, role: 'user' },
        async (tx, created) => {
          if (codeHash !== undefined && !(await tx.invitations.use(codeHash, created.id)))
            throw new AppError('auth.invitation_invalid');
          await tx.audit.record({
            ...actor,
            userId: created.id,
            actorId: created.id,
            action: 'auth.registered',
          });
          tokens = await sessions.begin(tx, created.id, actor, previousSessionId);
        },
      );
      if (tokens === undefined) throw new Error('a registration began no session');
      return { user, tokens, deviceToken: deviceTokenFor(user, deviceToken) };
    },
    login: (credentials, context) => logIn(credentials, context, false),
    restore: (credentials, context) => logIn(credentials, context, true),
    updateMe: (user, changes, ifMatch, actor) =>
      database.transaction(async (tx) => {
        const lowered = { ...changes, ...(changes.email && { email: changes.email.toLowerCase() }) };
        const updated = await tx.users.update(user.id, lowered, expectedVersion(ifMatch, user));
        if (updated === undefined) throw new AppError('precondition.failed');
        // Tokens that went to the address of before are no longer its owner's.
        if (changes.email !== undefined) await tx.passwordResets.voidAll(user.id);
        await tx.audit.record({
          ...actor,
          userId: user.id,
          action: 'user.update',
          details: { fields: Object.keys(changes) },
        });
        return updated;
      }),
  };
}

/** Open accounts have nothing to restore, and those whose time is up nothing any more. */
const isRestorable = (found: Credentials | undefined): boolean =>
  (found?.purgeAfter?.getTime() ?? 0) > Date.now();
