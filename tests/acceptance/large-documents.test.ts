import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makePdf } from '#tests/support/fixtures/pdf-files.ts';
import type { Json } from '#tests/support/http-client.ts';
import { accepted, endOfJob } from '#tests/support/ingestion.ts';
import { watchProcess } from '#tests/support/process-memory.ts';
import { startStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const PAGES = 300;
const FILES = 3;
/** Beside other tests times say little; tests/promises has them alone. */
const SLOWEST_SEARCH_MS = 1_000;

const p95 = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? Infinity;

test('promise 16 and promise 17: PDFs of 300 pages are taken in in time and memory, and searches go on, in short', async (t) => {
  await using stage = await startStage({ JOB_LEASE_MS: '15000' });
  const [owner, reader] = await Promise.all([stage.newOwner(), stage.newOwner()]);
  const worker = await stage.startWorker();
  const first = accepted(await reader.uploadText('Hill', 'The donkey finds thistles on the hill.'));
  await endOfJob(reader.client, first.jobId);
  const files = await Promise.all(
    Array.from({ length: FILES }, (_, file) =>
      makePdf({
        pages: Array.from({ length: PAGES }, (_none, page) =>
          `File ${file}, page ${page}. `.concat(`The donkey ${page} walks over hill ${file}. `.repeat(40)),
        ),
      }),
    ),
  );
  const watch = watchProcess(worker.pid);
  const uploads = await Promise.all(
    files.map((bytes, file) => owner.uploadFile({ name: `${file}.pdf`, bytes })),
  );
  const documents = uploads.map((upload) => accepted(upload).documentId);
  const state = { ended: false };
  const searching = (async () => {
    const times: number[] = [];
    while (!state.ended) {
      const started = performance.now();
      const { status, body } = await reader.client.post('search', { query: 'thistles on the hill' });
      times.push(performance.now() - started);
      assert.deepEqual([status, body.data.length], [200, 1]);
    }
    return times;
  })();
  const open = () =>
    stage.sql(`select 1 from documents where status in ('queued', 'processing') and user_id = $1`, [
      owner.id,
    ]);
  await waitFor(async () => (await open()).length === 0, {
    description: 'all to be taken in',
    timeoutMs: 120_000,
  }).finally(() => (state.ended = true));
  const slow = p95(await searching);
  const peak = Math.max(...(await watch.stop()).map(({ all }) => all));
  const seconds = { extract: 0, embed: 0 };
  for (const id of documents) {
    const { document, stages } = (await owner.client.get(`documents/${id}/progress`)).body.data;
    assert.deepEqual([document.status, document.page_count], ['completed', PAGES]);
    for (const { stage: name, started_at: from, finished_at: to } of stages as Json[])
      if (name === 'extract' || name === 'embed')
        seconds[name as 'extract' | 'embed'] = Math.max(
          seconds[name as 'extract' | 'embed'],
          (Date.parse(to) - Date.parse(from)) / 1000,
        );
  }
  t.diagnostic(
    `${FILES} PDFs of ${PAGES} pages at once: extraction ${seconds.extract.toFixed(1)} s, embedding ${seconds.embed.toFixed(1)} s, peak ${(peak / 1e6).toFixed(0)} MB; search p95 ${slow.toFixed(0)} ms meanwhile`,
  );
  assert.ok(seconds.extract < 5, `extraction ${seconds.extract} s`);
  assert.ok(seconds.embed < 30, `embedding ${seconds.embed} s`);
  assert.ok(peak < 2e9, `${peak} bytes`);
  assert.ok(slow < SLOWEST_SEARCH_MS, `search p95 ${slow} ms`);
});
