import { registerUser } from './http-client.ts';
import type { TestUser } from './http-client.ts';
import type { TestDatabase } from './test-database.ts';

/** Registers an administrator. */
export async function registerAdmin(app: {
  readonly url: string;
  readonly database: Pick<TestDatabase, 'sql'>;
}): Promise<TestUser> {
  const user = await registerUser(app);
  await app.database.sql(`update users set role = 'admin' where id = $1`, [user.id]);
  return user;
}
