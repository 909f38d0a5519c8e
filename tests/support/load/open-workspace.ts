import { registerUser } from '../http-client.ts';
import type { TestDatabase } from '../test-database.ts';
import type { LoadClient } from './mixed-load.ts';
import { fillWorkspace } from './workspace-rows.ts';
import type { WorkspaceSize } from './workspace-rows.ts';

/** Registers so many users, fills the database for them and returns them, logged in. */
export async function openWorkspace(
  api: { readonly url: string },
  database: Pick<TestDatabase, 'url'>,
  size: WorkspaceSize & { readonly users: number },
): Promise<LoadClient[]> {
  const users = [];
  for (let count = 0; count < size.users; count++) users.push(await registerUser(api));
  const rows = await fillWorkspace(
    database.url,
    users.map(({ id }) => id),
    size,
  );
  return users.map(({ client }, index) => ({ client, rows: rows[index]! }));
}
