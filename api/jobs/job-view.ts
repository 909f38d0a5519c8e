import type { Job, JobAttempt, JobFailure } from '#shared/domain/types.ts';
import type { ShownProgress } from '#db/queries/job-progress.ts';

/** A job with what it shows of its progress. */
export interface ShownJob {
  readonly job: Job;
  readonly shown: ShownProgress;
  /** The job that tells its end to a webhook, once there is one. */
  readonly webhook?: Job | undefined;
}

export const jobView = ({ job, shown, webhook }: ShownJob, now: Date = new Date()) => {
  const error = job.error ?? shown.retryError;
  return {
    id: job.id,
    type: job.type,
    status: job.status,
    priority: job.priority,
    progress: progressView(shown, job.finishedAt !== null, now),
    attempts: job.attempts,
    error: errorView(error, job.finishedAt !== null),
    result: job.result ?? null,
    webhook: job.webhookUrl === null ? null : webhookView(job.webhookUrl, webhook),
    created_at: job.createdAt.toISOString(),
    started_at: job.startedAt?.toISOString() ?? null,
    finished_at: job.finishedAt?.toISOString() ?? null,
  };
};

const errorView = (error: JobFailure | null, over: boolean) =>
  error && {
    code: error.code,
    message: error.message,
    remedy: error.remedy,
    stage: error.stage,
    retryable: error.retryable,
    next_retry_at: over ? null : error.nextRetryAt,
  };

function webhookView(url: string, delivery: Job | undefined) {
  if (delivery === undefined) return { url, status: 'waiting', attempts: 0, error: null, delivered_at: null };
  const { status, finishedAt } = delivery;
  const delivered = status === 'succeeded';
  return {
    url,
    status: finishedAt === null ? 'pending' : delivered ? 'delivered' : 'failed',
    attempts: delivery.attempts,
    error: errorView(delivery.error, finishedAt !== null),
    delivered_at: delivered ? (finishedAt?.toISOString() ?? null) : null,
  };
}

export const attemptView = (attempt: JobAttempt) => ({
  job_id: attempt.jobId,
  type: attempt.type,
  attempt: attempt.attempt,
  outcome: attempt.outcome,
  stage: attempt.stage,
  error: errorView(attempt.error, attempt.outcome !== 'retry'),
  started_at: attempt.startedAt.toISOString(),
  ended_at: attempt.endedAt?.toISOString() ?? null,
});

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
