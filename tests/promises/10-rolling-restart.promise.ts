import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restartWhileServing } from '#tests/support/rolling-restart.ts';

test('promise 10: a rolling restart of API and workers at 100 requests a second', async (t) => {
  const { requests, restarts, jobs, seconds, failures } = await restartWhileServing({
    rounds: 3,
    perSecond: 100,
  });
  t.diagnostic(
    `${failures.length} of ${requests} requests failed during ${restarts} restarts of one of two instances or workers in ${seconds.toFixed(0)} s; ${jobs} jobs done, none lost`,
  );
  assert.deepEqual(failures, []);
  assert.ok(requests / seconds > 90, `${(requests / seconds).toFixed(0)} requests a second`);
});
