import assert from 'node:assert/strict';
import { after, afterEach, before, suite, test } from 'node:test';
import { registerAdmin } from '#tests/support/admin.ts';
import { startEmbeddingServer } from '#tests/support/embedding-server.ts';
import type { EmbeddingServer } from '#tests/support/embedding-server.ts';
import type { HttpClient, TestResponse } from '#tests/support/http-client.ts';
import { accepted, assertComplete, endOfJob, getDocument, storedOf } from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { Owner, TestStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const longText = (word: string): string =>
  Array.from(
    { length: 12 },
    (_, part) => `Part ${part} of ${word}. ${`The herd eats ${word}. `.repeat(60)}`,
  ).join('\n\n');

suite('vectors of a document that are made anew', () => {
  let stage: TestStage;
  let server: EmbeddingServer;
  let owner: Owner;
  let admin: HttpClient;
  before(async () => {
    server = await startEmbeddingServer();
    stage = await startStage({ ...server.env, EMBEDDING_BATCH_SIZE: '4', HIGH_PRIORITY_PER_USER: '2' });
    owner = await stage.newOwner();
    admin = (await registerAdmin(stage.app)).client;
    await stage.startWorker();
  });
  afterEach(() => server.release());
  after(async () => {
    await stage[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const embedAnew = (id: string, client = owner.client): Promise<TestResponse> =>
    client.post(`documents/${id}/embeddings`);
  const complete = async (title: string, text: string): Promise<string> => {
    const { documentId, jobId } = accepted(await owner.uploadText(title, text));
    await endOfJob(owner.client, jobId);
    await assertComplete(stage, owner.client, documentId);
    return documentId;
  };
  const hits = async (word: string, id: string): Promise<number> =>
    (await owner.client.post('search', { query: word, document_ids: [id], limit: 50 })).body.data.length;
  const vectorIds = async (id: string): Promise<string[]> =>
    (
      await stage.sql<{ chunk_id: string }>('select chunk_id from chunk_embeddings where document_id = $1', [
        id,
      ])
    ).map(({ chunk_id: chunkId }) => chunkId);

  test('are made beside those that search reads, first in line, without reading the file again', async () => {
    const id = await complete('Again', longText('barley'));
    const before = { vectors: await vectorIds(id), hits: await hits('barley', id) };
    const calls = server.calls.length;
    server.behave('hold');
    const answer = await embedAnew(id);
    const { jobId } = accepted(answer);
    assert.deepEqual([answer.body.data.job.type, answer.body.data.job.priority], ['document.ingest', 'high']);
    await waitFor(() => server.held > 0, { description: 'it to be embedded again' });
    assert.equal(await hits('barley', id), before.hits);
    // Asked for again while it is under way: it is the same job.
    const again = await Promise.all([embedAnew(id), embedAnew(id), embedAnew(id)]);
    assert.deepEqual(
      again.map((response) => accepted(response).jobId),
      [jobId, jobId, jobId],
    );
    server.release();
    assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
    await assertComplete(stage, owner.client, id);
    const texts = server.calls
      .slice(calls)
      .flat()
      .filter((text) => text !== 'barley');
    assert.equal(new Set(texts).size, before.vectors.length, 'each text was sent to the provider again');
    const now = await vectorIds(id);
    assert.equal(now.length, before.vectors.length);
    assert.ok(now.every((chunk) => !before.vectors.includes(chunk)));
    assert.deepEqual(Object.values(await storedOf(stage, id)).slice(3), [1, 1]);
    assert.equal(await hits('barley', id), before.hits);
    const stages = (await owner.client.get(`documents/${id}/progress`)).body.data.stages;
    assert.equal(stages[0].started_at, stages[0].finished_at, 'nothing was extracted');
    const audit = await stage.sql(
      `select 1 from audit_events where action = 'document.embed' and target_id = $1`,
      [id],
    );
    assert.equal(audit.length, 1);
  });

  test('twenty people who ask at once start it once', async () => {
    const id = await complete('Once', 'The herd eats chicory.');
    const answers = await Promise.all(Array.from({ length: 20 }, () => embedAnew(id)));
    const ids = new Set(answers.map((answer) => accepted(answer).jobId));
    for (const jobId of ids) await endOfJob(owner.client, jobId);
    const made = await stage.sql(`select 1 from jobs where type = 'document.ingest' and document_id = $1`, [
      id,
    ]);
    assert.ok(made.length - 1 === ids.size && ids.size <= 2, `${ids.size} jobs`);
    await assertComplete(stage, owner.client, id);
  });

  test('a document that had failed is taken up where it failed, first in line', async () => {
    server.behave({ status: 400 });
    const upload = accepted(await owner.uploadText('Failed', longText('nettles')));
    assert.equal((await endOfJob(owner.client, upload.jobId)).status, 'failed');
    const { chunks } = await storedOf(stage, upload.documentId);
    server.release();
    const { jobId } = accepted(await embedAnew(upload.documentId));
    const job = await endOfJob(owner.client, jobId);
    assert.deepEqual([job.status, job.priority], ['succeeded', 'high']);
    await assertComplete(stage, owner.client, upload.documentId);
    assert.equal((await storedOf(stage, upload.documentId)).chunks, chunks);
  });

  test('fail to be made: the vectors before go on serving, and asking again completes it', async () => {
    const id = await complete('Serves on', longText('clover'));
    const before = await hits('clover', id);
    server.behave({ status: 400 });
    const failed = await endOfJob(owner.client, accepted(await embedAnew(id)).jobId);
    assert.equal(failed.status, 'failed');
    const document = await getDocument(owner.client, id);
    assert.deepEqual(
      [document.status, document.searchable, document.error.code],
      ['partial', true, 'embedding.rejected'],
    );
    server.release();
    assert.equal(await hits('clover', id), before);
    assert.equal((await endOfJob(owner.client, accepted(await embedAnew(id)).jobId)).status, 'succeeded');
    await assertComplete(stage, owner.client, id);
  });

  test('of every model that is in use or being built', async () => {
    const id = await complete('Both', longText('thistles'));
    const { body } = await admin.post('admin/embedding-models', {
      provider: 'openai',
      name: 'words-32',
      dimensions: 32,
    });
    assert.equal((await admin.post(`admin/embedding-models/${body.data.id}/build`)).status, 202);
    await endOfJob(owner.client, accepted(await embedAnew(id)).jobId);
    const byModel = () =>
      stage.sql<{ count: number }>(
        `select model_id, count(*)::int as count from chunk_embeddings e join document_chunks c on c.id = e.chunk_id
         join documents d on d.id = c.document_id and d.live_revision = c.revision
         where d.id = $1 and e.status = 'embedded' group by model_id`,
        [id],
      );
    const { chunks } = await storedOf(stage, id);
    await waitFor(
      async () => {
        const rows = await byModel();
        return rows.length === 2 && rows.every(({ count }) => count === chunks);
      },
      { description: 'the vectors of both models' },
    );
    assert.equal((await admin.delete(`admin/embedding-models/${body.data.id}`)).status, 202);
    const busy = () =>
      stage.sql(`select 1 from jobs where type like 'embedding.%' and status in ('queued', 'running')`);
    await waitFor(async () => (await busy()).length === 0, { description: 'the model to be dropped' });
  });

  test('are for the owner, and for a limited number of documents at a time', async () => {
    const ids = [];
    for (const word of ['ash', 'birch', 'cedar'])
      ids.push(await complete(word, `The herd sleeps under ${word}.`));
    const stranger = await stage.newOwner();
    const denied = await embedAnew(ids[0]!, stranger.client);
    assert.deepEqual([denied.status, denied.body.code], [404, 'document.not_found']);
    server.behave('hold');
    const jobs = [];
    for (const id of ids.slice(0, 2)) jobs.push(accepted(await embedAnew(id)).jobId);
    const refused = await embedAnew(ids[2]!);
    assert.deepEqual([refused.status, refused.body.code], [409, 'job.priority_limit']);
    assert.equal((await getDocument(owner.client, ids[2]!)).status, 'completed', 'nothing was begun');
    server.release();
    for (const jobId of jobs) await endOfJob(owner.client, jobId);
  });
});
