import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { PoolOptions } from './connect.ts';
import { withSession } from './connect.ts';

/**
 * A lock that a migration does not get in this time is let go of again: whoever asks for an exclusive lock makes everybody
 * wait who comes after, for as long as somebody else keeps the table.
 */
const LOCK_TIMEOUT_MS = 500;
const ATTEMPTS = 60;
const PAUSE_MS = 1_000;

const LOCK_NOT_AVAILABLE = '55P03';
const DEADLOCK_DETECTED = '40P01';

/**
 * Runs what is missing, in one transaction unless a migration says that it wants none (`config.transaction = false`). Who
 * starts second waits for the first and then has nothing to do.
 *
 * @throws the driver's error when the tables were locked at every attempt; then nothing has happened
 */
export const migrate = (options: PoolOptions): Promise<string[]> =>
  alone(options, async (session) => ((await session.migrate.latest()) as [number, string[]])[1]);

/** Undoes what was run together last, with the same care. */
export const rollback = (options: PoolOptions): Promise<string[]> =>
  alone(options, async (session) => ((await session.migrate.rollback()) as [number, string[]])[1]);

function alone(options: PoolOptions, work: (session: Knex) => Promise<string[]>): Promise<string[]> {
  return withSession(options, async (session) => {
    await takeTurn(session);
    await session.raw(`select set_config('lock_timeout', ?, false)`, [`${LOCK_TIMEOUT_MS}ms`]);
    for (let attempt = 1; ; attempt++) {
      try {
        // Nobody else runs any: a mark that says so was left by a runner that died.
        await session.migrate.forceFreeMigrationsLock();
        return await work(session);
      } catch (error) {
        const { code } = error as { code?: string };
        const isInTheWay = code === LOCK_NOT_AVAILABLE || code === DEADLOCK_DETECTED;
        if (!isInTheWay || attempt === ATTEMPTS) throw error;
        options.logger.warn({ attempt, code }, 'tables are in use: the migration is tried again');
        // Not in step with whatever it is that comes again and again.
        await sleep(PAUSE_MS * (0.5 + Math.random()));
      }
    }
  });
}

/** Asks again and again instead of waiting in the database, where concurrent indexes would wait for whoever waits. */
async function takeTurn(session: Knex): Promise<void> {
  for (;;) {
    const { rows } = await session.raw<{ rows: { taken: boolean }[] }>(
      `select pg_try_advisory_lock(hashtextextended('migrations', 0)) as taken`,
    );
    if (rows[0]?.taken === true) return;
    await sleep(PAUSE_MS / 4);
  }
}
