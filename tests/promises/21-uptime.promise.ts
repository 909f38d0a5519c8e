import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startOwnServices } from '#tests/support/own-services.ts';
import { faultsOfCalm, faultsOfFaulty, printSoakReport } from '#tests/support/soak/print-soak-report.ts';
import { runSoak } from '#tests/support/soak/run-soak.ts';
import { STEADY } from '#tests/support/soak/steadiness.ts';

const MINUTES = Number(process.env.SOAK_MINUTES ?? '10');

// Memory is printed here and judged by npm run test:soak.
const LIMITS = { ...STEADY, memoryPerMinute: Infinity };

// One round of all faults is what is planned for an hour: the time down in it is that of an hour.
test('promise 21: down for at most 3.6 s an hour, and no request fails while nothing happens', async (t) => {
  await using services = await startOwnServices();
  if (services === undefined) {
    t.skip('PostgreSQL and Redis run elsewhere and cannot be killed from here');
    return;
  }
  const report = await runSoak({
    services,
    seed: 21,
    perSecond: 60,
    calmSeconds: MINUTES * 36,
    faultySeconds: Math.max(120, MINUTES * 24),
    rounds: 1,
  });
  for (const line of printSoakReport(report)) t.diagnostic(line);
  assert.deepEqual([...faultsOfCalm(report, LIMITS), ...faultsOfFaulty(report, 1)], []);
});
