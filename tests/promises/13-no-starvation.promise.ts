import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { startQueueBench } from '#tests/support/queue-bench.ts';

const HIGH = 5_000;
const LOW = 10;
/** Of each job, so that the high ones alone take well over a minute on two places. */
const WORK_MS = 30;

test('promise 13: 5,000 high and 10 low jobs: each low one starts within 60 s', async (t) => {
  await using bench = await startQueueBench();
  const [busy, patient] = await Promise.all([bench.newUser(), bench.newUser()]);
  for (let batch = 0; batch < HIGH / 500; batch += 1) await bench.addJobs(busy, 500, 'high');
  await bench.addJobs(patient, LOW, 'low');
  const due = Date.now();
  const lowAfter: number[] = [];
  let highDone = 0;
  let highWhenLastLow = 0;
  await using _ = bench.consume(
    async ({ claim }) => {
      if (claim.job.priority === 'low') {
        lowAfter.push(Date.now() - due);
        highWhenLastLow = highDone;
      } else highDone += 1;
      await sleep(WORK_MS);
    },
    { concurrency: { embedding: 2 } },
  );
  await using _relay = bench.startRelay(1_000);
  await bench.drained(400_000);
  const latest = Math.max(...lowAfter);
  t.diagnostic(
    `each of ${lowAfter.length} low jobs started ${(Math.min(...lowAfter) / 1000).toFixed(1)} to ${(latest / 1000).toFixed(1)} s after it was due, when ${highWhenLastLow} of ${HIGH} high jobs had been started; all took ${((Date.now() - due) / 1000).toFixed(0)} s`,
  );
  assert.equal(lowAfter.length, LOW);
  assert.ok(highWhenLastLow < HIGH, 'high work was still waiting');
  assert.ok(latest < 60_000);
});
