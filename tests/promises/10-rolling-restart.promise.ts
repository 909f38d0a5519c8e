import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restartWhileServing } from '#tests/support/rolling-restart.ts';

test('promise 10: a rolling restart at 100 requests a second', async (t) => {
  const { requests, restarts, seconds, failures } = await restartWhileServing({ rounds: 3, perSecond: 100 });
  t.diagnostic(
    `${failures.length} of ${requests} requests failed during ${restarts} restarts of one of two instances in ${seconds.toFixed(0)} s`,
  );
  assert.deepEqual(failures, []);
  assert.ok(requests / seconds > 90, `${(requests / seconds).toFixed(0)} requests a second`);
});
