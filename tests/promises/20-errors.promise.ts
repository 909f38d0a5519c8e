import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorCount } from '#tests/support/load/drive.ts';
import { serveThroughFaults } from '#tests/support/load/planned-faults.ts';
import { redisMissing } from '#tests/support/own-redis.ts';

test(
  'promise 20: of 100,000 requests at most 83 fail, whatever is planned to',
  { skip: redisMissing() },
  async (t) => {
    const { report, faults } = await serveThroughFaults({ requests: 100_000, perSecond: 150, rounds: 3 });
    t.diagnostic(
      `${errorCount(report)} of ${report.requests} requests failed through ${faults.length} faults: ${JSON.stringify([...report.errors])}`,
    );
    assert.ok(report.requests >= 99_000, `${report.requests} requests`);
    assert.ok(errorCount(report) <= 83, JSON.stringify([...report.errors]));
  },
);
