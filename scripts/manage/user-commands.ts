import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import Joi from 'joi';
import { accountSchema } from '#api/auth/account-rules.ts';
import { createUser as insertUser } from '#api/auth/create-user.ts';
import { createPasswords } from '#shared/crypto/passwords.ts';
import type { Role } from '#shared/domain/types.ts';
import type { OperatorContext } from './operator-context.ts';

/** Makes an account; without a password one is made and printed once. */
export async function createUser(
  { database, say }: OperatorContext,
  options: { username: string; email: string; passwordStdin?: boolean; admin?: boolean },
): Promise<void> {
  // As an argument it would stand in the process list and in the shell's history.
  const given = options.passwordStdin === true ? (await text(process.stdin)).trimEnd() : undefined;
  const password = given ?? randomBytes(15).toString('base64url');
  const account = Joi.attempt({ username: options.username, email: options.email, password }, accountSchema);
  const role: Role = options.admin === true ? 'admin' : 'user';
  const user = await insertUser((work) => database.transaction(work), createPasswords(), {
    ...account,
    role,
  });
  say(`Made ${role} ${user.username} (${user.id}).`);
  if (given === undefined) say(`Password, shown this once: ${password}`);
}

/** Gives an account another role. */
export async function promoteUser(
  { database, say }: OperatorContext,
  login: string,
  role: Role,
): Promise<void> {
  const user = await database.transaction((tx) => tx.users.setRole(login, role));
  say(`${user.username} is now ${user.role}.`);
}
