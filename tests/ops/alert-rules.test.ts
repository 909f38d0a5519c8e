import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { collectEndpoints } from '#scripts/openapi/describe-api.ts';
import { errorCatalog } from '#shared/errors/error-catalog.ts';
import { OPS, readRules, readYaml } from '#tests/support/monitoring-files.ts';
import type { PrometheusConfig } from '#tests/support/monitoring-files.ts';
import { faultsOf, knownSeries } from '#tests/support/promql.ts';

const directory = `${OPS}prometheus/`;
const caseFiles = ['alerts.test.yml', 'alerts-of-days.test.yml'];
const cases = caseFiles.map((file) => readFileSync(`${directory}${file}`, 'utf8')).join('\n');
const rules = readRules();
const alerts = rules.flatMap((rule) => (rule.alert === undefined ? [] : [{ ...rule, alert: rule.alert }]));
const recorded = rules.flatMap(({ record }) => record ?? []);
const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');

/** What others tell: Prometheus itself, and the exporters that the runbook names. */
const isFromElsewhere = (name: string): boolean =>
  name === 'up' || recorded.includes(name) || /^(node_filesystem|probe)_\w+$/.test(name);

const promtool = (...given: string[]) => spawnSync('promtool', given, { cwd: directory, encoding: 'utf8' });
const missing =
  promtool('--version').status === 0
    ? false
    : 'there is no promtool: on Debian it is in the package prometheus';

suite('promise 43: alert rules', () => {
  test('speak of series that there are, with labels that these have', async () => {
    const known = await knownSeries();
    assert.ok(rules.length >= 30);
    for (const { alert, record, expr } of rules)
      assert.deepEqual(faultsOf(expr, known, isFromElsewhere), [], alert ?? record);
  });

  test('each is shown to fire and to keep quiet', () => {
    for (const { alert } of alerts) {
      const uses = [...cases.matchAll(new RegExp(`alertname: ${alert}\\b( \\})?(\\n +exp_alerts)?`, 'g'))];
      assert.ok(
        uses.some(([, quiet]) => quiet !== undefined),
        `${alert} keeps quiet`,
      );
      assert.ok(
        uses.some(([, , fires]) => fires !== undefined),
        `${alert} fires`,
      );
    }
  });

  test('each says how urgent it is, and has a section of the runbook, which has no others', () => {
    const sections = [...runbook.matchAll(/^## (Donkey\w+)\n([\s\S]*?)(?=^## |$(?![\s\S]))/gm)];
    assert.deepEqual(sections.map(([, name]) => name).sort(), alerts.map(({ alert }) => alert).sort());
    for (const { alert, labels, annotations } of alerts) {
      assert.match(labels?.severity ?? '', /^(critical|warning)$/, alert);
      assert.equal(annotations?.runbook_url, `docs/runbook.md#${alert.toLowerCase()}`);
      assert.ok(annotations.summary && annotations.description, alert);
    }
    for (const [, name, text] of sections) {
      const parts = [...text!.matchAll(/^\*\*([\w ]+)\.\*\*/gm)].map(([, part]) => part);
      assert.deepEqual(parts, ['Means', 'Users see', 'Look', 'Do', 'Escalate'], name);
    }
  });

  test('the runbook names commands, addresses, series and settings that there are', async () => {
    const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const run = [...runbook.matchAll(/`npm run ([\w:]+)/g)].map(([, name]) => name!);
    assert.ok(run.length > 0);
    for (const name of run) assert.ok(Object.hasOwn(scripts, name), `npm run ${name}`);
    const paths = new Set((await collectEndpoints()).map(({ method, fullPath }) => `${method} ${fullPath}`));
    const asked = [...runbook.matchAll(/`(GET|POST|PUT|PATCH|DELETE) (\/api\/[\w/{}.-]+)/g)];
    assert.ok(asked.length > 0);
    for (const [, method, path] of asked) {
      const one = `${method} ${path!.replaceAll(/\{(\w+)\}/g, ':$1')}`;
      assert.ok(paths.has(one), one);
    }
    const known = await knownSeries();
    for (const [name] of runbook.matchAll(/\bdonkey_[a-z_]+/g))
      assert.ok(known.has(name) || known.has(`${name}_count`), name);
    for (const [, code] of runbook.matchAll(/`([a-z_]+\.[a-z_]+)`/g))
      if (!/\.(yml|json|md)$/.test(code!)) assert.ok(Object.hasOwn(errorCatalog, code!), code);
    const config = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
    for (const [, name] of runbook.matchAll(/`([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+)`/g))
      assert.match(config, new RegExp(`\\b${name}\\b`), name);
  });

  test('what streams is no slowness, and everything else is measured', async () => {
    const { expr } = rules.find(({ record }) => record === 'donkey:http_latency_seconds:p95_5m')!;
    const [, left] = /route!~"([^"]+)"/.exec(expr)!;
    const isLeftOut = new RegExp(`^(?:${left})$`);
    const endpoints = await collectEndpoints();
    const streaming = endpoints.filter(
      ({ streams, responses }) =>
        streams || Object.values(responses).some(({ contentType }) => contentType === 'text/event-stream'),
    );
    assert.ok(streaming.length >= 2);
    for (const { fullPath } of streaming) assert.match(fullPath, isLeftOut);
    const others = endpoints.filter(
      ({ fullPath }) => isLeftOut.test(fullPath) && !fullPath.startsWith('/health'),
    );
    const paths = new Set(streaming.map(({ fullPath }) => fullPath));
    for (const { fullPath } of others) assert.ok(paths.has(fullPath), `${fullPath} is not measured`);
  });

  test('a plain server is watched as the containers are', () => {
    const [containers, host] = ['prometheus.yml', 'prometheus.host.yml'].map((file) => {
      const { scrape_configs, ...rest } = readYaml<PrometheusConfig>(`prometheus/${file}`);
      const jobs = scrape_configs.map(
        ({ dns_sd_configs, static_configs, file_sd_configs, relabel_configs, ...one }) => one,
      );
      return { ...rest, jobs };
    });
    assert.deepEqual(containers, host);
    assert.deepEqual(
      containers!.jobs.map(({ job_name }) => job_name),
      ['api', 'worker', 'prometheus', 'node', 'probe'],
    );
  });

  test('pass the tests of promtool', { skip: missing }, (t) => {
    for (const given of [
      ['check', 'rules', 'alerts.yml'],
      ['check', 'config', 'prometheus.yml'],
      ['check', 'config', 'prometheus.host.yml'],
      ['test', 'rules', ...caseFiles],
    ]) {
      const { status, stdout, stderr } = promtool(...given);
      assert.equal(status, 0, `${given.join(' ')}: ${stdout}${stderr}`);
    }
    const shown = cases.match(/alertname: /g)?.length ?? 0;
    t.diagnostic(`${alerts.length} alerts and ${recorded.length} ratios, looked at ${shown} times`);
    t.diagnostic(alerts.map(({ alert }) => alert).join(', '));
  });
});
