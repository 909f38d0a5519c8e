import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makePdf } from '#tests/support/fixtures/pdf-files.ts';
import { accepted, endOfJob } from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';

const RUNS = 10;
const PAGES = 300;

test('promise 16: a PDF of 300 pages is extracted within 5 s and embedded within 30 s', async (t) => {
  await using stage = await startStage({ JOB_LEASE_MS: '15000' });
  const owner = await stage.newOwner();
  await stage.startWorker();
  const seconds = { extract: [] as number[], embed: [] as number[] };
  for (let run = 0; run < RUNS; run++) {
    const pages = Array.from(
      { length: PAGES },
      (_, page) =>
        `Run ${run}, page ${page}. ${`The donkey ${page} walks over hill ${run} and eats. `.repeat(40)}`,
    );
    const bytes = await makePdf({ pages });
    const { documentId, jobId } = accepted(await owner.uploadFile({ name: `${run}.pdf`, bytes }));
    assert.equal((await endOfJob(owner.client, jobId)).status, 'succeeded');
    const { stages } = (await owner.client.get(`documents/${documentId}/progress`)).body.data;
    for (const { stage: name, started_at: from, finished_at: to } of stages)
      if (name === 'extract' || name === 'embed')
        seconds[name as 'extract' | 'embed'].push((Date.parse(to) - Date.parse(from)) / 1000);
  }
  const worst = (values: readonly number[]): number =>
    values.toSorted((a, b) => a - b)[Math.floor(RUNS * 0.95)] ?? Infinity;
  t.diagnostic(
    `${RUNS} PDFs of ${PAGES} pages: extraction p95 ${worst(seconds.extract).toFixed(1)} s, embedding p95 ${worst(seconds.embed).toFixed(1)} s`,
  );
  assert.ok(worst(seconds.extract) < 5, JSON.stringify(seconds.extract));
  assert.ok(worst(seconds.embed) < 30, JSON.stringify(seconds.embed));
});
