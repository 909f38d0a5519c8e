import { Queue } from 'bullmq';
import type { Job as BullJob, JobsOptions } from 'bullmq';
import type { Logger } from '../logging/logger.ts';
import { findJobKind, queueNames } from './catalog.ts';
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
  /** Gives jobs, handed over or not, the place that they have now. @throws Error when the queue cannot be reached */
  moveAhead(jobs: readonly Delivery[]): Promise<void>;
  /** Whether an operator has paused a queue. @throws Error when Redis cannot be reached */
  isPaused(queue: QueueName): Promise<boolean>;
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
    const queue = findJobKind(job.type)?.queue;
    return queue === undefined || queue === null ? undefined : queues.get(queue);
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
  const moveAhead = async (jobs: readonly Delivery[]): Promise<void> => {
    await deliverNow(jobs);
    for (const job of jobs) {
      const waiting: BullJob | undefined = await queueOf(job)?.getJob(bullIdOf(job));
      // One that has been taken or is gone needs no other place.
      await waiting?.changePriority({ priority: job.place }).catch(() => undefined);
    }
  };
  return {
    deliverNow,
    moveAhead,
    isPaused: (name) => queues.get(name)?.isPaused() ?? Promise.resolve(false),
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

const bullIdOf = ({ id, fence }: Delivery): string => `${id}-${fence}`;

/** The queue holds ids only; retries and their delays are decided by the consumer from the row. */
function optionsOf(job: Delivery): JobsOptions {
  return {
    jobId: bullIdOf(job),
    priority: job.place,
    delay: Math.max(0, job.runAt.getTime() - Date.now()),
    attempts: 1,
    removeOnComplete: true,
    removeOnFail: true,
  };
}
