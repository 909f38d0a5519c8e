import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite, test } from 'node:test';
import { parse } from 'yaml';
import { logFields } from '#shared/logging/log-fields.ts';
import { startApiProcess } from '#tests/support/api-process.ts';
import { registerUser } from '#tests/support/http-client.ts';
import { accepted, endOfJob } from '#tests/support/ingestion.ts';
import { makePdf } from '#tests/support/fixtures/pdf-files.ts';
import type { LogLine } from '#tests/support/product-process.ts';
import { startStage } from '#tests/support/test-stage.ts';

interface Mapping {
  readonly type?: string;
  readonly enabled?: boolean;
  readonly dynamic?: boolean;
  readonly properties?: Readonly<Record<string, Mapping>>;
}

interface Template {
  readonly index_patterns: readonly string[];
  readonly template: { readonly settings: Record<string, unknown>; readonly mappings: Mapping };
}

const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;
const template = readJson<Template>('ops/elasticsearch/index-template.json');
const { mappings } = template.template;

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** Whether Elasticsearch takes a value for a field of this type; a list is a field with several values. */
const TAKES: Readonly<Record<string, (value: unknown) => boolean>> = {
  keyword: (value) => typeof value === 'string',
  text: (value) => typeof value === 'string',
  date: (value) =>
    typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value) && !Number.isNaN(Date.parse(value)),
  long: Number.isSafeInteger,
  double: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  flattened: (value) => typeof value === 'object' && value !== null && Object.values(value).every(isScalar),
};

/** Names what of a value the mapping does not know, or would refuse. */
function faultsOf(value: Readonly<Record<string, unknown>>, mapping: Mapping, path = ''): string[] {
  return Object.entries(value).flatMap(([name, held]) => {
    const field = mapping.properties?.[name];
    if (field === undefined) return [`${path}${name} is not mapped`];
    if (field.enabled === false || held === null) return [];
    if (field.properties !== undefined)
      return faultsOf(held as Record<string, unknown>, field, `${path}${name}.`);
    const values: unknown[] = Array.isArray(held) ? held : [held];
    return values.every((one) => TAKES[field.type ?? '']?.(one) === true)
      ? []
      : [`${path}${name} is no ${field.type ?? ''}: ${JSON.stringify(held)}`];
  });
}

test('real lines of the API and a worker, good and bad, fit the index template', async (t) => {
  await using stage = await startStage();
  await using api = await startApiProcess({ ...stage.env, LOG_LEVEL: 'debug' });
  const worker = await stage.startWorker({ LOG_LEVEL: 'debug' });
  const user = await registerUser(api);
  const assistant = await user.client.post('assistants', { name: 'Scribe' });
  const send = (fields: object) =>
    user.client.post('documents', { assistant_id: assistant.body.data.id, ...fields });
  const good = await send({ title: 'Good', text: 'Donkeys carry what they are given.' });
  assert.equal((await endOfJob(user.client, accepted(good).jobId)).status, 'succeeded');
  const blank = await makePdf({ pages: [''] });
  const empty = await user.client.upload(
    'documents',
    { assistant_id: assistant.body.data.id as string },
    { name: 'blank.pdf', bytes: blank, type: 'application/pdf' },
  );
  assert.equal((await endOfJob(user.client, accepted(empty).jobId)).status, 'failed');
  assert.equal((await send({ title: 7 })).status, 400);
  assert.equal((await user.client.post('search', { query: 'donkeys', mode: 'hybrid' })).status, 200);
  await user.client.post('graphql', { query: '{ assistants(first: 2) { edges { node { name } } } }' });
  await stage.sql('alter table memories rename to elsewhere');
  assert.equal((await user.client.get(`assistants/${assistant.body.data.id}/memories`)).status, 500);
  await stage.sql('alter table elsewhere rename to memories');
  await worker.stop('SIGTERM');
  await api.stop('SIGTERM');
  const lines: readonly LogLine[] = [...api.logs, ...worker.logs];
  const faults = lines.flatMap((line) => faultsOf(line, mappings).map((fault) => `${line.msg}: ${fault}`));
  assert.deepEqual([...new Set(faults)], []);
  const kinds = new Set(lines.map(({ service, msg }) => `${String(service)}: ${msg}`));
  const fields = new Set(lines.flatMap((line) => Object.keys(line)));
  t.diagnostic(`${lines.length} lines of ${kinds.size} kinds, ${fields.size} fields, all mapped`);
  for (const wanted of ['err', 'code', 'job_id', 'attempt', 'ms', 'status', 'faults', 'user_id', 'trace_id'])
    assert.ok(fields.has(wanted), `no line has ${wanted}`);
});

