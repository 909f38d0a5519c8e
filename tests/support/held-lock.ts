import pg from 'pg';
import { waitFor } from './wait-for.ts';

/** A lock that a test holds to stop others where it wants them. */
export interface HeldLock extends AsyncDisposable {
  /** Resolves when so many statements of this database wait for a lock. */
  waiting(count: number): Promise<void>;
  release(): Promise<void>;
}

/** @param sql what takes the lock, such as `select ... for update` or `lock table ...` */
export async function holdLock(url: string, sql: string, values: unknown[] = []): Promise<HeldLock> {
  const holder = new pg.Client({ connectionString: url });
  // Inside of a transaction the activity of others stays as it was first seen.
  const watcher = new pg.Client({ connectionString: url });
  await Promise.all([holder.connect(), watcher.connect()]);
  await holder.query('begin');
  await holder.query(sql, values);
  let held = true;
  const release = async (): Promise<void> => {
    if (!held) return;
    held = false;
    await holder.query('rollback');
    await Promise.all([holder.end(), watcher.end()]);
  };
  const waiters = async (): Promise<number> => {
    const { rows } = await watcher.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return rows[0]?.count ?? 0;
  };
  return {
    waiting: async (count) => {
      await waitFor(async () => (await waiters()) >= count, { description: `${count} waiting statements` });
    },
    release,
    [Symbol.asyncDispose]: release,
  };
}
