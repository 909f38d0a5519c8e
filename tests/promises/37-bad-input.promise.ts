import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runFuzz } from '#tests/support/run-fuzz.ts';

// The long form of tests/api/fuzz.test.ts, with other requests every day: the seed is printed, and repeats a run.
test('promise 37: 50,000 requests made from the contract, none answered outside it', async (t) => {
  const seed = Math.floor(Date.now() / 86_400_000);
  const { requests, operations, statuses, faults } = await runFuzz({ requests: 50_000, seed });
  t.diagnostic(`seed ${seed}: ${requests} requests to ${operations} operations: ${JSON.stringify(statuses)}`);
  assert.ok(requests >= 50_000);
  assert.deepEqual(faults.slice(0, 10), [], `${faults.length} faults`);
});
