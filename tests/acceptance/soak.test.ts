import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startOwnServices } from '#tests/support/own-services.ts';
import { PLANNED_FAULTS } from '#tests/support/soak/planned-faults.ts';
import { faultsOfCalm, faultsOfFaulty, printSoakReport } from '#tests/support/soak/print-soak-report.ts';
import { runSoak } from '#tests/support/soak/run-soak.ts';
import { robustSlopePerMinute } from '#tests/support/soak/steadiness.ts';

const MB = 1e6;
/** In seconds memory and times have not settled, and other tests run beside this one. */
const ROUGHLY = { latencyRatio: 5, latencyMs: 1_000, memoryPerMinute: 500 * MB };

test('promise 20, promise 21: short: peace fails no request, and each planned fault hardly one', async (t) => {
  await using services = await startOwnServices();
  if (services === undefined) {
    t.skip('PostgreSQL and Redis run elsewhere and cannot be killed from here');
    return;
  }
  const times = { calmSeconds: 9, faultySeconds: 60 };
  const report = await runSoak({ ...times, services, seed: 20, perSecond: 20, rounds: 1 });
  for (const line of printSoakReport(report)) t.diagnostic(line);
  assert.deepEqual([...faultsOfCalm(report, ROUGHLY), ...faultsOfFaulty(report, 1)], []);
  assert.equal(report.faulty.faults.length, PLANNED_FAULTS.length);
  assert.ok(report.faulty.requests >= 1_100 && report.faulty.availability.probes >= 200);
  assert.equal(report.calm?.memory.length, 4);
});

test('a slope is that of most samples: steps up are seen, and single peaks are not', () => {
  const samples = (of: (second: number) => number) =>
    Array.from({ length: 600 }, (_, second) => ({ at: second * 1000, own: of(second), all: 0 }));
  const flat = robustSlopePerMinute(samples((second) => 100 * MB + (second % 50 === 0 ? 80 * MB : 0)));
  assert.ok(Math.abs(flat) < 0.01 * MB, String(flat));
  const sawtooth = robustSlopePerMinute(samples((second) => 100 * MB + (second % 20) * MB));
  assert.ok(Math.abs(sawtooth) < 0.2 * MB, String(sawtooth));
  const leak = robustSlopePerMinute(samples((second) => 100 * MB + (second % 20) * MB + second * 0.05 * MB));
  assert.ok(leak > 2.5 * MB && leak < 3.5 * MB, String(leak));
});
