import assert from 'node:assert/strict';
import { test } from 'node:test';
import { percentile } from '#scripts/bench/percentile.ts';
import { errorCount } from '#tests/support/load/drive.ts';
import { serveThroughFaults } from '#tests/support/load/planned-faults.ts';
import { redisMissing } from '#tests/support/own-redis.ts';
import { runUnderLoad } from '#tests/support/load/run-under-load.ts';

// Other tests run beside this one, so it is a lighter load than that of tests/promises.
test('promise 18, promise 19: short: a mixed load is answered in time', async (t) => {
  const size = { users: 20, assistants: 100, chunks: 2_000 };
  const { report, statements } = await runUnderLoad({ ...size, perUserAndSecond: 1, seconds: 10 });
  const p95 = percentile(report.times, 0.95);
  t.diagnostic(
    `${report.requests} requests, p95 ${p95.toFixed(0)} ms; statements ${statements?.meanMs.toFixed(2)} ms on average`,
  );
  assert.ok(report.requests > 180);
  assert.deepEqual([...report.errors], []);
  assert.ok(p95 < 200, `p95 ${p95} ms`);
  if (statements === undefined) t.diagnostic('PostgreSQL has not loaded pg_stat_statements');
  else assert.ok(statements.calls > 0 && statements.meanMs < 50, `${statements.meanMs} ms`);
});

test(
  'promise 20: short: each planned fault fails hardly a request',
  { skip: redisMissing(), timeout: 240_000 },
  async (t) => {
    const { report, faults } = await serveThroughFaults({ requests: 2_400, perSecond: 40, rounds: 1 });
    t.diagnostic(
      `${errorCount(report)} of ${report.requests} requests failed through ${faults.length} faults: ${JSON.stringify([...report.errors])}`,
    );
    assert.equal(faults.length, 4);
    assert.ok(report.requests >= 2_300, `${report.requests} requests`);
    assert.ok(errorCount(report) <= 2, JSON.stringify([...report.errors]));
  },
);
