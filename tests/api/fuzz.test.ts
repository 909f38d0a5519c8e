import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runFuzz } from '#tests/support/run-fuzz.ts';

test('whatever is sent to any operation, the answer keeps to the contract and is no fault of ours', async (t) => {
  const report = await runFuzz({ requests: 5_000, seed: 20_261_123 });
  const { requests, operations, statuses, leastPerOperation, neverAdmitted, faults } = report;
  t.diagnostic(`${requests} requests to ${operations} operations: ${JSON.stringify(statuses)}`);
  t.diagnostic(`at least ${leastPerOperation} requests to each operation, all of them got past the guards`);
  assert.ok(requests >= 5_000);
  assert.ok(leastPerOperation >= 30);
  assert.deepEqual(neverAdmitted, []);
  assert.deepEqual(faults.slice(0, 10), [], `${faults.length} faults`);
  for (const status of [200, 201, 202, 204, 400, 401, 403, 404, 409, 415])
    assert.ok((statuses[status] ?? 0) > 0, `no ${status} among the answers: the requests are too one-sided`);
});
