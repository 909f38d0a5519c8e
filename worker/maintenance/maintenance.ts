import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Transaction } from '#db/database.ts';
import { planBuilds } from '#db/plan-builds.ts';
import { deliveriesOf } from '#db/stores/job-store.ts';
import type { NewJob } from '#db/stores/job-store.ts';
import { REPLY_LEASE_SECONDS } from '#shared/domain/conversation.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { JobProducer } from '#shared/queue/producer.ts';
import { toFailure } from '#shared/queue/retry.ts';
import type { RetentionConfig } from '#shared/config/retention-config.ts';
import { clearHistory } from './clear-history.ts';
import { sweepCache } from './sweep-cache.ts';
import type { SweepCacheOptions } from './sweep-cache.ts';

export interface MaintenanceOptions {
  readonly database: Database;
  readonly producer: Pick<JobProducer, 'deliver'>;
  readonly logger: Logger;
  /** Pause between two rounds of all workers together. */
  readonly intervalMs: number;
  /** Days without a message after which a conversation is archived; 0 is never. */
  readonly archiveAfterDays: number;
}

const PURGES_PER_ROUND = 100;
const ARCHIVES_PER_ROUND = 100;
const REPLIES_PER_ROUND = 1_000;

/** Assistants whose metrics are measured again because time has gone by. */
const STALE_PER_ROUND = 500;

/** Starts the loop that clears away what has expired. Any number of workers may run it: they take turns. */
export function startMaintenance(
  options: MaintenanceOptions & Pick<SweepCacheOptions, 'keys'> & { readonly retention: RetentionConfig },
): AsyncDisposable {
  const stop = new AbortController();
  const loop = (async () => {
    while (!stop.signal.aborted) {
      try {
        if (await maintenanceRound(options))
          await clearHistory(options.database, options.retention, stop.signal);
      } catch (error) {
        options.logger.warn({ err: error }, 'maintenance round failed');
      }
      await sweepCache(options).catch((error: unknown) => {
        options.logger.debug({ err: error }, 'the cache was not swept');
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
    const jobs = await tx.jobs.insert([...(await duePurges(tx)), ...(await dueArchives(tx, options))]);
    const interrupted = await tx.messages.failSilent(
      REPLY_LEASE_SECONDS,
      toFailure(new AppError('message.interrupted')),
      REPLIES_PER_ROUND,
    );
    const cleared = await tx.maintenance.clearExpired();
    for (const assistantId of interrupted) tx.metrics.touch(assistantId);
    const stale = await tx.metrics.touchStale(STALE_PER_ROUND);
    // Last, because it may keep documents from being published until the end of this transaction.
    const builds = await planBuilds(tx);
    tx.afterCommit(() => options.producer.deliver(deliveriesOf([...jobs, ...builds])));
    if (jobs.length > 0 || stale > 0 || interrupted.length > 0 || Object.keys(cleared).length > 0)
      options.logger.info(
        { jobs: jobs.length, stale, interrupted: interrupted.length, cleared },
        'maintenance',
      );
    return true;
  });
}

const duePurges = async (tx: Transaction): Promise<NewJob[]> =>
  (await tx.accountDeletions.due(PURGES_PER_ROUND)).map((userId) => ({
    type: 'account.purge',
    userId,
    payload: {},
    dedupeKey: `account.purge:${userId}`,
  }));

async function dueArchives(
  tx: Transaction,
  { archiveAfterDays }: Pick<MaintenanceOptions, 'archiveAfterDays'>,
): Promise<NewJob[]> {
  if (archiveAfterDays === 0) return [];
  const users = await tx.conversations.usersWithIdle(archiveAfterDays, ARCHIVES_PER_ROUND);
  return users.map((userId) => ({
    type: 'conversation.archive',
    userId,
    payload: {},
    dedupeKey: `conversation.archive:${userId}`,
  }));
}
