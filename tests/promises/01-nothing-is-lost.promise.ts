import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeChaosPlan } from '#tests/support/chaos/plan.ts';
import { printReport } from '#tests/support/chaos/print-report.ts';
import { runChaos } from '#tests/support/chaos/run-chaos.ts';
import { startOwnServices } from '#tests/support/own-services.ts';

const SEED = 1;
const UPLOADS = 2_600;
const FAULTS = 36;
const SPAN_MS = 180_000;
const PATIENCE_MS = 900_000;
const setup = { owners: 6, workers: 2 };

test('promise 1, promise 2: kills of API, workers, relay, Redis and PostgreSQL under load', async (t) => {
  await using services = await startOwnServices();
  if (services === undefined) {
    t.skip('PostgreSQL and Redis run elsewhere and cannot be killed from here');
    return;
  }
  const plan = await makeChaosPlan({
    ...setup,
    seed: SEED,
    documents: UPLOADS,
    faults: FAULTS,
    spanMs: SPAN_MS,
    textsOnly: true,
    paragraphs: 3,
  });
  const report = await runChaos({ ...setup, plan, services, patienceMs: PATIENCE_MS, compare: false });
  for (const line of printReport(report)) t.diagnostic(line);
  t.diagnostic(
    `${report.lost} of ${report.accepted} accepted uploads lost; ${report.violations.length} duplicates or strays`,
  );
  assert.deepEqual(report.violations, []);
  assert.deepEqual([report.accepted, report.lost], [UPLOADS, 0]);
});

test('promise 1: without the outbox the same faults lose some', async (t) => {
  await using services = await startOwnServices();
  if (services === undefined) {
    t.skip('PostgreSQL and Redis run elsewhere and cannot be killed from here');
    return;
  }
  const documents = UPLOADS / 10;
  const faults = FAULTS / 3;
  const spanMs = SPAN_MS / 5;
  const plan = await makeChaosPlan({
    ...setup,
    seed: SEED,
    documents,
    faults,
    spanMs,
    textsOnly: true,
    paragraphs: 3,
  });
  const report = await runChaos({
    ...setup,
    plan,
    services,
    patienceMs: PATIENCE_MS,
    compare: false,
    withoutRelay: true,
  });
  t.diagnostic(`${report.lost} of ${report.accepted} accepted uploads lost`);
  assert.ok(report.lost > 0);
});
