import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../logging/logger.ts';
import type { QueueName } from './catalog.ts';
import type { JobLedger } from './job-ledger.ts';

/** How often a worker says that it lives, in ms. */
export const ATTENDANCE_MS = 10_000;

export interface AttendanceOptions {
  readonly ledger: Pick<JobLedger, 'reportWorker' | 'forgetWorker'>;
  /** Name of this process. */
  readonly worker: string;
  readonly queues: readonly QueueName[];
  /** A consumer that does not run serves nothing. */
  readonly isRunning: () => boolean;
  readonly logger: Logger;
}

/** Starts the loop that says which queues this worker serves. Disposing says that it does so no more. */
export function startAttendance(options: AttendanceOptions): AsyncDisposable {
  const { ledger, worker, logger } = options;
  const stop = new AbortController();
  const loop = (async () => {
    while (!stop.signal.aborted) {
      await ledger
        .reportWorker(worker, options.isRunning() ? options.queues : [])
        .catch((error: unknown) => logger.warn({ err: error }, 'this worker could not say that it lives'));
      // A consumer that is just coming up is not left out for long.
      const pause = options.isRunning() ? ATTENDANCE_MS : ATTENDANCE_MS / 20;
      await sleep(pause, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  })();
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await loop;
      // Where the table is away, the others will notice in a while.
      await ledger.forgetWorker(worker).catch(() => undefined);
    },
  };
}

/** Makes the look at the queues that readiness takes: where work waits that no worker serves, nothing else says so. */
export function createConsumerWarning(
  ledger: Pick<JobLedger, 'unservedQueues'>,
): () => Promise<readonly string[]> {
  return async () =>
    (await ledger.unservedQueues()).map(
      (queue) => `work waits in the queue ${queue}, and no worker serves it: see WORKER_QUEUES`,
    );
}
