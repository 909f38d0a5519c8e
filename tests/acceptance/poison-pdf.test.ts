import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { after, before, suite, test } from 'node:test';
import {
  makeFlateBombPdf,
  makeFormBombPdf,
  makeHugePageCountPdf,
  makePdf,
  writePdf,
} from '#tests/support/fixtures/pdf-files.ts';
import { accepted, assertComplete, endOfJob, getDocument } from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { Owner, TestStage } from '#tests/support/test-stage.ts';
import type { WorkerProcess } from '#tests/support/worker-process.ts';

const MIB = 1024 ** 2;
const CATALOGUE = '<< /Type /Catalog /Pages 2 0 R >>';
const TIMEOUT_MS = 6_000;

const flate = (data: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`<< /Length ${data.length} /Filter /FlateDecode >>\nstream\n`),
    data,
    Buffer.from('\nendstream'),
  ]);
const onePage = (contents: string, ...objects: (string | Buffer)[]): Buffer =>
  writePdf([
    CATALOGUE,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents ${contents} >>`,
    ...objects,
  ]);

/** Small files that cost a parser time or memory without end, or its stack. */
const bombs: readonly [what: string, bytes: Buffer][] = [
  ['one stream of 600 MiB', onePage('4 0 R', flate(deflateSync(Buffer.alloc(600 * MIB, ' '), { level: 9 })))],
  ['800 MiB in two layers', makeFlateBombPdf()],
  ['forms that show each other 20^8 times', makeFormBombPdf()],
  ['900,000 pages by its own account', makeHugePageCountPdf(900_000)],
  ['arrays in arrays, 200,000 deep', onePage('4 0 R', '['.repeat(200_000) + ']'.repeat(200_000))],
  [
    'a tree of pages that contains itself',
    writePdf([CATALOGUE, '<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>']),
  ],
  ['contents that are their own contents', onePage('[4 0 R 4 0 R]', '[4 0 R 4 0 R]')],
];

suite('promise 5: poison among good files', () => {
  let stage: TestStage;
  let owner: Owner;
  let worker: WorkerProcess;
  before(async () => {
    stage = await startStage({
      EXTRACT_TIMEOUT_MS: String(TIMEOUT_MS),
      EXTRACT_MEMORY_BYTES: String(256 * MIB),
    });
    owner = await stage.newOwner();
    worker = await stage.startWorker();
  });
  after(() => stage[Symbol.asyncDispose]());

  test('each bomb is refused or killed, every good file goes in, and the worker lives on', async (t) => {
    const uploads: { what: string; bomb: boolean; documentId: string; jobId: string }[] = [];
    for (const [index, [what, bytes]] of bombs.entries()) {
      assert.ok(bytes.length < MIB, `${what}: ${bytes.length} bytes`);
      const bomb = await owner.uploadFile({ name: `bomb-${index}.pdf`, bytes });
      uploads.push({ what, bomb: true, ...accepted(bomb) });
      const pages = [`Good file ${index} says that donkeys are calm.`, 'Second page.'];
      const good = await owner.uploadFile({ name: `good-${index}.pdf`, bytes: await makePdf({ pages }) });
      uploads.push({ what: `good file ${index}`, bomb: false, ...accepted(good) });
    }
    const outcomes: string[] = [];
    for (const { what, bomb, documentId, jobId } of uploads) {
      const job = await endOfJob(owner.client, jobId);
      const document = await getDocument(owner.client, documentId);
      if (!bomb) {
        await assertComplete(stage, owner.client, documentId);
        continue;
      }
      assert.equal(document.status, 'failed', `${what}: ${document.status as string}`);
      assert.match(document.error.code, /^document\./, what);
      assert.ok(['failed', 'dead'].includes(job.status as string));
      outcomes.push(`${what}: ${document.error.code as string}`);
    }
    const restarts = worker.logs.filter(({ level }) => level === 'fatal').length;
    assert.equal(restarts, 0);
    assert.equal((await fetch(`${worker.url}/health/ready`)).status, 200, 'the worker is ready');
    const metrics = await (await fetch(`${worker.url}/metrics`)).text();
    const resident = Number(/process_resident_memory_bytes\{[^}]*\} (\S+)/.exec(metrics)?.[1]);
    assert.ok(resident > 0 && resident < 2048 * MIB);
    assert.match(metrics, /donkey_extraction_network_isolated\{[^}]*\} [01]\n/);
    for (const outcome of outcomes) t.diagnostic(outcome);
    t.diagnostic(
      `${bombs.length} bombs refused or dead, ${bombs.length} good files done, 0 restarts, worker ${Math.round(resident / MIB)} MiB`,
    );
  });
});
