import { randomBytes } from 'node:crypto';
import Joi from 'joi';
import { accountSchema } from '#api/auth/account-rules.ts';
import { createUser as insertUser } from '#api/auth/create-user.ts';
import { createPasswordRules } from '#api/auth/password-rules.ts';
import { beginReset, resetInstructions } from '#api/auth/password-resets.ts';
import { makeOneTimeSecret } from '#shared/crypto/one-time-secrets.ts';
import { createPasswords } from '#shared/crypto/passwords.ts';
import type { Role } from '#shared/domain/types.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { OperatorContext } from './operator-context.ts';

/** Makes an account; without a password one is made and printed once. */
export async function createUser(
  { database, say }: OperatorContext,
  options: { username: string; email: string; password?: string; admin?: boolean },
): Promise<void> {
  const password = options.password ?? randomBytes(15).toString('base64url');
  const account = Joi.attempt({ username: options.username, email: options.email, password }, accountSchema);
  createPasswordRules().assertStrong(password, account, '/password');
  const role: Role = options.admin === true ? 'admin' : 'user';
  const user = await insertUser((work) => database.transaction(work), createPasswords(), {
    ...account,
    role,
  });
  say(`Made ${role} ${user.username} (${user.id}).`);
  if (options.password === undefined) say(`Password, shown this once: ${password}`);
}

/** Gives an account another role. */
export async function promoteUser(
  { database, say }: OperatorContext,
  login: string,
  role: Role,
): Promise<void> {
  const user = await database.transaction(async (tx) => {
    const changed = await tx.users.setRole(login, role);
    await tx.audit.record({ userId: changed.id, actorId: null, action: 'user.promote', details: { role } });
    return changed;
  });
  say(`${user.username} is now ${user.role}.`);
}

/** Prints a one-time token by which the owner of an account sets a new password; the operator never learns that one. */
export async function printResetLink(
  { config, database, say }: OperatorContext,
  login: string,
): Promise<void> {
  const found = await database.read.users.findCredentials(login);
  if (found === undefined) throw new AppError('user.not_found');
  const token = await database.transaction((tx) =>
    beginReset(tx, found.user, config.auth, { actorId: null, apiKeyId: undefined }),
  );
  say(`For ${found.user.username}, good for ${config.auth.passwordResetTtlMinutes} minutes and once:`);
  say(resetInstructions(token, config.auth.passwordResetUrl));
}

/** Makes an invitation and prints its code, of which only a hash is kept. */
export async function invite({ config, database, say }: OperatorContext, days: number): Promise<void> {
  const { secret, hash } = makeOneTimeSecret();
  const expiresAt = new Date(Date.now() + days * 86_400_000);
  await database.transaction(async (tx) => {
    await tx.invitations.insert({ codeHash: hash, expiresAt });
    await tx.audit.record({ userId: null, actorId: null, action: 'user.invite' });
  });
  say(`Invitation code, shown this once, good for one account until ${expiresAt.toISOString()}:`);
  say(secret);
  if (config.auth.signUp !== 'invitation')
    say(`SIGN_UP is "${config.auth.signUp}": the code is not asked for.`);
}
