import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import {
  makeFlateBombPdf,
  makeFormBombPdf,
  makeHugePageCountPdf,
  makePdf,
  writePdf,
} from './fixtures/pdf-files.ts';
import { accepted, assertComplete, endOfJob, getDocument } from './ingestion.ts';
import type { Owner, TestStage } from './test-stage.ts';

const MIB = 1024 ** 2;
const CATALOGUE = '<< /Type /Catalog /Pages 2 0 R >>';
const MOST_SECONDS = 15;

/** Limits that leave a bomb six seconds and 256 MiB. */
export const POISON_LIMITS = { EXTRACT_TIMEOUT_MS: '6000', EXTRACT_MEMORY_BYTES: String(256 * MIB) };

const flate = (data: Buffer): Buffer => {
  const packed = deflateSync(data, { level: 9 });
  return Buffer.concat([
    Buffer.from(`<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n`),
    packed,
    Buffer.from('\nendstream'),
  ]);
};
const twice = (data: Buffer): Buffer => flate(deflateSync(data, { level: 9 }));
const onePage = (contents: string, ...objects: (string | Buffer)[]): Buffer =>
  writePdf([
    CATALOGUE,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents ${contents} >>`,
    ...objects,
  ]);

/** Small files that cost a parser time or memory without end, or its stack. */
const bombs: readonly [what: string, make: () => Buffer][] = [
  ['one stream of 600 MiB', () => onePage('4 0 R', twice(Buffer.alloc(600 * MIB, ' ')))],
  ['800 MiB in two layers', makeFlateBombPdf],
  ['forms that show each other 20^8 times', makeFormBombPdf],
  ['900,000 pages by its own account', () => makeHugePageCountPdf(900_000)],
  ['arrays in arrays, 200,000 deep', () => onePage('4 0 R', '['.repeat(200_000) + ']'.repeat(200_000))],
  [
    'a tree of pages that contains itself',
    () => writePdf([CATALOGUE, '<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>']),
  ],
  ['contents that are their own contents', () => onePage('[4 0 R 4 0 R]', '[4 0 R 4 0 R]')],
  [
    'one page with 25 million operators',
    () => onePage('4 0 R', flate(Buffer.concat([Buffer.from('BT '), Buffer.alloc(200 * MIB, '(ab) Tj ')]))),
  ],
];

interface Upload {
  readonly what: string;
  readonly isBomb: boolean;
  readonly documentId: string;
  readonly jobId: string;
}

/**
 * Uploads every bomb among good files, evenly spread, and holds the worker to promise 5: each bomb ends as failed within
 * 15 s of work, each good file is complete, and the one worker is the one that began.
 *
 * @param goodFiles how many; at least one for each bomb
 * @returns what happened, a line each
 */
export async function poisonRun(stage: TestStage, owner: Owner, goodFiles: number): Promise<string[]> {
  const worker = await stage.startWorker();
  const uploads: Upload[] = [];
  const upload = async (what: string, isBomb: boolean, bytes: Buffer): Promise<void> => {
    const answer = await owner.uploadFile({ name: `${uploads.length}.pdf`, bytes });
    uploads.push({ what, isBomb, ...accepted(answer) });
  };
  const between = Math.floor(goodFiles / bombs.length);
  for (let index = 0; index < goodFiles; index++) {
    const bomb = index % between === 0 ? bombs[index / between] : undefined;
    if (bomb !== undefined) {
      const bytes = bomb[1]();
      assert.ok(bytes.length < MIB, `${bomb[0]}: ${bytes.length} bytes`);
      await upload(bomb[0], true, bytes);
    }
    const pages = [`Good file ${index} says that donkeys are calm.`, 'Second page.'];
    await upload(`good file ${index}`, false, await makePdf({ pages }));
  }
  assert.equal(uploads.filter(({ isBomb }) => isBomb).length, bombs.length);
  const lines: string[] = [];
  for (const { what, isBomb, documentId, jobId } of uploads) {
    const job = await endOfJob(owner.client, jobId);
    if (!isBomb) {
      await assertComplete(stage, owner.client, documentId);
      continue;
    }
    const document = await getDocument(owner.client, documentId);
    assert.equal(document.status, 'failed', `${what}: ${document.status as string}`);
    assert.match(document.error.code, /^document\./, what);
    assert.ok(['failed', 'dead'].includes(job.status as string));
    const seconds = (Date.parse(job.finished_at) - Date.parse(job.started_at)) / 1000;
    assert.ok(seconds < MOST_SECONDS, `${what} took ${seconds} s`);
    lines.push(`${what}: ${document.error.code as string} after ${seconds.toFixed(1)} s`);
  }
  assert.equal(worker.logs.filter(({ level }) => level === 'fatal').length, 0);
  assert.equal((await fetch(`${worker.url}/health/ready`)).status, 200, 'the worker is ready');
  const metrics = await (await fetch(`${worker.url}/metrics`)).text();
  const resident = Number(/process_resident_memory_bytes\{[^}]*\} (\S+)/.exec(metrics)?.[1]);
  assert.ok(resident > 0 && resident < 2048 * MIB);
  assert.match(metrics, /donkey_extraction_network_isolated\{[^}]*\} [01]\n/);
  lines.push(
    `${bombs.length} bombs refused or dead, ${goodFiles} good files done, 0 restarts, worker ${Math.round(resident / MIB)} MiB`,
  );
  return lines;
}
