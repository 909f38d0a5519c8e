import { setTimeout as sleep } from 'node:timers/promises';
import { allReady, roll } from './soak-stage.ts';
import type { SoakStage } from './soak-stage.ts';

/** Something that an operator plans for: it may happen in any hour, and is meant to be noticed by nobody. */
export interface PlannedFault {
  readonly name: string;
  readonly happen: (stage: SoakStage) => Promise<void>;
}

/** As long as Redis answers nothing in a freeze, and is away when it was killed. */
const REDIS_AWAY_MS = 5_000;

export const PLANNED_FAULTS: readonly PlannedFault[] = [
  { name: 'API restarted, one instance after the other', happen: (stage) => roll(stage, 'API', stage.apis) },
  {
    name: 'workers restarted, one after the other',
    happen: (stage) => roll(stage, 'worker', stage.workers),
  },
  { name: 'worker killed', happen: ({ workers }) => workers[0]!.kill() },
  {
    name: 'Redis frozen',
    happen: async ({ services: { redis } }) => {
      redis.freeze();
      await sleep(REDIS_AWAY_MS);
      redis.thaw();
    },
  },
  {
    name: 'Redis killed, back with its data',
    happen: async ({ services: { redis } }) => {
      await redis.kill();
      await sleep(REDIS_AWAY_MS);
      await redis.start();
    },
  },
  {
    name: 'Redis killed, back empty',
    happen: async ({ services: { redis } }) => {
      await redis.kill();
      await Promise.all([sleep(REDIS_AWAY_MS), redis.empty()]);
      await redis.start();
    },
  },
  {
    name: 'every connection to PostgreSQL cut',
    happen: async ({ database }) => {
      await database.sql(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and application_name like 'donkey%'`,
      );
    },
  },
  {
    name: 'PostgreSQL restarted',
    happen: async ({ database, services: { postgres } }) => {
      // What an operator does first: it then has little to write before it can stop.
      await database.sql('checkpoint');
      await postgres.restart();
    },
  },
];

/** What a fault did, and when. */
export interface HappenedFault {
  readonly name: string;
  /** From the clock of `performance.now()`. */
  readonly beganAt: number;
  /** From its beginning until everything was ready again. */
  readonly readyAfterMs: number;
}

/**
 * Brings about every planned fault, so often, one after the other and spread over the time.
 *
 * @param options.everyMs from the beginning of one to that of the next, at least
 */
export async function bringFaults(
  stage: SoakStage,
  options: {
    readonly rounds: number;
    readonly everyMs: number;
    readonly onFault?: (fault: HappenedFault) => void;
  },
): Promise<HappenedFault[]> {
  const happened: HappenedFault[] = [];
  for (let round = 0; round < options.rounds; round++)
    for (const { name, happen } of PLANNED_FAULTS) {
      const next = sleep(options.everyMs);
      const beganAt = performance.now();
      await happen(stage);
      await allReady(stage);
      const fault = { name, beganAt, readyAfterMs: performance.now() - beganAt };
      happened.push(fault);
      options.onFault?.(fault);
      await next;
    }
  return happened;
}
