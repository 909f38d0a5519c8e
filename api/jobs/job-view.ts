import type { Job } from '#shared/domain/types.ts';
import type { ShownProgress } from '#db/queries/job-progress.ts';

/** A job with what it shows of its progress. */
export interface ShownJob {
  readonly job: Job;
  readonly shown: ShownProgress;
}

export const jobView = ({ job, shown }: ShownJob, now: Date = new Date()) => {
  const error = job.error ?? shown.retryError;
  return {
    id: job.id,
    type: job.type,
    status: job.status,
    priority: job.priority,
    progress: progressView(shown, job.finishedAt !== null, now),
    attempts: job.attempts,
    error: error && {
      code: error.code,
      message: error.message,
      remedy: error.remedy,
      stage: error.stage,
      retryable: error.retryable,
      next_retry_at: job.finishedAt === null ? error.nextRetryAt : null,
    },
    result: job.result ?? null,
    created_at: job.createdAt.toISOString(),
    started_at: job.startedAt?.toISOString() ?? null,
    finished_at: job.finishedAt?.toISOString() ?? null,
  };
};

/** Percentage and remaining time are those of the current stage, taken from its pace so far. */
function progressView({ progress, stageStartedAt }: ShownProgress, finished: boolean, now: Date) {
  const { stage, done, total } = progress;
  const percent =
    total === null || total === 0 ? null : Math.min(100, Math.round((done / total) * 1000) / 10);
  const elapsed = stageStartedAt === null ? null : (now.getTime() - stageStartedAt.getTime()) / 1000;
  const eta =
    finished || total === null || elapsed === null || done === 0
      ? null
      : Math.max(0, Math.round((elapsed / done) * (total - done)));
  return { stage, done, total, percent, eta_seconds: eta };
}
