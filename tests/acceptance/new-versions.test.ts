import assert from 'node:assert/strict';
import { after, afterEach, before, suite, test } from 'node:test';
import { startEmbeddingServer } from '#tests/support/embedding-server.ts';
import type { EmbeddingServer } from '#tests/support/embedding-server.ts';
import { makeImageOnlyPdf } from '#tests/support/fixtures/pdf-files.ts';
import type { Json, TestResponse } from '#tests/support/http-client.ts';
import { accepted, assertComplete, endOfJob, getDocument, storedOf } from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { Owner, TestStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const longText = (word: string): string =>
  Array.from(
    { length: 12 },
    (_, part) => `Part ${part} of ${word}. ${`The herd eats ${word}. `.repeat(60)}`,
  ).join('\n\n');

suite('new versions of a document', () => {
  let stage: TestStage;
  let server: EmbeddingServer;
  let owner: Owner;
  before(async () => {
    server = await startEmbeddingServer();
    stage = await startStage({ ...server.env, EMBEDDING_BATCH_SIZE: '4' });
    owner = await stage.newOwner();
    await stage.startWorker();
  });
  afterEach(() => server.release());
  after(async () => {
    await stage[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  const replace = (id: string, text: string, headers = {}): Promise<TestResponse> =>
    owner.client.put(`documents/${id}/content`, { text }, headers);
  const complete = async (title: string, text: string): Promise<string> => {
    const { documentId, jobId } = accepted(await owner.uploadText(title, text));
    await endOfJob(owner.client, jobId);
    await assertComplete(stage, owner.client, documentId);
    return documentId;
  };
  const found = async (query: string, id: string): Promise<Json[]> =>
    (await owner.client.post('search', { query, document_ids: [id], limit: 50 })).body.data;
  const textOf = async (id: string): Promise<string> =>
    String((await owner.client.get(`documents/${id}/text`)).body);

  test('promise 51: the new version replaces the old at once, search never sees both or neither', async (t) => {
    const id = await complete('Swapped', longText('barley'));
    const before = await getDocument(owner.client, id);
    server.behave('hold');
    const answer = await replace(id, longText('clover'));
    const { jobId } = accepted(answer);
    assert.equal(answer.body.data.document.sha256, before.sha256);
    assert.ok(answer.body.data.document.new_version.size > 0);
    await waitFor(() => server.held > 0, { description: 'the new version to be embedded' });
    assert.match(await textOf(id), /barley/);
    assert.equal((await getDocument(owner.client, id)).chunk_count, before.chunk_count);
    const seen = { barley: 0, clover: 0 };
    let ended = false;
    const searching = Promise.all(
      Array.from({ length: 4 }, async () => {
        while (!ended) {
          const { body } = await owner.client.post('search', {
            query: 'barley or clover',
            document_ids: [id],
            mode: 'text',
            limit: 50,
          });
          const words = new Set(
            (body.data as Json[]).map((hit) => (String(hit.text).includes('barley') ? 'barley' : 'clover')),
          );
          assert.equal(words.size, 1, JSON.stringify([...words]));
          seen[[...words][0] as keyof typeof seen] += 1;
        }
      }),
    );
    const replacing = async (): Promise<void> => {
      server.release();
      await endOfJob(owner.client, jobId);
      for (const word of ['barley', 'clover', 'barley', 'clover'])
        await endOfJob(owner.client, accepted(await replace(id, `${longText(word)}${word}`)).jobId);
    };
    await replacing().finally(() => (ended = true));
    await searching;
    t.diagnostic(`searches that saw the one or the other: ${JSON.stringify(seen)}; both or neither: 0`);
    assert.ok(seen.barley > 0 && seen.clover > 0);
    await assertComplete(stage, owner.client, id);
    assert.deepEqual(Object.values(await storedOf(stage, id)).slice(3), [1, 1]);
    const after = await getDocument(owner.client, id);
    assert.deepEqual([after.new_version, after.version], [null, Number(before.version) + 5]);
    assert.match(await textOf(id), /clover/);
    const content = await owner.client.get(`documents/${id}/content`);
    assert.equal(String(content.body), `${longText('clover')}clover`);
  });

  test('one that cannot be taken in leaves the old one live, and the document says so', async () => {
    const id = await complete('Kept', 'The old version tells of oats.');
    const scan = { name: 'scan.pdf', bytes: await makeImageOnlyPdf() };
    const answer = await owner.client.upload(`documents/${id}/content`, {}, scan, 'PUT');
    const job = await endOfJob(owner.client, accepted(answer).jobId);
    assert.equal(job.status, 'failed');
    const document = await getDocument(owner.client, id);
    assert.deepEqual(
      [document.status, document.error.code, document.searchable, document.new_version.filename],
      ['partial', 'document.no_text', true, 'scan.pdf'],
    );
    assert.equal(document.filename, 'Kept.txt');
    assert.equal((await found('oats', id)).length, 1);
    const retried = accepted(await owner.client.post(`documents/${id}/retry`));
    assert.equal((await endOfJob(owner.client, retried.jobId)).status, 'failed');
    assert.equal((await getDocument(owner.client, id)).error.code, 'document.no_text');
    // The bytes of the live version give the other one up.
    const back = await replace(id, 'The old version tells of oats.');
    assert.equal(back.status, 200, JSON.stringify(back.body));
    const restored = await getDocument(owner.client, id);
    assert.deepEqual([restored.status, restored.error, restored.new_version], ['completed', null, null]);
    assert.equal((await storedOf(stage, id)).files, 1);
  });

  test('a failed version is retried at the stage that failed', async () => {
    const id = await complete('Resumed', 'Version one tells of turnips.');
    server.behave({ status: 400 });
    const text = 'Version two tells of parsnips.';
    const { jobId } = accepted(await replace(id, text));
    assert.equal((await endOfJob(owner.client, jobId)).status, 'failed');
    assert.equal((await found('turnips', id)).length, 1);
    server.release();
    // The same bytes once more are a retry.
    assert.equal(accepted(await replace(id, text)).jobId, jobId);
    assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
    await assertComplete(stage, owner.client, id);
    assert.match((await found('parsnips', id))[0].text, /parsnips/);
    const chunking = await stage.sql<{ attempts: number }>(
      `select attempts from jobs where parent_id = $1 and type = 'document.chunk'`,
      [jobId],
    );
    assert.deepEqual(chunking, [{ attempts: 1 }]);
  });

  test('a version that is overtaken by another writes nothing any more', async () => {
    const id = await complete('Overtaken', 'Version one tells of apples.');
    server.behave('hold');
    const overtaken = accepted(await replace(id, 'Version two tells of pears.'));
    await waitFor(() => server.held > 0, { description: 'the second version to be embedded' });
    const last = accepted(await replace(id, 'Version three tells of plums.'));
    server.release();
    await endOfJob(owner.client, last.jobId);
    assert.equal((await endOfJob(owner.client, overtaken.jobId)).status, 'cancelled');
    assert.match(await textOf(id), /plums/);
    assert.deepEqual(await storedOf(stage, id), { chunks: 1, vectors: 1, failed: 0, texts: 1, files: 1 });
  });

  test('a document that has never been complete gets its new file in place of the first', async () => {
    const scan = { name: 'first.pdf', bytes: await makeImageOnlyPdf(3) };
    const first = accepted(await owner.uploadFile(scan));
    assert.equal((await endOfJob(owner.client, first.jobId)).status, 'failed');
    const { jobId } = accepted(await replace(first.documentId, 'At last some text about cherries.'));
    await endOfJob(owner.client, jobId);
    const document = await getDocument(owner.client, first.documentId);
    assert.deepEqual(
      [document.status, document.filename, document.page_count, document.new_version],
      ['completed', 'first.txt', null, null],
    );
    assert.equal((await storedOf(stage, first.documentId)).files, 1);
  });

  test('bytes belong to one document of an assistant, whichever version they are', async () => {
    const [one, two] = [
      await complete('One', 'These bytes are taken.'),
      await complete('Two', 'And these too.'),
    ];
    const taken = await replace(two, 'These bytes are taken.');
    assert.deepEqual([taken.status, taken.body.code], [409, 'document.bytes_taken']);
    assert.equal((await getDocument(owner.client, two)).status, 'completed');
    server.behave('hold');
    const pending = accepted(await replace(one, 'Bytes that are on their way.'));
    const upload = await owner.uploadText('Three', 'Bytes that are on their way.');
    assert.deepEqual([upload.status, upload.body.data.document.id], [200, one]);
    assert.equal((await replace(one, 'Bytes that are on their way.')).status, 200);
    server.release();
    await endOfJob(owner.client, pending.jobId);
    const free = accepted(await owner.uploadText('Three', 'These bytes are taken.'));
    assert.notEqual(free.documentId, one);
    await endOfJob(owner.client, free.jobId);
  });

  test('If-Match, faulty files and quotas are minded as with uploads', async () => {
    const id = await complete('Minded', 'Minded from the start.');
    const stale = await replace(id, 'Too late.', { 'if-match': '"99.1"' });
    assert.deepEqual([stale.status, stale.body.code], [412, 'precondition.failed']);
    const empty = await replace(id, '   ');
    assert.deepEqual([empty.status, empty.body.code], [422, 'document.empty']);
    const none = await owner.client.upload(`documents/${id}/content`, {}, undefined, 'PUT');
    assert.deepEqual([none.status, none.body.code], [400, 'document.file_missing']);
    const wrong = { name: 'notes.txt', bytes: '%PDF-1.7 nothing' };
    assert.equal((await owner.client.upload(`documents/${id}/content`, {}, wrong, 'PUT')).status, 415);
    await stage.sql('insert into user_quotas (user_id, bytes) values ($1, 1)', [owner.id]);
    const full = await replace(id, 'There is no room for this.');
    assert.deepEqual([full.status, full.body.code], [409, 'quota.exceeded']);
    await stage.sql('delete from user_quotas where user_id = $1', [owner.id]);
    assert.deepEqual((await getDocument(owner.client, id)).new_version, null);
    const tag = (await owner.client.get(`documents/${id}`)).headers.get('etag')!;
    const good = accepted(await replace(id, 'In time.', { 'if-match': tag }));
    await endOfJob(owner.client, good.jobId);
    assert.equal(await textOf(id), 'In time.');
  });

  test('a new title is found as soon as its job is through, and the counts of words follow', async () => {
    const id = await complete('Aardvark manual', longText('lettuce'));
    assert.ok((await found('aardvark', id))[0].text_score > 0);
    assert.equal((await owner.client.patch(`documents/${id}`, { title: 'Zebra manual' })).status, 200);
    await waitFor(async () => (await found('zebra', id))[0].text_score > 0, {
      description: 'the new title to be found',
    });
    assert.equal((await found('aardvark', id))[0].text_score, 0);
    const counts = await stage.sql(
      `select s.term from term_statistics s where s.user_id = $1 and s.chunk_count <>
         (select count(*) from document_chunks c join documents d on d.id = c.document_id and d.live_revision = c.revision
          where c.user_id = s.user_id and c.search_vector @@ ('''' || replace(s.term, '''', '''''') || '''')::tsquery)`,
      [owner.id],
    );
    assert.deepEqual(counts, []);
  });
});
