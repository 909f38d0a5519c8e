import assert from 'node:assert/strict';
import { test } from 'node:test';
import { percentile } from '#scripts/bench/percentile.ts';
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
