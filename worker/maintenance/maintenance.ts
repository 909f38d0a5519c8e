import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '#db/database.ts';
import { planBuilds } from '#db/plan-builds.ts';
import { deliveriesOf } from '#db/stores/job-store.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { JobProducer } from '#shared/queue/producer.ts';

export interface MaintenanceOptions {
  readonly database: Database;
  readonly producer: Pick<JobProducer, 'deliver'>;
  readonly logger: Logger;
  /** Pause between two rounds of all workers together. */
  readonly intervalMs: number;
}

const PURGES_PER_ROUND = 100;

/** Starts the loop that clears away what has expired. Any number of workers may run it: they take turns. */
export function startMaintenance(options: MaintenanceOptions): AsyncDisposable {
  const stop = new AbortController();
  const loop = (async () => {
    while (!stop.signal.aborted) {
      await maintenanceRound(options).catch((error: unknown) => {
        options.logger.warn({ err: error }, 'maintenance round failed');
      });
      await sleep(options.intervalMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  })();
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await loop;
    },
  };
}

/**
 * One round, unless another worker has just had it.
 *
 * @returns whether this was the one that did it
 */
export function maintenanceRound(options: MaintenanceOptions): Promise<boolean> {
  return options.database.transaction(async (tx) => {
    // Slightly less than the pause, so that a lone worker is not kept out by its own last round.
    if (!(await tx.maintenance.takeTurn('sweep', options.intervalMs * 0.9))) return false;
    const due = await tx.accountDeletions.due(PURGES_PER_ROUND);
    const jobs = await tx.jobs.insert(
      due.map((userId) => ({
        type: 'account.purge' as const,
        userId,
        payload: {},
        dedupeKey: `account.purge:${userId}`,
      })),
    );
    const cleared = await tx.maintenance.clearExpired();
    // Last, because it may keep documents from being published until the end of this transaction.
    const builds = await planBuilds(tx);
    tx.afterCommit(() => options.producer.deliver(deliveriesOf([...jobs, ...builds])));
    if (jobs.length > 0 || Object.keys(cleared).length > 0)
      options.logger.info({ purges: jobs.length, cleared }, 'maintenance');
    return true;
  });
}
