import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restartWhileServing } from '#tests/support/rolling-restart.ts';

test('promise 10: instances behind a load balancer and workers are restarted one by one: no request fails, no job is lost', async (t) => {
  const { requests, restarts, jobs, failures } = await restartWhileServing({ rounds: 1, perSecond: 20 });
  t.diagnostic(
    `${failures.length} of ${requests} requests failed during ${restarts} restarts; ${jobs} jobs done`,
  );
  assert.deepEqual(failures, []);
  assert.ok(requests >= 20 && jobs >= requests / 6, `${requests} requests, ${jobs} jobs`);
});
