import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import { startEmbeddingServer } from '#tests/support/embedding-server.ts';
import type { EmbeddingServer } from '#tests/support/embedding-server.ts';
import { followJob } from '#tests/support/event-stream.ts';
import type { ProgressEvent } from '#tests/support/event-stream.ts';
import { holdChunking } from '#tests/support/hold-chunking.ts';
import { makePdf } from '#tests/support/fixtures/pdf-files.ts';
import type { TestFile } from '#tests/support/http-client.ts';
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

const PAGES = [
  'The stable stands behind the mill. Donkeys sleep there when it rains.',
  'On the second page, the miller counts his sacks of barley twice a day.',
  'The last page says that the grey donkey is called Balthasar and fears geese.',
];

suite('documents going in', () => {
  let stage: TestStage;
  let server: EmbeddingServer;
  let owner: Owner;
  before(async () => {
    server = await startEmbeddingServer();
    stage = await startStage({ ...server.env, EMBEDDING_BATCH_SIZE: '2', UPLOADS_IN_FLIGHT: '32' });
    owner = await stage.newOwner();
    await stage.startWorker();
  });
  after(async () => {
    await stage[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  test('a PDF, a text file and a text: accepted, followed, complete and found', async () => {
    const planted = 'Zebedee the donkey keeps a brass lantern under the third floorboard.';
    const text = `Notes of the carter.\n\n${planted}\n\nHay is cheap in autumn.`;
    const pdf: TestFile = {
      name: 'stable.pdf',
      bytes: await makePdf({ pages: PAGES }),
      type: 'application/pdf',
    };
    const uploads = [
      await owner.uploadFile(pdf, { title: 'The stable', tags: 'animals, mill' }),
      await owner.uploadFile({ name: 'carter.txt', bytes: text, type: 'text/plain' }),
      await owner.uploadText(
        'A letter',
        'Dear miller, the geese have eaten the thistles of the parson again.',
      ),
    ];
    for (const upload of uploads) {
      const { document, job } = upload.body.data;
      const { documentId, jobId } = accepted(upload);
      assert.equal(document.status, 'queued');
      assert.equal(job.type, 'document.ingest');
      assert.deepEqual((await owner.client.get('documents?limit=1')).body.data.length, 1);
      const ended = await endOfJob(owner.client, jobId);
      assert.equal(ended.status, 'succeeded');
      assert.deepEqual(ended.result, { document_id: documentId, document_status: 'completed' });
      assert.equal(ended.error, null);
      await assertComplete(stage, owner.client, documentId);
      const progress = (await owner.client.get(`documents/${documentId}/progress`)).body.data;
      assert.deepEqual(progress.document, await getDocument(owner.client, documentId));
      assert.equal(progress.job.id, jobId);
      assert.equal(progress.job.progress.percent, 100);
    }
    const stable = await getDocument(owner.client, accepted(uploads[0]!).documentId);
    assert.deepEqual(
      [stable.title, stable.filename, stable.mime_type],
      ['The stable', 'stable.pdf', 'application/pdf'],
    );
    assert.deepEqual([stable.page_count, stable.pages_without_text, stable.pages_failed], [3, [], []]);
    assert.deepEqual(stable.tags, ['animals', 'mill']);
    const carter = accepted(uploads[1]!).documentId;
    const find = async (query: string) => (await owner.client.post('search', { query })).body.data[0];
    assert.equal((await find(planted)).document_id, carter);
    const balthasar = await find('Which donkey fears geese and is called Balthasar?');
    assert.equal(balthasar.document_id, stable.id);
    assert.equal(balthasar.page_to, 3);
    assert.ok(balthasar.text.includes(PAGES[2]!));
  });

  test('the same bytes again are the same document', async () => {
    const file = { name: 'twice.txt', bytes: 'The same thing twice.' };
    const first = accepted(await owner.uploadFile(file));
    const second = await owner.uploadFile({ ...file, name: 'other name.txt' });
    assert.equal(second.status, 200);
    assert.equal(second.body.data.document.id, first.documentId);
    assert.equal(second.body.data.job.id, first.jobId);
    await endOfJob(owner.client, first.jobId);
    assert.equal((await owner.uploadFile(file)).body.data.document.status, 'completed');
    const other = await owner.client.post('assistants', { name: 'Second' });
    const elsewhere = await owner.uploadFile(file, { assistant_id: other.body.data.id });
    assert.notEqual(accepted(elsewhere).documentId, first.documentId);
  });

  test('twenty identical uploads at once are one document', async () => {
    const file = { name: 'crowd.txt', bytes: 'A crowd of donkeys wants the same carrot.' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => owner.uploadFile(file)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [...Array<number>(19).fill(200), 202]);
    assert.equal(new Set(answers.map(({ body }) => body.data.document.id)).size, 1);
    const { documentId, jobId } = accepted(answers.find(({ status }) => status === 202)!);
    await endOfJob(owner.client, jobId);
    await assertComplete(stage, owner.client, documentId);
    const jobs = await stage.sql('select type from jobs where document_id = $1 order by type', [documentId]);
    assert.deepEqual(
      jobs.map(({ type }) => type),
      ['document.chunk', 'document.embed', 'document.ingest', 'document.verify'],
    );
    const calls = server.calls.filter((texts) => texts.some((text) => text.includes('same carrot')));
    assert.equal(calls.length, 1);
  });

  test('a job is followed to its end, and a broken stream goes on where it was', async () => {
    server.behave('hold');
    const text = Array.from(
      { length: 9 },
      (_, part) => `Part ${part}. ${'Many words about hay. '.repeat(90)}`,
    );
    const { documentId, jobId } = accepted(await owner.uploadText('Followed', text.join('\n\n')));
    const first: ProgressEvent[] = [];
    for await (const event of followJob(owner.client, jobId)) {
      first.push(event);
      if (event.data.progress.stage === 'embed') break;
    }
    await waitFor(() => server.held === 4, { description: 'all embedding slots to be held' });
    assert.equal(first.at(-1)!.data.status, 'running');
    assert.equal(first.at(-1)!.data.finished_at, null);
    const { id: lastId } = first.at(-1)!;
    const rest = Array.fromAsync(followJob(owner.client, jobId, lastId));
    server.release();
    const second = await rest;
    const end = second.at(-1)!;
    assert.equal(end.data.status, 'succeeded');
    assert.equal(end.data.progress.percent, 100);
    assert.ok(!second.some(({ id }) => id === lastId), 'what was seen is not sent again');
    const ids = [...first, ...second].map(({ id }) => Number(id));
    assert.deepEqual(
      ids,
      [...new Set(ids)].sort((a, b) => a - b),
    );
    const done = [...first, ...second]
      .filter(({ data }) => data.progress.stage === 'embed')
      .map(({ data }) => data.progress.done);
    assert.deepEqual(
      done,
      [...done].sort((a, b) => a - b),
    );
    const total = (await getDocument(owner.client, documentId)).chunk_count;
    assert.ok(total > 8);
    assert.equal(first.at(-1)!.data.progress.total, total);
    assert.deepEqual(await Array.fromAsync(followJob(owner.client, jobId, end.id)), []);
    assert.equal((await Array.fromAsync(followJob(owner.client, jobId))).length, 1);
  });

  test('streams that were left do not count against their owner', async () => {
    server.behave('hold');
    const { jobId } = accepted(await owner.uploadText('Left', 'Somebody leaves early, many times.'));
    for (let round = 0; round < 15; round++) {
      const answer = await waitFor(
        async () => {
          const abort = new AbortController();
          const response = await owner.client.send('GET', `jobs/${jobId}/events`, { signal: abort.signal });
          await response.body!.getReader().read();
          abort.abort();
          return response.status === 200 && response;
        },
        { description: `stream ${round} to be given`, timeoutMs: 3000 },
      );
      assert.equal(answer.status, 200);
    }
    server.release();
    await endOfJob(owner.client, jobId);
  });

  test('bytes come back as they went in, under a name that is only data', async () => {
    const names: [string, string, string][] = [
      ['../../etc/passwd', 'passwd', 'passwd'],
      ['C:\\Users\\carter\\hay.txt', 'hay.txt', 'hay.txt'],
      [
        'Eselbücher – größer als 驢馬.txt',
        'Eselbücher – größer als 驢馬.txt',
        'Eselb_cher _ gr__er als __.txt',
      ],
      ['say "hay"; rm -rf.txt', 'say "hay"; rm -rf.txt', 'say _hay_; rm -rf.txt'],
      [
        `${'long'.repeat(75)}.txt`,
        `${'long'.repeat(75).slice(0, 251)}.txt`,
        `${'long'.repeat(75).slice(0, 251)}.txt`,
      ],
      ['..', 'unnamed', 'unnamed'],
    ];
    for (const [name, filename, ascii] of names) {
      const bytes = Buffer.from(`\ufeffContent of ${JSON.stringify(name)}.\r\n`, 'utf8');
      const { documentId, jobId } = accepted(await owner.uploadFile({ name, bytes }));
      const document = await getDocument(owner.client, documentId);
      assert.equal(document.filename, filename);
      assert.equal(document.sha256, createHash('sha256').update(bytes).digest('hex'));
      const response = await owner.client.send('GET', `documents/${documentId}/content`);
      assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes);
      assert.equal(response.headers.get('content-type'), 'application/octet-stream');
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
      const disposition = response.headers.get('content-disposition') ?? '';
      const encoded = /^attachment; filename="([^"]*)"; filename\*=UTF-8''([\w.%!#$&+^`|~-]*)$/.exec(
        disposition,
      );
      assert.equal(encoded?.[1], ascii, disposition);
      assert.equal(decodeURIComponent(encoded[2]!), filename);
      await endOfJob(owner.client, jobId);
    }
  });

  test('what Redis has forgotten is rebuilt from the table', async () => {
    server.behave('hold');
    const uploads = [];
    for (let number = 1; number <= 8; number++)
      uploads.push(
        accepted(await owner.uploadText(`Flood ${number}`, `Document ${number} survives the flood.`)),
      );
    await waitFor(() => server.held === 4, { description: 'all embedding slots to be held' });
    await waitFor(
      async () =>
        (
          await stage.sql(
            `select 1 from jobs where type = 'document.embed' and status = 'queued' and enqueued_at is not null`,
          )
        ).length === 4,
      { description: 'the others to wait in Redis' },
    );
    assert.ok((await stage.emptyRedis()) > 5);
    server.release();
    for (const { documentId, jobId } of uploads) {
      assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
      await assertComplete(stage, owner.client, documentId);
    }
  });

  const assertFoundBy = async (title: string, documentId: string): Promise<void> => {
    const { body } = await owner.client.post('search', { query: title, mode: 'text' });
    assert.equal(body.data[0]?.document_id, documentId);
    assert.equal(body.data[0].document_title, title);
    await assertComplete(stage, owner.client, documentId);
  };

  test('a title that changes while the file is being read is the one that is searched', async () => {
    const bytes = await makePdf({ pages: ['Plain words about the weather.'] });
    const { documentId, jobId } = accepted(await owner.uploadFile({ name: 'weather.pdf', bytes }));
    await waitFor(
      async () => (await owner.client.get(`jobs/${jobId}`)).body.data.progress.stage === 'extract',
      { description: 'it to be read' },
    );
    assert.equal(
      (await owner.client.patch(`documents/${documentId}`, { title: 'Glockenspiel' })).status,
      200,
    );
    await endOfJob(owner.client, jobId);
    await assertFoundBy('Glockenspiel', documentId);
  });

  test('a title that changes while the chunks are being stored is the one that is searched', async () => {
    await using hold = await holdChunking(stage);
    const text = `First words.\n\n${'Plain words about the weather follow. '.repeat(200)}`;
    const { documentId, jobId } = accepted(await owner.uploadText('Before', text));
    await hold.reached();
    let renamed = false;
    const renaming = owner.client
      .patch(`documents/${documentId}`, { title: 'Xylophone' })
      .finally(() => (renamed = true));
    const waits = `select 1 from pg_stat_activity
      where datname = current_database() and application_name = 'donkey-api' and wait_event_type = 'Lock'`;
    await waitFor(async () => renamed || (await stage.sql(waits)).length > 0, {
      description: 'the change to wait or to be done',
    });
    await hold.release();
    assert.equal((await renaming).status, 200);
    const job = await endOfJob(owner.client, jobId);
    assert.equal(job.status, 'succeeded');
    const failures = await stage.sql('select 1 from jobs where document_id = $1 and failures > 0', [
      documentId,
    ]);
    assert.deepEqual(failures, []);
    await assertFoundBy('Xylophone', documentId);
  });

  test('titles and tags change; the passage is then found by the new title', async () => {
    const { documentId, jobId } = accepted(
      await owner.uploadText('Old title', 'A plain text about nothing.'),
    );
    await endOfJob(owner.client, jobId);
    const { headers } = await owner.client.get(`documents/${documentId}`);
    const etag = headers.get('etag')!;
    const change = { title: 'Quixotic periwinkles', tags: ['renamed'] };
    const changed = await owner.client.patch(`documents/${documentId}`, change, { 'if-match': etag });
    assert.equal(changed.status, 200);
    const stale = await owner.client.patch(`documents/${documentId}`, change, { 'if-match': etag });
    assert.equal(stale.status, 412);
    const search = async () =>
      (await owner.client.post('search', { query: 'periwinkles', mode: 'text' })).body.data[0];
    const hit = await waitFor(search, { description: 'the new title to be searched' });
    assert.equal(hit.document_id, documentId);
    await assertComplete(stage, owner.client, documentId);
    assert.equal(
      (await storedOf(stage, documentId)).chunks,
      (await allChunks(owner.client, documentId)).length,
    );
  });
});
