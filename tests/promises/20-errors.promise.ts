import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startOwnServices } from '#tests/support/own-services.ts';
import { faultsOfFaulty, printSoakReport } from '#tests/support/soak/print-soak-report.ts';
import { runSoak } from '#tests/support/soak/run-soak.ts';

const REQUESTS = 100_000;
const PER_SECOND = 150;
const ROUNDS = 2;

test('promise 20: of 100,000 requests at most 83 fail, whatever is planned to', async (t) => {
  await using services = await startOwnServices();
  if (services === undefined) {
    t.skip('PostgreSQL and Redis run elsewhere and cannot be killed from here');
    return;
  }
  const report = await runSoak({
    services,
    seed: 3,
    perSecond: PER_SECOND,
    calmSeconds: 0,
    faultySeconds: REQUESTS / PER_SECOND,
    rounds: ROUNDS,
  });
  for (const line of printSoakReport(report)) t.diagnostic(line);
  assert.ok(report.faulty.requests >= 0.999 * REQUESTS, `${report.faulty.requests} requests`);
  assert.deepEqual(faultsOfFaulty(report, ROUNDS), []);
});
