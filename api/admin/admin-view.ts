import { attemptView } from '#api/jobs/job-view.ts';
import type { Job, JobAttempt } from '#shared/domain/types.ts';
import type { QueueState } from './queue-service.ts';

/** A dead job as administrators see it: whose it is and what became of it, but none of the owner's texts. */
export const deadLetterView = (job: Job) => ({
  id: job.id,
  user_id: job.userId,
  document_id: job.documentId,
  parent_id: job.parentId,
  type: job.type,
  queue: job.queue,
  priority: job.priority,
  payload: job.payload,
  attempts: job.attempts,
  failures: job.failures,
  lost_workers: job.lostWorkers,
  code: job.error?.code ?? null,
  message: job.error?.message ?? null,
  stage: job.error?.stage ?? null,
  correlation_id: job.correlationId,
  created_at: job.createdAt.toISOString(),
  died_at: job.finishedAt?.toISOString() ?? null,
});

export const fullAttemptView = (attempt: JobAttempt) => ({
  ...attemptView(attempt),
  worker: attempt.worker,
});

/** Sums over the priorities, and what each adds to them. */
export const queueView = ({ name, paused, consumers, loads, dead }: QueueState) => ({
  name,
  paused,
  consumers,
  ...sums(loads),
  dead,
  by_priority: Object.fromEntries(
    (['high', 'medium', 'low'] as const).map((priority) => [
      priority,
      sums(loads.filter((load) => load.priority === priority)),
    ]),
  ),
});

function sums(loads: QueueState['loads']) {
  const sum = (key: 'waiting' | 'delayed' | 'running'): number =>
    loads.reduce((total, load) => total + load[key], 0);
  return {
    waiting: sum('waiting'),
    delayed: sum('delayed'),
    running: sum('running'),
    oldest_seconds: Math.round(Math.max(0, ...loads.map((load) => load.oldestSeconds)) * 10) / 10,
  };
}
