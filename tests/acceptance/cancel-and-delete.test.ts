import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, suite, test } from 'node:test';
import { jobCatalog } from '#shared/queue/catalog.ts';
import { registerAdmin } from '#tests/support/admin.ts';
import { startEmbeddingServer } from '#tests/support/embedding-server.ts';
import type { EmbeddingServer } from '#tests/support/embedding-server.ts';
import type { HttpClient, Json } from '#tests/support/http-client.ts';
import { holdChunking } from '#tests/support/hold-chunking.ts';
import {
  accepted,
  assertComplete,
  endOfJob,
  getDocument,
  orphansOf,
  storedOf,
} from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { Owner, TestStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';
import type { WorkerProcess } from '#tests/support/worker-process.ts';

const NOTHING = { chunks: 0, vectors: 0, failed: 0, texts: 0, files: 0 };
const LONG = Array.from(
  { length: 40 },
  (_, index) => `Verse ${index}. ${'The donkey sings of oats and rain. '.repeat(30)}`,
).join('\n\n');

suite('promise 52: documents that are not wanted after all', () => {
  let stage: TestStage;
  let server: EmbeddingServer;
  let owner: Owner;
  let admin: HttpClient;
  let worker: WorkerProcess;
  before(async () => {
    server = await startEmbeddingServer();
    stage = await startStage({ ...server.env, EMBEDDING_BATCH_SIZE: '4' });
    owner = await stage.newOwner();
    admin = (await registerAdmin(stage.app)).client;
    worker = await stage.startWorker();
  });
  beforeEach(() => server.behave('hold'));
  afterEach(() => server.release());
  after(async () => {
    await stage[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  /** The worker has said of every job it had in hand for the document that it let go. */
  const lettingGo = async (documentId: string): Promise<void> => {
    const jobs = await stage.sql<{ id: string }>(
      'select id from jobs where document_id = $1 and queue is not null and fence > 0 and finished_at is not null',
      [documentId],
    );
    const done = (id: string): boolean =>
      worker.logs.some(({ job_id: jobId, msg }) => jobId === id && msg !== 'job attempt failed');
    await waitFor(() => jobs.every(({ id }) => done(id)), { description: 'the worker to let go' });
  };
  const remove = async (documentId: string): Promise<void> => {
    assert.equal((await owner.client.delete(`documents/${documentId}`)).status, 204);
    assert.deepEqual(await storedOf(stage, documentId), NOTHING);
  };
  const assertGone = async (documentId: string, jobId: string): Promise<void> => {
    assert.deepEqual(await storedOf(stage, documentId), NOTHING);
    assert.deepEqual(await orphansOf(stage), []);
    for (const path of ['', '/chunks', '/content', '/text', '/progress'])
      assert.equal((await owner.client.get(`documents/${documentId}${path}`)).status, 404, path);
    const open = await stage.sql(
      `select type from jobs where document_id = $1 and status in ('queued', 'running')`,
      [documentId],
    );
    assert.deepEqual(open, []);
    const { body } = await owner.client.get(`jobs/${jobId}`);
    assert.ok(['cancelled', 'succeeded', 'failed', 'dead'].includes(body.data.status));
    const listed = (await owner.client.get('documents?limit=100')).body.data as { id: string }[];
    assert.ok(listed.every(({ id }) => id !== documentId));
    const found = (await owner.client.post('search', { query: 'oats and rain', limit: 50 })).body.data;
    assert.ok((found as { document_id: string }[]).every((hit) => hit.document_id !== documentId));
    const statistics = await stage.sql(
      `select chunk_count from text_statistics s where s.user_id = $1 and s.chunk_count <>
         (select count(*) from document_chunks c join documents d on d.id = c.document_id and d.live_revision = c.revision
          where c.user_id = s.user_id)`,
      [owner.id],
    );
    assert.deepEqual(statistics, []);
  };

  test('deleted while its chunks are being embedded', async () => {
    const { documentId, jobId } = accepted(await owner.uploadText('Embedded', LONG));
    await waitFor(() => server.held === 4, { description: 'its chunks to be embedded' });
    await remove(documentId);
    await lettingGo(documentId);
    server.release();
    await assertGone(documentId, jobId);
  });

  test('deleted while its chunks are being stored', async () => {
    await using hold = await holdChunking(stage);
    const { documentId, jobId } = accepted(await owner.uploadText('Stored', `${LONG} Stored.`));
    await hold.reached();
    const removing = remove(documentId);
    await hold.release();
    await removing;
    await lettingGo(documentId);
    server.release();
    await assertGone(documentId, jobId);
  });

  test('deleted while search is asked for it', async () => {
    server.release();
    await stage.sql(`create function hold_publishing() returns trigger language plpgsql as
      $$ begin perform pg_sleep(1); return new; end $$`);
    await stage.sql(
      'create trigger hold_publishing before insert or update on text_statistics for each row execute function hold_publishing()',
    );
    const { documentId, jobId } = accepted(await owner.uploadText('Asked', 'Asked for, with oats and rain.'));
    const verifying = async (): Promise<boolean> =>
      (
        await stage.sql(
          `select 1 from jobs where document_id = $1 and type = 'document.verify' and status = 'running'`,
          [documentId],
        )
      ).length > 0;
    await waitFor(verifying, { description: 'the document to be verified' });
    await remove(documentId);
    await stage.sql('drop trigger hold_publishing on text_statistics');
    await stage.sql('drop function hold_publishing');
    await lettingGo(documentId);
    await assertGone(documentId, jobId);
  });

  test('deleted while a new version is taking its place', async () => {
    server.release();
    const first = accepted(await owner.uploadText('Replaced', 'Version one, with oats and rain.'));
    await endOfJob(owner.client, first.jobId);
    server.behave('hold');
    const second = accepted(
      await owner.client.put(`documents/${first.documentId}/content`, { text: `${LONG} Version two.` }),
    );
    await waitFor(() => server.held === 4, { description: 'the new version to be embedded' });
    await remove(first.documentId);
    await lettingGo(first.documentId);
    server.release();
    await assertGone(first.documentId, second.jobId);
  });

  test('deleted when it has failed for good', async () => {
    server.behave({ status: 400 });
    const { documentId, jobId } = accepted(await owner.uploadText('Dead', 'Failed, with oats and rain.'));
    assert.equal((await endOfJob(owner.client, jobId)).status, 'failed');
    await remove(documentId);
    await assertGone(documentId, jobId);
  });

  /** Stages of an ingestion, and how each is made to fail for a while: longer than it is tried. */
  const stages = [
    { type: 'document.chunk', fault: 'before insert on document_chunks', code: 'internal.error' },
    { type: 'document.embed', fault: null, code: 'embedding.unavailable' },
    { type: 'document.verify', fault: 'before insert or update on text_statistics', code: 'internal.error' },
  ] as const;

  for (const { type, fault, code } of stages)
    test(`deleted when ${type} is a dead letter; running it again writes nothing`, async () => {
      const spent = jobCatalog[type].maxFailures - 1;
      await stage.sql(`create function spend_attempts() returns trigger language plpgsql as
        $$ begin new.failures := ${spent}; return new; end $$`);
      await stage.sql(`create trigger spend_attempts before insert on jobs for each row
        when (new.type = '${type}') execute function spend_attempts()`);
      await stage.sql(`create function fail_stage() returns trigger language plpgsql as
        $$ begin raise exception 'out of order'; end $$`);
      if (fault !== null)
        await stage.sql(`create trigger fail_stage ${fault} for each row execute function fail_stage()`);
      server.behave(fault === null ? { status: 500 } : 'answer');
      const { documentId, jobId } = accepted(
        await owner.uploadText('Dead', `Dead at ${type}, with oats and rain.`),
      );
      const job = await endOfJob(owner.client, jobId);
      assert.deepEqual([job.status, job.error.code], ['dead', code]);
      await stage.sql('drop function spend_attempts cascade');
      await stage.sql('drop function fail_stage cascade');
      server.release();
      const letters = async (): Promise<Json[]> =>
        ((await admin.get('admin/dead-letters?limit=100')).body.data as Json[]).filter(
          (letter) => letter.document_id === documentId,
        );
      const [letter] = await letters();
      assert.equal(letter?.type, type);
      await remove(documentId);
      await assertGone(documentId, jobId);
      assert.deepEqual(await letters(), [], 'nobody is asked to look after it');
      const replayed = await admin.post('admin/dead-letters/replay', { ids: [letter!.id] });
      assert.deepEqual(replayed.body.data.skipped, [{ id: letter!.id, code: 'job.not_found' }]);
      // Whatever was done after it would be done by now.
      const last = accepted(await owner.uploadText('Behind', `Uploaded behind ${letter!.id}.`));
      await endOfJob(owner.client, last.jobId);
      await assertGone(documentId, jobId);
    });

  test('gone with its assistant, one while its chunks are embedded and one while they are stored', async () => {
    const reader = (await owner.client.post('assistants', { name: 'Reader' })).body.data;
    const upload = async (title: string) =>
      accepted(
        await owner.client.post('documents', { assistant_id: reader.id, title, text: `${LONG} ${title}.` }),
      );
    const embedded = await upload('Embedded with it');
    await waitFor(() => server.held === 4, { description: 'its chunks to be embedded' });
    await using hold = await holdChunking(stage);
    const stored = await upload('Stored with it');
    await hold.reached();
    const removing = owner.client.delete(`assistants/${reader.id}?force=true`);
    await hold.release();
    assert.equal((await removing).status, 204);
    for (const { documentId } of [embedded, stored]) await lettingGo(documentId);
    server.release();
    for (const { documentId, jobId } of [embedded, stored]) await assertGone(documentId, jobId);
    assert.equal((await owner.client.get(`assistants/${reader.id}`)).status, 404);
  });

  test('deleted when it is complete; the same bytes are then a new document', async () => {
    server.release();
    const first = accepted(await owner.uploadText('Complete', 'Complete and gone, with oats and rain.'));
    await endOfJob(owner.client, first.jobId);
    await assertComplete(stage, owner.client, first.documentId);
    await remove(first.documentId);
    await assertGone(first.documentId, first.jobId);
    const again = accepted(await owner.uploadText('Complete', 'Complete and gone, with oats and rain.'));
    assert.notEqual(again.documentId, first.documentId);
    await endOfJob(owner.client, again.jobId);
    await assertComplete(stage, owner.client, again.documentId);
  });

  test('deleted while it waits for its retry', async () => {
    server.behave({ status: 429, headers: { 'retry-after': '1000' } });
    const { documentId, jobId } = accepted(await owner.uploadText('Waiting', 'Waits, with oats and rain.'));
    await waitFor(async () => (await owner.client.get(`jobs/${jobId}`)).body.data.error !== null, {
      description: 'the job to wait',
    });
    await remove(documentId);
    await assertGone(documentId, jobId);
  });

  test('cancelled while it is embedded: failed, nothing written afterwards, and a retry at once completes it', async () => {
    const { documentId, jobId } = accepted(await owner.uploadText('Cancelled', `${LONG} Cancelled.`));
    await waitFor(() => server.held === 4, { description: 'its chunks to be embedded' });
    assert.equal((await owner.client.delete(`jobs/${jobId}`)).status, 204);
    const document = await getDocument(owner.client, documentId);
    assert.equal(document.status, 'failed');
    assert.equal(document.error.code, 'document.cancelled');
    const stored = await storedOf(stage, documentId);
    assert.equal(stored.vectors, 0);
    server.release();
    await lettingGo(documentId);
    assert.deepEqual(await storedOf(stage, documentId), stored);
    assert.deepEqual(await getDocument(owner.client, documentId), document);
    assert.equal((await owner.client.get(`jobs/${jobId}`)).body.data.status, 'cancelled');
    const twice = await owner.client.delete(`jobs/${jobId}`);
    assert.deepEqual([twice.status, twice.body.code], [409, 'job.finished']);
    accepted(await owner.client.post(`documents/${documentId}/retry`));
    assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
    await assertComplete(stage, owner.client, documentId);
  });

  test('cancelled and retried at once, while the worker still has the old attempt in hand', async () => {
    const { documentId, jobId } = accepted(await owner.uploadText('In a hurry', 'Cancelled in a hurry.'));
    await waitFor(() => server.held === 1, { description: 'it to be embedded' });
    // The worker learns of a cancellation with its next heartbeat, and must not be asked before that.
    const attempts = Promise.all([
      owner.client.delete(`jobs/${jobId}`),
      waitFor(
        async () => {
          const answer = await owner.client.post(`documents/${documentId}/retry`);
          return answer.status === 202 && answer;
        },
        { description: 'the retry to be accepted' },
      ),
    ]);
    const [cancelled] = await attempts;
    assert.equal(cancelled.status, 204);
    server.release();
    assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
    await assertComplete(stage, owner.client, documentId);
  });

  test('deleted and cancelled before any worker has seen it', async () => {
    assert.deepEqual(await worker.stop('SIGTERM'), { code: 0, signal: null });
    const deleted = accepted(await owner.uploadText('Unseen', 'Deleted unseen, with oats and rain.'));
    const cancelled = accepted(await owner.uploadText('Unseen too', 'Cancelled unseen, with oats.'));
    await remove(deleted.documentId);
    assert.equal((await owner.client.delete(`jobs/${cancelled.jobId}`)).status, 204);
    server.release();
    worker = await stage.startWorker();
    const last = accepted(await owner.uploadText('Seen', 'Seen by the worker.'));
    await endOfJob(owner.client, last.jobId);
    await assertGone(deleted.documentId, deleted.jobId);
    assert.equal((await getDocument(owner.client, cancelled.documentId)).error.code, 'document.cancelled');
    assert.equal((await storedOf(stage, cancelled.documentId)).chunks, 0);
    assert.equal((await owner.client.get(`jobs/${cancelled.jobId}`)).body.data.attempts, 0);
  });
});
