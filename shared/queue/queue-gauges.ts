import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../logging/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { JobLedger } from './job-ledger.ts';

export interface QueueGaugesOptions {
  readonly ledger: Pick<JobLedger, 'loads' | 'deadLetters' | 'consumers'>;
  readonly metrics: Pick<Metrics, 'queueJobs' | 'queueOldest' | 'queueConsumers' | 'deadLetters'>;
  readonly logger: Logger;
  readonly intervalMs: number;
}

/** Starts the loop that measures the queues, and finds dead jobs that nobody could report. */
export function startQueueGauges(options: QueueGaugesOptions): AsyncDisposable {
  const stop = new AbortController();
  const loop = (async () => {
    while (!stop.signal.aborted) {
      await measureQueues(options).catch((error: unknown) => {
        options.logger.warn({ err: error }, 'the queues could not be measured');
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

/** One look; what has gone since the last one is taken back. */
export async function measureQueues({
  ledger,
  metrics,
}: Pick<QueueGaugesOptions, 'ledger' | 'metrics'>): Promise<void> {
  const [loads, letters, consumers] = await Promise.all([
    ledger.loads(),
    ledger.deadLetters(),
    ledger.consumers(),
  ]);
  for (const [queue, count] of consumers) metrics.queueConsumers.set({ queue }, count);
  metrics.queueJobs.reset();
  metrics.queueOldest.reset();
  for (const { queue, priority, waiting, delayed, running, oldestSeconds } of loads) {
    for (const [state, count] of Object.entries({ waiting, delayed, running }))
      metrics.queueJobs.set({ queue, priority, state }, count);
    metrics.queueOldest.set({ queue, priority }, oldestSeconds);
  }
  metrics.deadLetters.reset();
  for (const { type, code, count } of letters) metrics.deadLetters.set({ type, code }, count);
}
