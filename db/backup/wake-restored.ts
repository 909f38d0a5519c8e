import { connect } from '../connect.ts';
import type { PoolOptions } from '../connect.ts';
import { countRows } from './count-rows.ts';

/** What was done to a restored database so that it can go on. */
export interface Awakening {
  /** Logins that were ended. */
  readonly sessions: number;
  /** Jobs that will be handed to Redis again. */
  readonly jobs: number;
}

/** Counts the rows of every table of a restored database, and tells the planner of them. */
export const countRestored = (options: PoolOptions): Promise<Record<string, number>> =>
  once(options, async (connection) => {
    await connection.raw('analyze');
    return countRows(connection);
  });

/**
 * Makes a restored database one that processes can start on. Whatever stands in Redis is of another time: each job that
 * waits is handed over anew, and so is what was running, for its worker is gone and nothing of it counts. Logins are ended, because those that people had ended after the
 * backup would live again, and tokens that reset a password are forgotten, because those used since would be good again.
 *
 * @param keepSessions whether logins of before stay good
 */
export const wakeRestored = (options: PoolOptions, keepSessions: boolean): Promise<Awakening> =>
  once(options, (connection) =>
    connection.transaction(async (trx) => {
      // As a worker does that gives a job back: no attempt is spent.
      await trx.raw(
        `update jobs set status = 'queued', lease_expires_at = null, attempts = attempts - 1, state = state + 1,
           updated_at = now()
         where status = 'running' and queue is not null`,
      );
      const { rowCount: jobs } = await trx.raw<{ rowCount: number }>(
        `update jobs set enqueued_at = null where status = 'queued' and queue is not null`,
      );
      await trx.raw('delete from workers');
      if (keepSessions) return { sessions: 0, jobs };
      await trx.raw('delete from password_resets where used_at is null');
      const { rowCount: sessions } = await trx.raw<{ rowCount: number }>(
        `update sessions set revoked_at = now(), revoked_reason = 'restored' where revoked_at is null`,
      );
      return { sessions, jobs };
    }),
  );

async function once<T>(
  options: PoolOptions,
  work: (connection: ReturnType<typeof connect>) => Promise<T>,
): Promise<T> {
  const connection = connect({ ...options, config: { ...options.config, poolMax: 1 } });
  try {
    return await work(connection);
  } finally {
    await connection.destroy();
  }
}
