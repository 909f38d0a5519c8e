import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { queriesOf, readDashboards, readRules } from '#tests/support/monitoring-files.ts';
import { busyInstallation } from '#tests/support/busy-installation.ts';
import { prometheusIsMissing, startPrometheus } from '#tests/support/prometheus.ts';
import type { OwnPrometheus } from '#tests/support/prometheus.ts';
import { selectionsOf } from '#tests/support/promql.ts';

/** What rightly has no data here, with the reason. */
const EMPTY: readonly { readonly about: RegExp; readonly reason: string }[] = [
  {
    about: /^sum by \(queue\) \(rate\(donkey_queue_consumers_replaced_total/,
    reason: 'no consumer has stopped taking jobs, which nothing outside of it can bring about',
  },
  { about: /^node_filesystem_/, reason: 'told by node_exporter' },
  { about: /^probe_/, reason: 'told by blackbox_exporter' },
];

const reasonFor = (expr: string): string | undefined => EMPTY.find(({ about }) => about.test(expr))?.reason;

/** As Grafana asks: the least range that has enough samples in it. */
const asAsked = (expr: string): string => expr.replaceAll('$__rate_interval', '20s');

const hasData = async (prometheus: OwnPrometheus, expr: string): Promise<boolean> =>
  (await prometheus.query(asAsked(expr))).some(({ value }) => !Number.isNaN(value));

/** Asks until everything had data once, and returns what never did. */
async function neverAnswered(prometheus: OwnPrometheus, exprs: readonly string[]): Promise<string[]> {
  const open = new Set(exprs);
  for (const deadline = Date.now() + 120_000; open.size > 0 && Date.now() < deadline;) {
    for (const expr of open) if (await hasData(prometheus, expr)) open.delete(expr);
    await sleep(500);
  }
  return [...open];
}

test(
  'every panel and every series of an alert has data of real processes at work',
  {
    skip: prometheusIsMissing ?? false,
  },
  async (t) => {
    await using installation = await busyInstallation();
    if (installation === undefined) {
      t.skip('this host has no PostgreSQL and Redis as programs');
      return;
    }
    await using prometheus = await startPrometheus(installation.targets);
    const working = installation.work();
    const panels = readDashboards().flatMap(({ file, dashboard }) =>
      queriesOf(dashboard).map(({ panel, expr }) => ({ where: `${file}: ${panel}`, expr })),
    );
    const watched = readRules().flatMap(({ alert, record, expr }) =>
      selectionsOf(expr).map((one) => ({ where: alert ?? record ?? '', expr: one })),
    );
    const all = [...panels, ...watched];
    const asked = [...new Set(all.map(({ expr }) => expr))];
    const silent = await neverAnswered(
      prometheus,
      asked.filter((expr) => reasonFor(expr) === undefined),
    );
    assert.deepEqual(
      all.filter(({ expr }) => silent.includes(expr)),
      [],
    );
    const excused = asked.filter((expr) => reasonFor(expr) !== undefined);
    for (const expr of excused)
      assert.equal(await hasData(prometheus, expr), false, `${expr}: no reason any more`);
    const rules = await prometheus.rules();
    assert.equal(rules.length, readRules().length);
    for (const { name, health, lastError } of rules) assert.equal(health, 'ok', `${name}: ${lastError}`);
    const found = await prometheus.healthyTargets();
    assert.deepEqual(found.map(({ job }) => job).sort(), ['api', 'prometheus', 'worker']);
    await working.stop();
    t.diagnostic(
      `${panels.length} queries of panels, ${watched.length} series of ${rules.length} rules, ${working.rounds} rounds of work`,
    );
    for (const expr of excused) t.diagnostic(`without data: ${expr} (${reasonFor(expr)})`);
  },
);
