import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { createMetrics } from '#shared/metrics/metrics.ts';

const directory = new URL('../../ops/prometheus/', import.meta.url);
const rules = readFileSync(new URL('alerts.yml', directory), 'utf8');
const cases = readFileSync(new URL('alerts.test.yml', directory), 'utf8');
const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name]) => name!);

const promtool = (...given: string[]) => spawnSync('promtool', given, { cwd: directory, encoding: 'utf8' });
const missing =
  promtool('--version').status === 0
    ? false
    : 'there is no promtool: on Debian it is in the package prometheus';

suite('promise 43: alert rules', () => {
  test('speak of metrics that there are, with labels that these have', async () => {
    const { registry } = createMetrics('worker');
    const known = new Map(
      (await registry.getMetricsAsJSON()).map(({ name }) => {
        const { labelNames = [] } = registry.getSingleMetric(name) as unknown as { labelNames?: string[] };
        return [name, labelNames] as const;
      }),
    );
    const named = [...rules.matchAll(/\bdonkey_\w+/g)].map(([name]) => name);
    assert.ok(named.length >= 8);
    for (const name of named) assert.ok(known.has(name), name);
    const grouped = [...rules.matchAll(/by \(([\w, ]+)\) \((\w+)/g)];
    assert.ok(grouped.length >= 5);
    for (const [, labels, name] of grouped)
      for (const label of labels!.split(', '))
        assert.ok(known.get(name!)?.includes(label), `${name} has no label ${label}`);
  });

  test('each is shown to fire and to keep quiet', () => {
    assert.ok(alerts.length >= 7);
    for (const name of alerts) {
      const uses = [...cases.matchAll(new RegExp(`alertname: ${name}\\b( \\})?(\\n +exp_alerts)?`, 'g'))];
      assert.ok(
        uses.some(([, quiet]) => quiet !== undefined),
        `${name} keeps quiet`,
      );
      assert.ok(
        uses.some(([, , fires]) => fires !== undefined),
        `${name} fires`,
      );
    }
  });

  test('pass the tests of promtool', { skip: missing }, (t) => {
    const checked = promtool('check', 'rules', 'alerts.yml');
    assert.equal(checked.status, 0, checked.stdout + checked.stderr);
    const tested = promtool('test', 'rules', 'alerts.test.yml');
    assert.equal(tested.status, 0, tested.stdout + tested.stderr);
    t.diagnostic(`${alerts.length} rules: ${alerts.join(', ')}`);
  });
});
