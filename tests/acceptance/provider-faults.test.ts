import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, suite, test } from 'node:test';
import { jobCatalog } from '#shared/queue/catalog.ts';
import { startEmbeddingServer } from '#tests/support/embedding-server.ts';
import type { EmbeddingServer } from '#tests/support/embedding-server.ts';
import type { Json } from '#tests/support/http-client.ts';
import {
  accepted,
  allChunks,
  assertComplete,
  endOfJob,
  getDocument,
  storedOf,
} from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { Owner, TestStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';
import type { WorkerProcess } from '#tests/support/worker-process.ts';

const CHAPTERS = Array.from(
  { length: 6 },
  (_, chapter) => `Chapter ${chapter + 1} of the herd\n\n${'The herd walks on over the hills. '.repeat(40)}`,
);

suite('an embedding provider with faults', () => {
  let stage: TestStage;
  let server: EmbeddingServer;
  let owner: Owner;
  let worker: WorkerProcess;
  before(async () => {
    server = await startEmbeddingServer();
    stage = await startStage({ ...server.env, EMBEDDING_BATCH_SIZE: '2' });
    owner = await stage.newOwner();
  });
  // The worker's breaker remembers the faults of the test before.
  beforeEach(async () => {
    worker = await stage.startWorker();
  });
  afterEach(async () => {
    server.release();
    await worker.stop('SIGKILL');
  });
  after(async () => {
    await stage[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const waitingForRetry = (jobId: string): Promise<Json> =>
    waitFor(
      async () => {
        const { data } = (await owner.client.get(`jobs/${jobId}`)).body;
        return data.status === 'queued' && data.error !== null && data;
      },
      { description: 'the job to wait for its retry' },
    );

  test('fault 15: an outage: the job waits and says until when, and completes when it is over', async () => {
    let calls = 0;
    server.behave(() => (++calls <= 4 ? { status: 503 } : 'answer'));
    const { documentId, jobId } = accepted(await owner.uploadText('Outage', 'Nothing is lost in an outage.'));
    const job = await waitingForRetry(jobId);
    assert.deepEqual([job.error.code, job.error.retryable], ['embedding.unavailable', true]);
    assert.equal(job.finished_at, null);
    const [embed] = await stage.sql<{ wait: number; failures: number; next: Date }>(
      `select extract(epoch from run_at - updated_at)::float as wait, failures, run_at as next
       from jobs where document_id = $1 and type = 'document.embed'`,
      [documentId],
    );
    const { baseMs } = jobCatalog['document.embed'].backoff;
    assert.equal(embed?.failures, 1);
    assert.ok(embed.wait * 1000 > baseMs / 2 - 100 && embed.wait * 1000 <= baseMs, `waits ${embed.wait} s`);
    assert.equal(job.error.next_retry_at, embed.next.toISOString());
    assert.equal((await getDocument(owner.client, documentId)).status, 'processing');
    const ended = await endOfJob(owner.client, jobId);
    assert.equal(ended.status, 'succeeded');
    assert.equal(ended.error, null);
    await assertComplete(stage, owner.client, documentId);
  });

  test('an outage that outlasts all attempts: dead and failed; a retry takes it up where it stopped', async () => {
    server.behave({ status: 500 });
    const { documentId, jobId } = accepted(await owner.uploadText('Long outage', 'Even a long outage ends.'));
    await waitingForRetry(jobId);
    const spent = jobCatalog['document.embed'].maxFailures - 1;
    await stage.sql(`update jobs set failures = $2 where document_id = $1 and type = 'document.embed'`, [
      documentId,
      spent,
    ]);
    const job = await endOfJob(owner.client, jobId);
    assert.equal(job.status, 'dead');
    assert.deepEqual([job.error.code, job.error.next_retry_at], ['embedding.unavailable', null]);
    const failed = await getDocument(owner.client, documentId);
    assert.equal(failed.status, 'failed');
    assert.equal(failed.error.code, 'embedding.unavailable');
    assert.equal(failed.chunk_count, 1);
    const [chunk] = await allChunks(owner.client, documentId);

    server.release();
    await worker.stop('SIGKILL');
    worker = await stage.startWorker();
    const again = accepted(await owner.client.post(`documents/${documentId}/retry`));
    assert.equal(again.jobId, jobId);
    const ended = await endOfJob(owner.client, jobId);
    assert.equal(ended.status, 'succeeded');
    assert.equal(ended.attempts, 2);
    await assertComplete(stage, owner.client, documentId);
    assert.equal((await allChunks(owner.client, documentId))[0].id, chunk.id, 'it was not chunked again');
    const refused = await owner.client.post(`documents/${documentId}/retry`);
    assert.deepEqual([refused.status, refused.body.code], [409, 'document.not_retryable']);
  });

  test('one passage is refused for good: the others of its batch are not, and the retry embeds only what is missing', async () => {
    server.behave((texts) =>
      texts.some((text) => text.includes('Chapter 1 of')) ? { status: 400 } : 'answer',
    );
    const { documentId, jobId } = accepted(await owner.uploadText('Herd', CHAPTERS.join('\n\n')));
    const job = await endOfJob(owner.client, jobId);
    assert.equal(job.status, 'succeeded');
    assert.deepEqual(job.result, { document_id: documentId, document_status: 'partial' });
    const partial = await getDocument(owner.client, documentId);
    assert.equal(partial.status, 'partial');
    assert.equal(partial.error.code, 'embedding.rejected');
    assert.ok(partial.chunk_count >= 4);
    assert.equal(partial.embedded_count, partial.chunk_count - 1);
    const { chunks, vectors, failed } = await storedOf(stage, documentId);
    assert.deepEqual([chunks, vectors, failed], [partial.chunk_count, partial.embedded_count, 1]);
    const states = (await allChunks(owner.client, documentId)).map((chunk) => chunk.embedding_status);
    assert.equal(states.filter((state) => state === 'failed').length, 1);
    const found = await owner.client.post('search', { query: 'chapter 5 of the herd' });
    assert.equal(found.body.data[0].document_id, documentId);

    server.release();
    const before = server.calls.length;
    accepted(await owner.client.post(`documents/${documentId}/retry`));
    await endOfJob(owner.client, jobId);
    await assertComplete(stage, owner.client, documentId);
    const texts = server.calls.slice(before).flat();
    assert.equal(texts.length, 1, 'what was embedded is not embedded again');
    assert.ok(texts.some((text) => text.includes('Chapter 1 of')));
  });

  test('fault 14: vectors of another length are refused, and none is stored', async () => {
    server.behave({ dimensions: 63 });
    const { documentId, jobId } = accepted(await owner.uploadText('Short', 'Vectors may be too short.'));
    const job = await endOfJob(owner.client, jobId);
    assert.equal(job.status, 'failed');
    assert.deepEqual([job.error.code, job.error.retryable], ['embedding.dimension_mismatch', false]);
    const document = await getDocument(owner.client, documentId);
    assert.deepEqual([document.status, document.embedded_count], ['failed', 0]);
    assert.equal((await storedOf(stage, documentId)).vectors, 0);
    const { body } = await owner.client.post('search', { query: 'vectors too short', mode: 'text' });
    assert.ok(
      body.data.every((hit: Json) => hit.document_id !== documentId),
      'what failed is not found',
    );
    server.release();
    const again = await owner.uploadText('Short', 'Vectors may be too short.');
    assert.equal(accepted(again).documentId, documentId, 'the same bytes again are a retry');
    await endOfJob(owner.client, jobId);
    await assertComplete(stage, owner.client, documentId);
  });

  test('throttled: the pause that the provider asks for is kept', async () => {
    let calls = 0;
    server.behave(() => (++calls === 1 ? { status: 429, headers: { 'retry-after': '600' } } : 'answer'));
    const { documentId, jobId } = accepted(await owner.uploadText('Slow', 'Slowly, says the provider.'));
    const job = await waitingForRetry(jobId);
    assert.equal(job.error.code, 'embedding.throttled');
    const pause = new Date(job.error.next_retry_at).getTime() - Date.now();
    assert.ok(pause > 500_000, `${pause} ms`);
    assert.equal(calls, 1);
    const removed = await owner.client.delete(`documents/${documentId}`);
    assert.equal(removed.status, 204);
  });

  test('fault 15: a search during an outage is answered by text alone, and says so', async () => {
    const { jobId } = accepted(await owner.uploadText('Findable', 'Marzipan is not for donkeys.'));
    assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
    server.behave({ status: 503 });
    const { status, body } = await owner.client.post('search', { query: 'marzipan' });
    assert.equal(status, 200);
    assert.deepEqual([body.meta.degraded, body.meta.embedding_model], [true, null]);
    assert.equal(body.data[0].document_title, 'Findable');
    assert.equal(body.data[0].vector_score, null);
  });
});
