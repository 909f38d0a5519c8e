import type { Knex } from 'knex';

/**
 * Makes an index while everything else goes on, for migrations without a transaction. What an attempt that was broken off
 * left is made anew. It waits for transactions that began before it, however long they are; nobody waits for it meanwhile.
 *
 * @param definition what stands behind the name, a constant of the caller
 */
export async function createIndexOnline(session: Knex, name: string, definition: string): Promise<void> {
  const { rows } = await session.raw<{ rows: { indisvalid: boolean }[] }>(
    'select indisvalid from pg_index where indexrelid = to_regclass(?)',
    [name],
  );
  if (rows[0]?.indisvalid === true) return;
  await withoutLockTimeout(session, async () => {
    await session.raw('drop index concurrently if exists ??', [name]);
    // eslint-disable-next-line no-restricted-syntax -- the definition of an index cannot be bound; it is a constant
    await session.raw(`create index concurrently ?? ${definition}`, [name]);
  });
}

export const dropIndexOnline = (session: Knex, name: string): Promise<void> =>
  withoutLockTimeout(session, async () => {
    await session.raw('drop index concurrently if exists ??', [name]);
  });

async function withoutLockTimeout(session: Knex, work: () => Promise<void>): Promise<void> {
  const { rows } = await session.raw<{ rows: [{ was: string }] }>(
    `select current_setting('lock_timeout') as was`,
  );
  const set = (value: string) => session.raw(`select set_config('lock_timeout', ?, false)`, [value]);
  await set('0');
  try {
    await work();
  } finally {
    await set(rows[0].was);
  }
}
