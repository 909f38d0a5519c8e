import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { startEmbeddingServer } from './embedding-server.ts';
import { accepted, endOfJob } from './ingestion.ts';
import { startStage } from './test-stage.ts';
import { waitFor } from './wait-for.ts';

interface DrainOptions {
  readonly jobs: number;
  readonly end: 'in time' | 'never';
  /** SHUTDOWN_TIMEOUT_MS. */
  readonly deadlineMs: number;
}

/** Promise 11: a worker that is told to stop while it has jobs in hand. */
export async function stopWithJobs(t: TestContext, { jobs, end, deadlineMs }: DrainOptions): Promise<void> {
  await using server = await startEmbeddingServer();
  await using stage = await startStage({
    ...server.env,
    // The provider's own limit must not end a call before the worker does.
    EMBEDDING_TIMEOUT_MS: '100000',
    CONCURRENCY_EMBEDDING: String(jobs),
    SHUTDOWN_TIMEOUT_MS: String(deadlineMs),
  });
  const owner = await stage.newOwner();
  server.behave('hold');
  const worker = await stage.startWorker();
  const uploads = [];
  for (let number = 1; number <= jobs; number += 1)
    uploads.push(accepted(await owner.uploadText(`In hand ${number}`, `Text in hand, number ${number}.`)));
  await waitFor(() => server.held === jobs, { description: 'all jobs to be in hand' });
  const told = Date.now();
  const ended = worker.stop('SIGTERM');
  await waitFor(() => worker.logs.some(({ msg }) => msg === 'worker is stopping'), {
    description: 'the signal',
  });
  if (end === 'in time') server.release();
  assert.deepEqual(await ended, { code: 0, signal: null });
  const took = (Date.now() - told) / 1000;
  const outcomes = await stage.sql<{ outcome: string; count: number }>(
    `select a.outcome, count(*)::int as count from job_attempts a join jobs j on j.id = a.job_id
     where j.type = 'document.embed' group by 1`,
  );
  assert.deepEqual(outcomes, [{ outcome: end === 'in time' ? 'succeeded' : 'released', count: jobs }]);
  const [stalled] = await stage.sql<{ count: number }>(
    `select count(*)::int as count from jobs where status = 'running' and queue is not null or lost_workers > 0`,
  );
  assert.equal(stalled?.count, 0);
  server.release();
  await using _ = await stage.startWorker();
  for (const { jobId } of uploads) assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
  t.diagnostic(
    `SIGTERM during ${jobs} jobs, ${end === 'in time' ? 'all finished' : 'all given back'}: exit after ${took.toFixed(1)} s, 0 stalled, all documents done afterwards`,
  );
  assert.ok(took < 30);
}
