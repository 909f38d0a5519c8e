import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restartWhileServing } from '#tests/support/rolling-restart.ts';

test('promise 10: instances behind a load balancer are restarted one by one, and no request fails', async (t) => {
  const { requests, restarts, failures } = await restartWhileServing({ rounds: 1, perSecond: 20 });
  t.diagnostic(`${failures.length} of ${requests} requests failed during ${restarts} restarts`);
  assert.deepEqual(failures, []);
  assert.ok(requests >= 20);
});
