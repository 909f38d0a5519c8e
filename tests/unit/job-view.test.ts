import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobView } from '#api/jobs/job-view.ts';
import type { Job, JobFailure } from '#shared/domain/types.ts';

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const failure: JobFailure = {
  code: 'embedding.unavailable',
  message: 'away',
  remedy: 'wait',
  stage: 'embed',
  retryable: true,
  nextRetryAt: at(30).toISOString(),
};
const job: Job = {
  id: '01980f60-77aa-7c1e-8f00-3d5f6e7a8b9c',
  userId: 'u',
  parentId: null,
  documentId: 'd',
  assistantId: null,
  type: 'document.ingest',
  queue: null,
  priority: 'medium',
  place: 1,
  webhookUrl: null,
  webhookJobId: null,
  status: 'running',
  payload: {},
  correlationId: null,
  traceparent: null,
  tracestate: null,
  progress: null,
  attempts: 1,
  failures: 0,
  lostWorkers: 0,
  fence: 1,
  error: null,
  result: null,
  runAt: at(0),
  leaseExpiresAt: null,
  state: 1,
  createdAt: at(0),
  updatedAt: at(0),
  startedAt: at(0),
  finishedAt: null,
};
const shown = (done: number, total: number | null) => ({
  progress: { stage: 'embed', done, total },
  stageStartedAt: at(0),
  retryError: null,
  state: 1,
});

test('the remaining time follows from the pace of the stage', () => {
  const view = jobView({ job, shown: shown(25, 100) }, at(10));
  assert.deepEqual(view.progress, { stage: 'embed', done: 25, total: 100, percent: 25, eta_seconds: 30 });
});

test('nothing is promised while the total or the pace is unknown, nor after the end', () => {
  assert.equal(jobView({ job, shown: shown(3, null) }, at(10)).progress.percent, null);
  assert.equal(jobView({ job, shown: shown(0, 100) }, at(10)).progress.eta_seconds, null);
  assert.equal(
    jobView({ job: { ...job, finishedAt: at(9) }, shown: shown(100, 100) }, at(10)).progress.eta_seconds,
    null,
  );
});

test('a retry that is coming is announced, one of the past is not', () => {
  const waiting = { ...shown(1, 2), retryError: failure };
  assert.equal(
    jobView({ job: { ...job, status: 'queued' }, shown: waiting }).error?.next_retry_at,
    failure.nextRetryAt,
  );
  const ended = { ...job, status: 'dead' as const, error: failure, finishedAt: at(40) };
  assert.equal(jobView({ job: ended, shown: shown(1, 2) }).error?.next_retry_at, null);
});
