import assert from 'node:assert/strict';
import { readFileSync, readlinkSync } from 'node:fs';
import { after, afterEach, before, beforeEach, suite, test } from 'node:test';
import { MAX_LOST_WORKERS } from '#shared/queue/catalog.ts';
import { startEmbeddingServer } from '#tests/support/embedding-server.ts';
import type { EmbeddingServer } from '#tests/support/embedding-server.ts';
import { makeFormBombPdf, makePdf } from '#tests/support/fixtures/pdf-files.ts';
import { accepted, assertComplete, endOfJob, getDocument, storedOf } from '#tests/support/ingestion.ts';
import { holdChunking } from '#tests/support/hold-chunking.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { Owner, TestStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';
import type { WorkerProcess } from '#tests/support/worker-process.ts';

const paragraph = (number: number): string =>
  `Paragraph ${number}. Donkey number ${number} carries ${number * 7} kilograms of hay to stable ${number}.\n\n`;
const text = (name: string): string =>
  `${name}\n\n${Array.from({ length: 60 }, (_, index) => paragraph(index + 1)).join('')}`;

suite('workers that die and workers that stop', () => {
  let stage: TestStage;
  let server: EmbeddingServer;
  let owner: Owner;
  before(async () => {
    server = await startEmbeddingServer();
    stage = await startStage({ ...server.env, EMBEDDING_BATCH_SIZE: '4', CHUNK_SIZE_TOKENS: '120' });
    owner = await stage.newOwner();
  });
  beforeEach(() => server.behave('answer'));
  after(async () => {
    await stage[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  let running: WorkerProcess | undefined;
  const startWorker = async (env = {}): Promise<WorkerProcess> => {
    running = await stage.startWorker(env);
    return running;
  };
  afterEach(async () => {
    server.release();
    await running?.stop('SIGKILL');
  });

  const jobsOf = (documentId: string) =>
    stage.sql<{
      id: string;
      type: string;
      status: string;
      failures: number;
      lost_workers: number;
      attempts: number;
    }>(
      'select id, type, status, failures, lost_workers, attempts from jobs where document_id = $1 and queue is not null',
      [documentId],
    );

  test('fault 5: killed in the middle of embedding: every document completes and each chunk is there once', async () => {
    const worker = await startWorker();
    let calls = 0;
    server.behave(() => (++calls > 3 ? 'hold' : 'answer'));
    const uploads = await Promise.all(
      ['one', 'two', 'three'].map((name) => owner.uploadText(name, text(`embedding ${name}`))),
    );
    const documents = uploads.map(accepted);
    await waitFor(() => server.held >= 4, { description: 'all embedding slots to be held' });
    assert.deepEqual(await worker.stop('SIGKILL'), { code: null, signal: 'SIGKILL' });
    const before = await stage.sql(`select 1 from jobs where type = 'document.embed' and status = 'running'`);
    assert.ok(before.length >= 4, 'jobs were in hand');

    server.release();
    await startWorker();
    for (const { documentId, jobId } of documents) {
      assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
      await assertComplete(stage, owner.client, documentId);
    }
    const jobs = (await Promise.all(documents.map(({ documentId }) => jobsOf(documentId)))).flat();
    assert.ok(jobs.some((job) => job.lost_workers === 1));
    assert.ok(jobs.every((job) => job.failures === 0));
  });

  test('killed while chunks are being stored: none of them stays, and the next worker stores each once', async () => {
    await using hold = await holdChunking(stage);
    const worker = await startWorker();
    const { documentId, jobId } = accepted(await owner.uploadText('stored', text('chunking')));
    await hold.reached();
    await worker.stop('SIGKILL');
    const jobs = await jobsOf(documentId);
    assert.deepEqual(
      jobs.map(({ type, status }) => ({ type, status })),
      [{ type: 'document.chunk', status: 'running' }],
    );
    await hold.release();
    assert.deepEqual(await storedOf(stage, documentId), {
      chunks: 0,
      vectors: 0,
      failed: 0,
      // What was extracted need not be extracted again.
      texts: 1,
      files: 1,
    });
    await startWorker();
    assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
    await assertComplete(stage, owner.client, documentId);
  });

  test('killed while a PDF is being read, with another one waiting', async () => {
    const worker = await startWorker({ CONCURRENCY_EXTRACTION: '1' });
    const pages = Array.from({ length: 40 }, (_, index) => `Page ${index + 1}. ${paragraph(index + 100)}`);
    const uploads = await Promise.all(
      ['first', 'second'].map(async (title) =>
        owner.uploadFile({ name: `${title}.pdf`, bytes: await makePdf({ pages: [title, ...pages] }) }),
      ),
    );
    await waitFor(
      async () =>
        (await stage.sql(`select 1 from jobs where type = 'document.chunk' and status = 'running'`)).length >
        0,
      { description: 'a PDF to be read' },
    );
    await worker.stop('SIGKILL');
    await startWorker();
    for (const { documentId, jobId } of uploads.map(accepted)) {
      assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
      await assertComplete(stage, owner.client, documentId);
      assert.equal((await getDocument(owner.client, documentId)).page_count, 41);
    }
  });

  const isLinux = process.platform === 'linux';
  test(
    'killed while a PDF is being read: the process that reads it dies too',
    { skip: !isLinux && 'reads /proc' },
    async () => {
      const worker = await startWorker();
      const { documentId } = accepted(
        await owner.uploadFile({ name: 'orphan.pdf', bytes: makeFormBombPdf() }),
      );
      const child = await waitFor(() => childRunningNode(worker.pid), {
        description: 'the process of the PDF',
      });
      // Stopped, it can notice nothing by itself and would stay for ever.
      process.kill(child, 'SIGSTOP');
      try {
        assert.ok(isAlive(child));
        await worker.stop('SIGKILL');
        await waitFor(() => !isAlive(child), { description: 'its end', timeoutMs: 5_000 });
      } finally {
        if (isAlive(child)) process.kill(child, 'SIGKILL');
      }
      assert.equal((await owner.client.delete(`documents/${documentId}`)).status, 204);
    },
  );

  test('promise 4: three workers dying on the same job do not spoil it', async () => {
    server.behave('hold');
    const { documentId, jobId } = accepted(
      await owner.uploadText('thrice', 'A short text, embedded at last.'),
    );
    for (let death = 1; death <= 3; death++) {
      const worker = await startWorker();
      await waitFor(() => server.held === 1, { description: `worker ${death} to embed` });
      await worker.stop('SIGKILL');
      await waitFor(() => server.held === 0, { description: 'its connection to close' });
    }
    server.release();
    await startWorker();
    assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
    await assertComplete(stage, owner.client, documentId);
    const embed = (await jobsOf(documentId)).find((job) => job.type === 'document.embed');
    assert.equal(embed?.lost_workers, 3);
    assert.equal(embed.attempts, 4);
  });

  test('fault 18: a job on which five workers were found dead is dead, and its document says so', async () => {
    const { documentId, jobId } = accepted(await owner.uploadText('poison', 'A text that kills.'));
    const { ledger } = stage.app.context.database;
    const [chunk] = await jobsOf(documentId);
    for (let death = 1; death <= MAX_LOST_WORKERS; death++) {
      assert.equal((await ledger.claim(chunk!.id, 60_000)).kind, 'claimed', `death ${death}`);
      await stage.sql(`update jobs set lease_expires_at = now() - interval '1 s' where id = $1`, [chunk!.id]);
      await ledger.reclaimExpired(10);
    }
    assert.equal((await ledger.claim(chunk!.id, 60_000)).kind, 'none');
    const job = await endOfJob(owner.client, jobId);
    assert.equal(job.status, 'dead');
    assert.equal(job.error.code, 'job.worker_lost');
    const document = await getDocument(owner.client, documentId);
    assert.equal(document.status, 'failed');
    assert.equal(document.error.code, 'job.worker_lost');
    await startWorker();
    const again = accepted(await owner.client.post(`documents/${documentId}/retry`));
    assert.equal((await endOfJob(owner.client, again.jobId)).status, 'succeeded');
    await assertComplete(stage, owner.client, documentId);
  });

  test('SIGTERM: the job in hand is finished, nothing else is begun, exit code 0', async () => {
    const worker = await startWorker({ CONCURRENCY_EMBEDDING: '1', SHUTDOWN_TIMEOUT_MS: '20000' });
    server.behave('hold');
    const { documentId, jobId } = accepted(await owner.uploadText('finish', text('finish')));
    await waitFor(() => server.held === 1, { description: 'a batch to be embedded' });
    const ended = worker.stop('SIGTERM');
    await waitFor(() => worker.logs.some((line) => line.msg === 'worker is stopping'), {
      description: 'the signal to be heard',
    });
    server.release();
    assert.deepEqual(await ended, { code: 0, signal: null });
    const embeds = (await jobsOf(documentId)).filter((job) => job.type === 'document.embed');
    assert.ok(
      embeds.some((job) => job.status === 'succeeded'),
      'the one in hand',
    );
    assert.ok(
      embeds.some((job) => job.status === 'queued'),
      'those that wait',
    );
    assert.ok(embeds.every((job) => job.status === 'succeeded' || job.status === 'queued'));
    await startWorker();
    assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
    await assertComplete(stage, owner.client, documentId);
  });

  test('SIGTERM with a job that does not end: it is given back unharmed, exit code 0', async () => {
    const worker = await startWorker({ SHUTDOWN_TIMEOUT_MS: '300' });
    server.behave('hold');
    const { documentId, jobId } = accepted(await owner.uploadText('give back', 'A batch of one.'));
    await waitFor(() => server.held === 1, { description: 'the batch to be embedded' });
    assert.deepEqual(await worker.stop('SIGTERM'), { code: 0, signal: null });
    const embed = (await jobsOf(documentId)).find((job) => job.type === 'document.embed');
    assert.deepEqual(
      { ...embed, id: undefined },
      { id: undefined, type: 'document.embed', status: 'queued', failures: 0, lost_workers: 0, attempts: 0 },
    );
    assert.equal((await getDocument(owner.client, documentId)).status, 'processing');
    server.release();
    await startWorker();
    assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
    await assertComplete(stage, owner.client, documentId);
  });

  test('SIGTERM while a PDF cannot be finished: given back, and the next worker refuses it', async () => {
    const worker = await startWorker({ SHUTDOWN_TIMEOUT_MS: '300' });
    const { documentId, jobId } = accepted(
      await owner.uploadFile({ name: 'bomb.pdf', bytes: makeFormBombPdf() }),
    );
    await waitFor(async () => (await jobsOf(documentId)).some((job) => job.status === 'running'), {
      description: 'the bomb to be read',
    });
    assert.deepEqual(await worker.stop('SIGTERM'), { code: 0, signal: null });
    const [chunk] = await jobsOf(documentId);
    assert.equal(chunk?.status, 'queued');
    assert.equal(chunk.failures, 0);
    await startWorker({ EXTRACT_TIMEOUT_MS: '50' });
    const job = await endOfJob(owner.client, jobId);
    assert.equal(job.status, 'failed');
    assert.equal(job.error.code, 'document.extraction_timeout');
  });
});

/** The first child that has become Node: before that it is one of the programs that limit it. */
function childRunningNode(pid: number): number | undefined {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  return children.map(Number).find((child) => child > 0 && executableOf(child) === process.execPath);
}

function executableOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return undefined;
  }
}

/** Zombies, which wait for somebody to ask how they ended, have no program any more. */
const isAlive = (pid: number): boolean => executableOf(pid) !== undefined;
