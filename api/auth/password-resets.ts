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

/** Mails one account is sent in an hour, so that nobody's mailbox can be flooded. */
const MOST_AN_HOUR = 3;

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
  const { user } = found;
  if (mailer === undefined) {
    logger.info({ user_id: user.id }, 'a password reset was asked for, and SMTP_URL is not set');
    return;
  }
  const token = await database.transaction(async (tx) =>
    (await tx.passwordResets.countOfLastHour(user.id)) < MOST_AN_HOUR
      ? beginReset(tx, user, config, actor)
      : undefined,
  );
  if (token === undefined) return;
  await mailer.send({ to: user.email, subject: 'Your new password', text: mailText(user, token, config) });
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
  await tx.audit.record({ ...actor, userId: user.id, action: 'auth.password_reset_requested' });
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
