import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startEmbeddingServer } from '#tests/support/embedding-server.ts';
import { accepted, assertComplete, endOfJob } from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';

test('a worker that is paused beyond its lock and comes back changes nothing: one effect', async () => {
  await using server = await startEmbeddingServer();
  await using stage = await startStage(server.env);
  const owner = await stage.newOwner();
  const paused = await stage.startWorker();
  server.behave('hold');
  const { documentId, jobId } = accepted(await owner.uploadText('Paused', 'A donkey stops when it likes.'));
  await waitFor(() => server.held === 1, { description: 'the worker to be embedding' });
  process.kill(paused.pid, 'SIGSTOP');
  try {
    await using _ = await stage.startWorker();
    await waitFor(() => server.held === 2, { description: 'another worker to take the job over' });
    // Both are answered; the first finds its answer when it wakes.
    server.release();
    assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
    await assertComplete(stage, owner.client, documentId);
    const rows = () =>
      stage.sql(
        `select j.id, j.fence, j.attempts, j.lost_workers, j.status, j.finished_at, e.xmin::text as version
         from jobs j join chunk_embeddings e on e.document_id = j.document_id
         where j.document_id = $1 and j.type = 'document.embed'`,
        [documentId],
      );
    const before = await rows();
    assert.equal(before.length, 1);
    assert.equal(before[0]?.lost_workers, 1);
    process.kill(paused.pid, 'SIGCONT');
    await waitFor(() => paused.logs.some(({ msg }) => msg === 'job was cancelled or taken over'), {
      description: 'the first to notice that the job is not its own any more',
    });
    assert.deepEqual(await rows(), before);
    await assertComplete(stage, owner.client, documentId);
  } finally {
    process.kill(paused.pid, 'SIGCONT');
  }
  assert.deepEqual(await paused.stop('SIGTERM'), { code: 0, signal: null });
});
