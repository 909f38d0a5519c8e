import { Queue } from 'bullmq';
import type { JobsOptions } from 'bullmq';
import type { Logger } from '../logging/logger.ts';
import { jobCatalog, priorityNumbers, queueNames } from './catalog.ts';
import type { QueueName } from './catalog.ts';
import { createQueueConnection } from './connection.ts';
import type { QueueConnectionOptions } from './connection.ts';
import type { Delivery, JobLedger } from './job-ledger.ts';

/** Hands jobs that have been committed to their queues. */
export interface JobProducer extends AsyncDisposable {
  /**
   * Hands jobs over without waiting: a job that cannot be handed over now is found by the relay.
   * Safe to repeat: the queue knows a job by its id and the number of its claims.
   */
  deliver(jobs: readonly Delivery[]): void;
  /** As {@link deliver}, but waits. @throws Error when the queue cannot be reached */
  deliverNow(jobs: readonly Delivery[]): Promise<void>;
}

/** Opens the producing side of all queues on one connection that fails fast instead of queueing commands. */
export function createJobProducer(
  options: QueueConnectionOptions & { ledger: Pick<JobLedger, 'markEnqueued'>; logger: Logger },
): JobProducer {
  const connection = createQueueConnection({ ...options, name: 'producer', failFast: true });
  const queues = new Map<QueueName, Queue>();
  for (const name of queueNames) {
    const queue = new Queue(name, {
      connection: connection.client,
      prefix: options.prefix,
      // Opening a queue must not depend on Redis being there at that moment; the set-up checks its version.
      skipWaitingForReady: true,
      skipVersionCheck: true,
    });
    queue.on('error', (error) => options.logger.debug({ err: error, queue: name }, 'queue connection error'));
    queues.set(name, queue);
  }
  const queueOf = (job: Delivery): Queue | undefined => {
    const { queue } = jobCatalog[job.type];
    return queue === null ? undefined : queues.get(queue);
  };
  const pending = new Set<Promise<void>>();
  const deliverNow = async (jobs: readonly Delivery[]): Promise<void> => {
    // Not addBulk: inside its MULTI a Redis that was restarted, and has no scripts yet, refuses what it does not know.
    const adding = jobs.flatMap((job) => {
      const queue = queueOf(job);
      return queue === undefined ? [] : [queue.add(job.type, { id: job.id }, optionsOf(job))];
    });
    await Promise.all(adding);
    await options.ledger.markEnqueued(jobs);
  };
  return {
    deliverNow,
    deliver: (jobs) => {
      if (jobs.length === 0) return;
      const task: Promise<void> = deliverNow(jobs)
        .catch((error: unknown) =>
          options.logger.warn({ err: error, jobs: jobs.length }, 'jobs are left to the relay'),
        )
        .finally(() => pending.delete(task));
      pending.add(task);
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.allSettled(pending);
      await Promise.allSettled([...queues.values()].map((queue) => queue.close()));
      connection[Symbol.dispose]();
    },
  };
}

/** The queue holds ids only; retries and their delays are decided by the consumer from the row. */
function optionsOf(job: Delivery): JobsOptions {
  return {
    jobId: `${job.id}-${job.fence}`,
    priority: priorityNumbers[job.priority],
    delay: Math.max(0, job.runAt.getTime() - Date.now()),
    attempts: 1,
    removeOnComplete: true,
    removeOnFail: true,
  };
}
