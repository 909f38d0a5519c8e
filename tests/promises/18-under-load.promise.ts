import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { percentile } from '#scripts/bench/percentile.ts';
import { errorCount } from '#tests/support/load/drive.ts';
import { runUnderLoad } from '#tests/support/load/run-under-load.ts';
import type { UnderLoad } from '#tests/support/load/run-under-load.ts';

const LOAD = { users: 100, assistants: 1_000, chunks: 100_000, perUserAndSecond: 1, seconds: 60 } as const;

suite('100 clients, 1,000 assistants and 100,000 chunks', () => {
  let run: UnderLoad;
  before(async () => {
    run = await runUnderLoad(LOAD);
  });

  test('promise 18: p95 is below 200 ms and p99 below 500 ms at a fixed rate', (t) => {
    const { requests, seconds, times } = run.report;
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => percentile(times, share)) as [
      number,
      number,
      number,
    ];
    t.diagnostic(
      `${requests} requests, ${(requests / seconds).toFixed(0)} a second: p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, ${errorCount(run.report)} errors`,
    );
    assert.ok(requests / seconds > 0.9 * LOAD.users, `${requests} requests in ${seconds} s`);
    assert.deepEqual([...run.report.errors], []);
    assert.ok(p95 < 200, `p95 ${p95} ms`);
    assert.ok(p99 < 500, `p99 ${p99} ms`);
  });

  test('promise 19: a statement takes less than 50 ms on average, and no big table is scanned', (t) => {
    if (run.statements === undefined) {
      t.skip('PostgreSQL has not loaded pg_stat_statements');
      return;
    }
    const { calls, meanMs, slowest, scans } = run.statements;
    t.diagnostic(
      `${calls} statements, ${meanMs.toFixed(2)} ms on average; the slowest, ${slowest?.meanMs.toFixed(1)} ms: ${slowest?.query.replace(/\s+/g, ' ').slice(0, 100)}`,
    );
    assert.ok(calls > 1_000);
    assert.ok(meanMs < 50, `${meanMs} ms`);
    assert.deepEqual([...scans], []);
  });
});
