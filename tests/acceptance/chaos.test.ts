import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FAULT_KINDS, makeChaosPlan } from '#tests/support/chaos/plan.ts';
import { printReport } from '#tests/support/chaos/print-report.ts';
import { runChaos } from '#tests/support/chaos/run-chaos.ts';
import { startOwnServices } from '#tests/support/own-services.ts';

const SEED = 20_261_125;
const DOCUMENTS = 40;
const SPAN_MS = 14_000;

suite('chaos, in short (npm run test:chaos is the long one)', () => {
  test('promise 1, promise 2: every kind of fault while documents go in: none is lost, nothing is done twice', async (t) => {
    await using services = await startOwnServices();
    if (services === undefined) {
      t.skip('PostgreSQL and Redis run elsewhere and cannot be killed from here');
      return;
    }
    const setup = { owners: 3, workers: 2 };
    const faults = FAULT_KINDS.length;
    const plan = await makeChaosPlan({ ...setup, seed: SEED, documents: DOCUMENTS, faults, spanMs: SPAN_MS });
    const report = await runChaos({ ...setup, plan, services, patienceMs: 60_000, compare: true });
    for (const line of printReport(report)) t.diagnostic(line);
    assert.deepEqual(report.violations, []);
    assert.deepEqual([report.accepted, report.lost], [DOCUMENTS, 0]);
    assert.deepEqual([...report.faults.keys()].sort(), FAULT_KINDS.toSorted());
    for (const [kind, { injected, survived }] of report.faults) assert.equal(survived, injected, kind);
  });

  test('promise 1: the same product without its relay loses work, so losing can be seen', async (t) => {
    await using services = await startOwnServices();
    if (services === undefined) {
      t.skip('PostgreSQL and Redis run elsewhere and cannot be killed from here');
      return;
    }
    const setup = { owners: 2, workers: 1, documents: 40, textsOnly: true, paragraphs: 1 };
    const kinds = [
      'Redis killed, restarted with its data',
      'Redis killed, restarted without its data',
    ] as const;
    const plan = await makeChaosPlan({ ...setup, seed: SEED, kinds, faults: 2, spanMs: 5_000 });
    const report = await runChaos({
      ...setup,
      plan,
      services,
      patienceMs: 60_000,
      compare: false,
      withoutRelay: true,
    });
    t.diagnostic(`${report.lost} of ${report.accepted} accepted documents are never done`);
    assert.equal(report.accepted, setup.documents);
    assert.ok(report.lost > 0, 'a run without the outbox loses some');
  });
});
