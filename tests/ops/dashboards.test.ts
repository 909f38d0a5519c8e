import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { queriesOf, readDashboards, readRules, readYaml } from '#tests/support/monitoring-files.ts';
import type { Panel } from '#tests/support/monitoring-files.ts';
import { faultsOf, groupingsOf, knownSeries, selectorsOf } from '#tests/support/promql.ts';

const dashboards = readDashboards();
const recorded = new Set(readRules().flatMap(({ record }) => record ?? []));

/** What Prometheus itself tells. */
const isOfPrometheus = (name: string): boolean => ['up', 'ALERTS'].includes(name) || recorded.has(name);

const overlap = ({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

suite('dashboards', () => {
  test('there are five, each under a name of its own that does not change', () => {
    assert.deepEqual(
      dashboards.map(({ file, dashboard }) => [file, dashboard.uid]),
      ['api', 'database', 'jobs', 'overview', 'worker-memory'].map((name) => [
        `${name}.json`,
        `donkey-${name}`,
      ]),
    );
  });

  for (const { file, dashboard } of dashboards) {
    test(`${file} is whole: panels with queries of the source that is set up, and none upon another`, () => {
      const [source] = readYaml<{ datasources: { uid: string; type: string }[] }>(
        'grafana/provisioning/datasources/prometheus.yml',
      ).datasources;
      const { panels } = dashboard;
      assert.ok(panels.length >= 10);
      assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
      for (const [index, panel] of panels.entries()) {
        assert.ok(panel.gridPos.x + panel.gridPos.w <= 24, panel.title);
        for (const other of panels.slice(index + 1))
          assert.ok(!overlap(panel, other), `${panel.title} and ${other.title}`);
        if (panel.type === 'row') continue;
        assert.ok(['timeseries', 'stat'].includes(panel.type), panel.type);
        assert.ok((panel.targets ?? []).length > 0, panel.title);
        for (const { uid, type } of [panel.datasource!, ...panel.targets!.map((one) => one.datasource)])
          assert.deepEqual({ uid, type }, { uid: source!.uid, type: source!.type });
      }
    });

    test(`${file} asks for series and labels that there are, and names lines by what they are grouped by`, async () => {
      const known = await knownSeries();
      for (const { panel, expr } of queriesOf(dashboard))
        assert.deepEqual(faultsOf(expr, known, isOfPrometheus), [], `${panel}: ${expr}`);
      for (const { title, targets = [] } of dashboard.panels)
        for (const { expr, legendFormat = '' } of targets) {
          const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label!);
          const groups = groupingsOf(expr);
          if (groups.length > 0)
            for (const label of named) assert.ok(groups.includes(label), `${title}: {{${label}}} of ${expr}`);
        }
    });
  }

  test('every metric of the product is on a dashboard or in an alert', async () => {
    const shown = new Set(
      [...dashboards.flatMap(({ dashboard }) => queriesOf(dashboard)), ...readRules()]
        .flatMap(({ expr }) => selectorsOf(expr))
        .map(({ name }) => name.replace(/_(bucket|sum|count)$/, '')),
    );
    const told = [...(await knownSeries()).keys()]
      .filter((name) => name.startsWith('donkey_'))
      .map((name) => name.replace(/_(bucket|sum|count)$/, ''));
    assert.ok(told.length >= 40);
    assert.deepEqual(
      told.filter((name) => !shown.has(name)),
      [],
    );
  });

  test('the check notices what there is not', async () => {
    const known = await knownSeries();
    const faults = (expr: string) => faultsOf(expr, known, () => false);
    assert.deepEqual(faults('sum by (queue) (rate(donkey_jobs_invented_total[5m]))'), [
      'no series donkey_jobs_invented_total',
      'nothing has a label queue',
    ]);
    assert.deepEqual(faults('donkey_dead_letters{colour="grey"} > 0'), [
      'donkey_dead_letters has no label colour',
    ]);
    assert.deepEqual(
      faults('max by (type, code) (donkey_dead_letters{type=~"x|donkey_y"}) or vector(0)'),
      [],
    );
    assert.deepEqual(faults('histogram_quantile(0.9, sum by (le) (rate(donkey_job_wait_seconds[5m])))'), [
      'no series donkey_job_wait_seconds',
      'nothing has a label le',
    ]);
  });
});
