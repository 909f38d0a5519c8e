import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import PDFDocument from 'pdfkit';
import { accepted, endOfJob, getDocument } from '#tests/support/ingestion.ts';
import { slopePerMinute, watchProcess } from '#tests/support/process-memory.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { Owner, TestStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const GB = 1e9;
const MB = 1e6;
const SOAK_MS = Number(process.env.SOAK_MINUTES ?? '10') * 60_000;
const FILE_BYTES = 10 * 1024 * 1024 - 200_000;

const WORDS =
  'donkey hay barn rain herd oats field hoof brush stable thistle carrot path hill cart bridle'.split(' ');

/** A PDF of so many pages of text, with a file in it that brings it to a size. */
async function makeBigPdf(pages: number, bytes: number): Promise<Buffer> {
  const document = new PDFDocument({ autoFirstPage: false });
  for (let page = 0; page < pages; page++)
    document
      .addPage()
      .text(
        Array.from(
          { length: 250 },
          (_, index) => WORDS[(page * 7 + index * (1 + (page % 5))) % WORDS.length],
        ).join(' '),
      )
      .text(`Page ${page} ${randomBytes(4).toString('hex')}`);
  if (bytes > 0) document.file(randomBytes(bytes), { name: 'picture.bin' });
  document.end();
  const parts: Buffer[] = [];
  for await (const part of document as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

const p95 = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0;

suite('memory of a worker', () => {
  let stage: TestStage;
  let owner: Owner;
  before(async () => {
    stage = await startStage({ JOB_LEASE_MS: '15000', EXTRACT_MAX_PAGES: '5000' });
    owner = await stage.newOwner();
  });
  after(() => stage[Symbol.asyncDispose]());

  const timeSearches = async (who: Owner, enough: (count: number) => boolean): Promise<number[]> => {
    const times: number[] = [];
    while (!enough(times.length)) {
      const started = performance.now();
      const { status } = await who.client.post('search', { query: 'where does the donkey find thistles' });
      times.push(performance.now() - started);
      assert.equal(status, 200);
    }
    return times;
  };

  test('promise 17: ten PDFs of 1,000 pages at once: below 2 GB, and searches take at most twice as long', async (t) => {
    const worker = await stage.startWorker();
    // Somebody else has as much as one of them; what is searched must not grow while it is timed.
    const reader = await stage.newOwner();
    const pdf = { name: 'own.pdf', bytes: await makeBigPdf(1_000, 0) };
    await endOfJob(reader.client, accepted(await reader.uploadFile(pdf)).jobId, 600_000);
    const files = await Promise.all(Array.from({ length: 10 }, () => makeBigPdf(1_000, 0)));
    const before = await timeSearches(reader, (count) => count >= 300);
    const watch = watchProcess(worker.pid);
    const started = performance.now();
    const uploads = await Promise.all(
      files.map((bytes, index) => owner.uploadFile({ name: `${index}.pdf`, bytes })),
    );
    const jobs = uploads.map(accepted);
    let ended = false;
    const searching = timeSearches(reader, () => ended);
    // Read from the table: asking the API all the time would be a load of its own.
    const open = () =>
      stage.sql(`select 1 from jobs where parent_id is null and status in ('queued', 'running') limit 1`);
    await waitFor(async () => (await open()).length === 0, {
      description: 'all to be taken in',
      timeoutMs: 1_800_000,
    }).finally(() => (ended = true));
    const busy = p95(await searching);
    const seconds = (performance.now() - started) / 1000;
    const samples = await watch.stop();
    // Before and after, for a host may have other things to do as well.
    const calm = p95([...before, ...(await timeSearches(reader, (count) => count >= 300))]);
    for (const { documentId } of jobs)
      assert.equal((await getDocument(owner.client, documentId)).status, 'completed');
    const peak = Math.max(...samples.map(({ all }) => all));
    const own = Math.max(...samples.map((sample) => sample.own));
    t.diagnostic(
      `10 x 1,000 pages in ${seconds.toFixed(0)} s; peak with children ${(peak / MB).toFixed(0)} MB, the worker itself ${(own / MB).toFixed(0)} MB; search p95 ${calm.toFixed(0)} ms in quiet, ${busy.toFixed(0)} ms meanwhile (${(busy / calm).toFixed(1)} times)`,
    );
    assert.ok(peak < 2 * GB, `${peak} bytes`);
    assert.ok(busy <= 2 * calm, `search p95 ${busy} ms instead of ${calm} ms`);
    await worker.stop('SIGTERM');
  });

  test('promise 17: a soak with files of 10 MiB: below 2 GB, and it does not grow', async (t) => {
    const worker = await stage.startWorker();
    const watch = watchProcess(worker.pid);
    const started = Date.now();
    let files = 0;
    while (Date.now() - started < SOAK_MS) {
      const bytes = await makeBigPdf(40, FILE_BYTES);
      assert.ok(bytes.length > 9.5 * 1024 * 1024 && bytes.length <= 10 * 1024 * 1024, String(bytes.length));
      const { documentId, jobId } = accepted(await owner.uploadFile({ name: 'soak.pdf', bytes }));
      assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
      assert.equal((await owner.client.delete(`documents/${documentId}`)).status, 204);
      files += 1;
    }
    const samples = await watch.stop();
    // The first third warms up: code is compiled, pools are filled.
    const steady = samples.slice(Math.floor(samples.length / 3));
    const slope = slopePerMinute(steady);
    const peak = Math.max(...samples.map(({ all }) => all));
    t.diagnostic(
      `${files} files of 10 MiB in ${(SOAK_MS / 60_000).toFixed(0)} min: peak with children ${(peak / MB).toFixed(0)} MB, the worker itself ${(Math.max(...samples.map(({ own }) => own)) / MB).toFixed(0)} MB, slope ${(slope / MB).toFixed(2)} MB a minute`,
    );
    assert.ok(peak < 2 * GB);
    assert.ok(slope < MB, `${slope} bytes a minute`);
  });
});
