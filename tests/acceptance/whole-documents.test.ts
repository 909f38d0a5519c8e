import assert from 'node:assert/strict';
import { after, afterEach, before, suite, test } from 'node:test';
import { startEmbeddingServer } from '#tests/support/embedding-server.ts';
import type { EmbeddingServer } from '#tests/support/embedding-server.ts';
import { makePdf } from '#tests/support/fixtures/pdf-files.ts';
import type { Json } from '#tests/support/http-client.ts';
import { accepted, assertComplete, endOfJob, getDocument } from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { Owner, TestStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';

suite('a document is complete when search finds it', () => {
  let stage: TestStage;
  let server: EmbeddingServer;
  let owner: Owner;
  before(async () => {
    server = await startEmbeddingServer();
    stage = await startStage({
      ...server.env,
      EMBEDDING_BATCH_SIZE: '10',
      CHUNK_SIZE_TOKENS: '40',
      CHUNK_OVERLAP_TOKENS: '0',
    });
    owner = await stage.newOwner();
    await stage.startWorker();
  });
  afterEach(() => server.release());
  after(async () => {
    await stage[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const stagesOf = async (id: string): Promise<Json[]> =>
    (await owner.client.get(`documents/${id}/progress`)).body.data.stages;
  const retryOf = (jobId: string, code: string): Promise<Json> =>
    waitFor(
      async () => {
        const { data } = (await owner.client.get(`jobs/${jobId}`)).body;
        return data.error?.code === code && data;
      },
      { description: `the job to fail with ${code}`, timeoutMs: 120_000 },
    );

  test('its stages tell when each began and ended, and how much it was', async () => {
    const pages = ['Donkeys like thistles.', 'Goats like them too.', ''];
    server.behave('hold');
    const file = { name: 'stages.pdf', bytes: await makePdf({ pages }) };
    const { documentId, jobId } = accepted(await owner.uploadFile(file));
    await waitFor(() => server.held === 1, { description: 'its chunks to be embedded' });
    const [extract, chunk, embed, verify] = await stagesOf(documentId);
    assert.deepEqual([extract.done, extract.total, chunk.total], [3, 3, 1]);
    assert.deepEqual([embed.done, embed.total, embed.finished_at], [0, 1, null]);
    assert.deepEqual([verify.done, verify.started_at], [0, null]);
    assert.equal((await getDocument(owner.client, documentId)).searchable, false);
    server.release();
    await endOfJob(owner.client, jobId);
    const stages = await stagesOf(documentId);
    assert.deepEqual(
      stages.map(({ stage: name, done, total }) => [name, done, total]),
      [
        ['extract', 3, 3],
        ['chunk', 1, 1],
        ['embed', 1, 1],
        ['verify', 1, 1],
      ],
    );
    const times = stages.flatMap((each) => [Date.parse(each.started_at), Date.parse(each.finished_at)]);
    assert.ok(times.every(Number.isFinite), JSON.stringify(stages));
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
    assert.equal((await getDocument(owner.client, documentId)).searchable, true);
  });

  test('promise 47: one that search does not find is not complete, and is looked for again', async () => {
    // Search looks at no chunk of a user of whom it is said that there are none.
    await stage.sql(`create function hide() returns trigger language plpgsql as
      $$ begin new.chunk_count := 0; return new; end $$`);
    await stage.sql(
      `create trigger hide before insert or update on text_statistics for each row execute function hide()`,
    );
    const hidden = await stage.newOwner();
    const { documentId, jobId } = accepted(await hidden.uploadText('Hidden', 'Nobody finds this donkey.'));
    const error = await waitFor(async () => (await hidden.client.get(`jobs/${jobId}`)).body.data.error, {
      description: 'the document not to be found',
    });
    assert.deepEqual([error.code, error.stage, error.retryable], ['document.not_findable', 'verify', true]);
    assert.ok(error.next_retry_at);
    const document = await getDocument(hidden.client, documentId);
    assert.deepEqual([document.status, document.searchable], ['processing', false]);
    const embedded = server.calls.length;
    await stage.sql('drop trigger hide on text_statistics');
    assert.equal((await endOfJob(hidden.client, jobId)).status, 'succeeded');
    await assertComplete(stage, hidden.client, documentId);
    assert.equal(server.calls.length, embedded, 'nothing was embedded again');
  });

  test('a worker that dies after the extraction leaves a text that is not extracted again', async () => {
    const file = { name: 'resumed.pdf', bytes: await makePdf({ pages: ['A donkey resumes its walk.'] }) };
    await stage.sql(`create function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'no chunks today'; end $$`);
    await stage.sql(
      'create trigger refuse before insert on document_chunks for each row execute function refuse()',
    );
    const { documentId, jobId } = accepted(await owner.uploadFile(file));
    const job = await retryOf(jobId, 'internal.error');
    assert.equal(job.status, 'queued');
    const [extracted] = await stagesOf(documentId);
    assert.ok(extracted.finished_at);
    await stage.sql('drop trigger refuse on document_chunks');
    await endOfJob(owner.client, jobId);
    assert.deepEqual((await stagesOf(documentId))[0], extracted);
    await assertComplete(stage, owner.client, documentId);
  });

  test('promise 50: 1,000 chunks, 429 midway: each is embedded once, and Retry-After is obeyed', async (t) => {
    const words = Array.from(
      { length: 1_000 },
      (_, index) =>
        `Sentence ${index} tells of donkey number ${index} and of hay. ${'It walks on. '.repeat(3)}`,
    );
    let refused = 0;
    const embedded: string[] = [];
    const before = server.calls.length;
    server.behave((texts) => {
      if (server.calls.length - before > 50 && refused < 6) {
        refused += 1;
        return { status: 429, headers: { 'retry-after': '10' } };
      }
      embedded.push(...texts);
      return 'answer';
    });
    const { documentId, jobId } = accepted(await owner.uploadText('Thousand', words.join('\n\n')));
    const waiting = await retryOf(jobId, 'embedding.throttled');
    const wait = (Date.parse(waiting.error.next_retry_at) - Date.now()) / 1000;
    assert.ok(wait > 5 && wait <= 11, `${wait} s`);
    assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
    await assertComplete(stage, owner.client, documentId);
    const { chunk_count: chunks } = await getDocument(owner.client, documentId);
    assert.ok(chunks >= 1_000, String(chunks));
    assert.equal(embedded.length, chunks);
    assert.equal(new Set(embedded).size, chunks);
    t.diagnostic(`${chunks} chunks, ${embedded.length} texts embedded, ${refused} calls refused`);
  });
});