suite('what ships log lines', () => {
  test('the template says of every field how it is kept, and nothing grows it', () => {
    assert.deepEqual(
      Object.keys(mappings.properties ?? {}).sort(),
      ['@timestamp', ...Object.keys(logFields)].sort(),
    );
    assert.equal(mappings.dynamic, false);
    assert.deepEqual(
      faultsOf({ unheard: 1, ms: 'fast', pid: 1.5, time: 'now', err: { name: 7 } }, mappings),
      [
        'unheard is not mapped',
        'ms is no double: "fast"',
        'pid is no long: 1.5',
        'time is no date: "now"',
        'err.name is no keyword: 7',
      ],
    );
  });

  test('lines are hot for 14 days and deleted after 90', () => {
    const { policy } = readJson<{
      policy: { phases: Record<string, { min_age?: string; actions: Record<string, unknown> }> };
    }>('ops/elasticsearch/lifecycle.json');
    const { hot, warm, delete: end } = policy.phases;
    assert.ok(hot !== undefined && 'rollover' in hot.actions);
    assert.equal(warm?.min_age, '14d');
    assert.deepEqual([end?.min_age, Object.keys(end?.actions ?? {})], ['90d', ['delete']]);
    assert.equal(template.template.settings['index.lifecycle.name'], 'donkey-logs');
  });

  test('Filebeat writes to the stream that the template is for, and takes the product’s lines alone', () => {
    const config = parse(readFileSync('ops/filebeat/filebeat.yml', 'utf8')) as {
      'output.elasticsearch': { index: string };
      processors: { drop_event?: { when: { not: { or: { equals: { service: string } }[] } } } }[];
    };
    assert.ok(template.index_patterns.includes(config['output.elasticsearch'].index));
    const drop = config.processors.find(({ drop_event }) => drop_event !== undefined)?.drop_event;
    assert.deepEqual(
      drop?.when.not.or.map(({ equals }) => equals.service),
      ['api', 'worker', 'manage'],
    );
  });

  test('saved views show and ask for fields that there are', () => {
    const objects = readFileSync('ops/kibana/saved-views.ndjson', 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as SavedObject);
    const ids = new Set(objects.map(({ id }) => id));
    const isField = (name: string): boolean => {
      const [first = '', ...rest] = name.split('.');
      return first in logFields && (rest.length === 0 || first === 'err' || rest[0] === 'raw');
    };
    for (const { id, references, attributes } of objects) {
      for (const reference of references) assert.ok(ids.has(reference.id), `${id}: ${reference.id}`);
      if (attributes.kibanaSavedObjectMeta === undefined) continue;
      const source = JSON.parse(attributes.kibanaSavedObjectMeta.searchSourceJSON) as {
        query: { query: string };
      };
      const asked = [...source.query.query.matchAll(/([a-z_.]+)\s*(?::|>=)/g)].map(([, name = '']) => name);
      assert.ok(asked.length > 0, id);
      for (const name of [...asked, ...(attributes.columns ?? [])])
        assert.ok(isField(name), `${id}: ${name}`);
    }
    assert.ok(objects.length >= 5);
  });

  const hasCurl = spawnSync('curl', ['--version']).status === 0;

  test(
    'install.sh sends all of it, again as often as one likes, and stops at what is refused',
    { skip: hasCurl ? false : 'curl is not installed' },
    async () => {
      const asked: { readonly line: string; readonly body: string }[] = [];
      let refused = '';
      const server = createServer((request, response) => {
        const parts: Buffer[] = [];
        request.on('data', (part: Buffer) => parts.push(part));
        request.on('end', () => {
          const line = `${request.method ?? ''} ${request.url ?? ''}`;
          asked.push({ line, body: Buffer.concat(parts).toString() });
          response.writeHead(line === refused ? 400 : 200).end('{"reason":"no such setting"}');
        });
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const install = () =>
        new Promise<{ code: number; output: string }>((resolve) => {
          const env = { ...process.env, ELASTICSEARCH_URL: url, KIBANA_URL: url };
          execFile('sh', ['ops/elasticsearch/install.sh'], { env }, (error, stdout, stderr) =>
            resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
          );
        });
      try {
        const steps = [
          'PUT /_ilm/policy/donkey-logs',
          'PUT /_index_template/donkey-logs',
          'POST /api/saved_objects/_import?overwrite=true',
        ];
        for (let round = 0; round < 2; round++) assert.equal((await install()).code, 0);
        assert.deepEqual(
          asked.map(({ line }) => line),
          [...steps, ...steps],
        );
        assert.deepEqual(JSON.parse(asked[1]?.body ?? ''), template);
        assert.match(asked[2]?.body ?? '', /donkey-slow-requests/);
        refused = steps[1] ?? '';
        asked.length = 0;
        const { code, output } = await install();
        assert.equal(code, 1);
        assert.match(output, /failed: index template: [^]*no such setting/);
        assert.equal(asked.length, 2);
      } finally {
        server.close();
        server.closeAllConnections();
      }
    },
  );

  const rotates = spawnSync('logrotate', ['--version']).status === 0;

  test('logrotate takes the configuration', { skip: rotates ? false : 'logrotate is not installed' }, () => {
    const { status, stderr } = spawnSync('logrotate', ['-d', 'ops/logrotate/donkey-workspace'], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    assert.match(stderr, /after 1 days \(90 rotations\)/);
    assert.doesNotMatch(stderr, /error/);
  });
});

interface SavedObject {
  readonly id: string;
  readonly references: readonly { readonly id: string }[];
  readonly attributes: {
    readonly columns?: readonly string[];
    readonly kibanaSavedObjectMeta?: { readonly searchSourceJSON: string };
  };
}
