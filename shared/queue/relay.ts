import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../logging/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { createQueueConnection } from './connection.ts';
import type { QueueConnectionOptions } from './connection.ts';
import type { JobLedger } from './job-ledger.ts';
import type { JobProducer } from './producer.ts';

export interface RelayOptions extends QueueConnectionOptions {
  readonly ledger: JobLedger;
  readonly producer: JobProducer;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly intervalMs: number;
}

const BATCH = 500;
/** Pause after a round that failed. */
const AGAIN_MS = 250;
/** A queued job this long overdue is handed over again; for one that is merely waiting its turn that changes nothing. */
const FORGOTTEN_AFTER_MS = 300_000;

/**
 * Starts the loop that makes the queue agree with the table: hands over what never left (the API died after its commit,
 * or Redis was away), puts jobs of dead workers back, and rebuilds all queues when Redis has lost its memory. Several may
 * run side by side: everything it does is safe to repeat.
 */
export function startRelay(options: RelayOptions): AsyncDisposable {
  const stop = new AbortController();
  const connection = createQueueConnection({ ...options, name: 'relay', failFast: true });
  const loop = (async () => {
    let pause = options.intervalMs;
    for (;;) {
      // The pause comes first: a connection that has only just been asked for is no outage.
      await sleep(pause, undefined, { signal: stop.signal }).catch(() => undefined);
      if (stop.signal.aborted) return;
      pause = await tick(options, (command) => connection.run(command)).then(
        () => options.intervalMs,
        (error: unknown) => {
          options.logger.warn({ err: error }, 'relay round failed');
          // Whatever it was, it may be over soon, and work waits for this.
          return Math.min(options.intervalMs, AGAIN_MS);
        },
      );
    }
  })();
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await loop;
      connection[Symbol.dispose]();
    },
  };
}

/** One round; exported for tests, which must not wait for the clock. */
export async function tick(
  options: Pick<RelayOptions, 'ledger' | 'producer' | 'logger' | 'metrics' | 'prefix'>,
  run: (command: readonly string[]) => Promise<unknown>,
): Promise<void> {
  const reclaimed = await options.ledger.reclaimExpired(BATCH);
  if (reclaimed > 0) {
    options.metrics.jobsRelayed.inc({ reason: 'worker_lost' }, reclaimed);
    options.logger.warn({ jobs: reclaimed }, 'jobs of silent workers were put back');
  }
  await options.ledger.announceEnds(BATCH);
  await forgetIfRedisDid(options, run);
  await handOver(options);
  const ahead = await options.ledger.promoteStarving();
  if (ahead.length === 0) return;
  options.metrics.jobsRelayed.inc({ reason: 'starving' }, ahead.length);
  await options.producer.moveAhead(ahead);
}

async function handOver({
  ledger,
  producer,
  metrics,
}: Pick<RelayOptions, 'ledger' | 'producer' | 'metrics'>): Promise<void> {
  for (;;) {
    const jobs = await ledger.undelivered(BATCH, FORGOTTEN_AFTER_MS);
    if (jobs.length === 0) return;
    await producer.deliverNow(jobs);
    metrics.jobsRelayed.inc({ reason: 'undelivered' }, jobs.length);
    if (jobs.length < BATCH) return;
  }
}

/**
 * A restart changes the run id of Redis, and a flush removes the key that remembers it: after either, nothing that was
 * handed over can be relied on. Adding a job that is still there is a no-op.
 */
async function forgetIfRedisDid(
  options: Pick<RelayOptions, 'ledger' | 'logger' | 'metrics' | 'prefix'>,
  run: (command: readonly string[]) => Promise<unknown>,
): Promise<void> {
  const info = String(await run(['INFO', 'server']));
  const runId = /run_id:(\w+)/.exec(info)?.[1] ?? 'unknown';
  const key = `${options.prefix}:run-id`;
  if ((await run(['GET', key])) === runId) return;
  const jobs = await options.ledger.forgetDeliveries();
  await run(['SET', key, runId]);
  if (jobs === 0) return;
  options.metrics.jobsRelayed.inc({ reason: 'redis_restarted' }, jobs);
  options.logger.warn({ jobs }, 'Redis was restarted or emptied: queues are rebuilt');
}
