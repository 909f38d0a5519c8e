import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '#db/database.ts';
import type { Passwords } from '#shared/crypto/passwords.ts';
import type { Role, User } from '#shared/domain/types.ts';
import type { Account } from './account-rules.ts';

/**
 * Makes an account; also for the management command and the seed, which have no HTTP.
 *
 * @param account fields that `accountSchema` has accepted
 * @param transact `database.transaction`; the password is hashed before it begins
 * @param andThen further work of the same transaction, such as logging the new user in
 * @throws AppError user.username_taken, user.email_taken
 */
export async function createUser(
  transact: <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>,
  passwords: Passwords,
  account: Account & { readonly role: Role },
  andThen: (tx: Transaction, user: User) => Promise<void> = () => Promise.resolve(),
): Promise<User> {
  const passwordHash = await passwords.hash(account.password);
  return transact(async (tx) => {
    const user = await tx.users.insert({
      id: uuidv7(),
      username: account.username,
      email: account.email.toLowerCase(),
      role: account.role,
      passwordHash,
    });
    await andThen(tx, user);
    return user;
  });
}
