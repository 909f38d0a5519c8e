import { networkOf } from '#api/http/client-network.ts';
import type { Actor } from '#api/http/endpoint.ts';
import type { Database, Transaction } from '#db/database.ts';
import type { Config } from '#shared/config/config.ts';
import { makeOneTimeSecret } from '#shared/crypto/one-time-secrets.ts';
import type { User } from '#shared/domain/types.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Mailer } from '#shared/mail/mailer.ts';

/** Requests for new passwords, worked off behind the answer so that its time tells nothing. */
export interface PasswordResets extends AsyncDisposable {
  request(login: string, actor: Actor): void;
}

export interface PasswordResetsOptions {
  readonly database: Database;
  readonly mailer: Mailer | undefined;
  readonly config: Pick<Config['auth'], 'passwordResetTtlMinutes' | 'passwordResetUrl'>;
  readonly logger: Logger;
}

/** Requests in hand at a time; more are dropped, and whoever needs one asks again. */
const MOST_PENDING = 50;

/** Mails one account is sent in an hour because of one network: a stranger elsewhere does not use up the owner's. */
const MOST_OF_ONE_NETWORK = 3;

/** Mails one account is sent in an hour at all, so that nobody's mailbox can be flooded. */
const MOST_AN_HOUR = 12;

const REQUESTED = 'auth.password_reset_requested';

/** Disposing waits for the requests in hand. */
export function createPasswordResets(options: PasswordResetsOptions): PasswordResets {
  const { logger } = options;
  const pending = new Set<Promise<void>>();
  return {
    request: (login, actor) => {
      if (pending.size >= MOST_PENDING) {
        logger.warn('too many password resets at once; one was dropped');
        return;
      }
      const work: Promise<void> = handle(login, actor, options)
        .catch((error: unknown) => logger.error({ err: error }, 'a password reset failed'))
        .finally(() => pending.delete(work));
      pending.add(work);
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(pending);
    },
  };
}

async function handle(login: string, actor: Actor, options: PasswordResetsOptions): Promise<void> {
  const { database, mailer, config, logger } = options;
  const found = await database.read.users.findCredentials(login.trim());
  if (found === undefined) return;
  const { id } = found.user;
  if (mailer === undefined) {
    logger.info({ user_id: id }, 'a password reset was asked for, and SMTP_URL is not set');
    return;
  }
  const begun = await database.transaction(async (tx) => {
    // Held, so that wishes are counted one after the other and the mail goes to the address of now.
    const user = (await tx.users.lockCredentials(id))?.user;
    if (user === undefined || (await hadEnough(tx, id, actor))) return undefined;
    return { user, token: await beginReset(tx, user, config, actor) };
  });
  if (begun === undefined) return;
  const { user, token } = begun;
  await mailer.send({ to: user.email, subject: 'Your new password', text: mailText(user, token, config) });
}

/** Counts by the audit log, which knows where each wish came from; an operator's come from nowhere. */
async function hadEnough(tx: Transaction, userId: string, { address }: Actor): Promise<boolean> {
  const lastHour = { userId, action: REQUESTED, from: new Date(Date.now() - 3_600_000) };
  const { items } = await tx.read.audit.list(lastHour, { limit: 100, after: null });
  const networks = items.flatMap((event) => event.address ?? []).map(networkOf);
  const own = networks.filter((network) => network === networkOf(address));
  return own.length >= MOST_OF_ONE_NETWORK || networks.length >= MOST_AN_HOUR;
}

/** Makes the token of a reset; it is kept as a hash only. Also for the management command. */
export async function beginReset(
  tx: Transaction,
  user: User,
  { passwordResetTtlMinutes }: Pick<Config['auth'], 'passwordResetTtlMinutes'>,
  actor: Actor,
): Promise<string> {
  const { secret, hash } = makeOneTimeSecret();
  const expiresAt = new Date(Date.now() + passwordResetTtlMinutes * 60_000);
  await tx.passwordResets.insert({ userId: user.id, tokenHash: hash, expiresAt });
  await tx.audit.record({ ...actor, userId: user.id, action: REQUESTED });
  return secret;
}

/** What the owner does with the token. */
export const resetInstructions = (token: string, url: string | undefined): string =>
  url === undefined
    ? `Send it as JSON {"token": ..., "password": ...} to POST /api/v1/auth/password-reset/confirm:\n${token}`
    : `${url}#token=${token}`;

const mailText = (user: User, token: string, config: PasswordResetsOptions['config']): string =>
  [
    `Hello ${user.username},`,
    'somebody, hopefully you, asked for a new password for your account. This is the way to choose one:',
    resetInstructions(token, config.passwordResetUrl),
    `It is good for ${config.passwordResetTtlMinutes} minutes and works once. If it was not you, do nothing.`,
  ].join('\n\n');
