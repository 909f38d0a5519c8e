import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { createDatabase } from '#db/database.ts';
import { errorCatalog } from '#shared/errors/error-catalog.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { watchDependencies } from '#shared/metrics/dependency-watch.ts';
import { createReadiness } from '#shared/health/readiness.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';
import { startOperationsServer } from '#shared/metrics/operations-server.ts';
import { jobCatalog } from '#shared/queue/catalog.ts';
import { measureStorage } from '#worker/maintenance/storage-gauges.ts';
import { holdLock } from '#tests/support/held-lock.ts';
import { registerUser } from '#tests/support/http-client.ts';
import { readSamples, scrape, valueOf } from '#tests/support/metric-samples.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';
import { testConfig } from '#tests/support/test-config.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const POOL_WAIT = 'donkey_database_pool_wait_seconds_count';

suite('metrics of a process', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app[Symbol.asyncDispose]());

  test('the runtime tells of its memory, its event loop, its pauses and its processor time', async () => {
    const names = new Set((await scrape(app.metricsUrl)).map(({ name }) => name));
    for (const name of [
      'process_resident_memory_bytes',
      'process_cpu_seconds_total',
      'process_open_fds',
      'nodejs_heap_size_used_bytes',
      'nodejs_external_memory_bytes',
      'nodejs_eventloop_lag_p99_seconds',
    ])
      assert.ok(names.has(name), name);
    // A pause is only told of once there was one.
    assert.ok(app.context.metrics.registry.getSingleMetric('nodejs_gc_duration_seconds'));
  });

  test('labels are bounded: whatever is asked for, there are only templates, known methods, states and codes', async () => {
    const { client } = await registerUser(app);
    const seen = randomBytes(4).toString('hex');
    const seriesAfter = async (round: number): Promise<number> => {
      await client.get(`assistants/${uuidv7()}`);
      await client.get(`assistants/${seen}-${round}`);
      await client.get(`${seen}-${round}/of/nothing?x=${seen}`);
      await fetch(`${app.url}/${seen}-${round}`, { method: 'PROPFIND' });
      await client.post('assistants', { name: `${seen}-${round}` });
      await client.get(`documents?cursor=${seen}-${round}`);
      const samples = await scrape(app.metricsUrl);
      assert.ok(!JSON.stringify(samples).includes(seen), 'what a client sends is in no label');
      const routes = new Set(['none', ...app.endpoints.map(({ fullPath }) => fullPath)]);
      const methods = new Set(['other', ...app.endpoints.map(({ method }) => method)]);
      const requests = samples.filter(({ name }) => name === 'donkey_http_request_duration_seconds_count');
      for (const { labels } of requests) {
        assert.ok(routes.has(labels.route!), labels.route);
        assert.ok(methods.has(labels.method as 'GET'), labels.method);
        assert.match(labels.status!, /^([1-5]\d\d|aborted)$/);
      }
      for (const { labels } of samples.filter(({ name }) => name === 'donkey_errors_total'))
        assert.ok(Object.hasOwn(errorCatalog, labels.code!), labels.code);
      assert.ok(valueOf(samples, 'donkey_http_request_duration_seconds_count', { route: 'none' })! >= 2);
      return requests.length;
    };
    const first = await seriesAfter(1);
    assert.equal(await seriesAfter(2), first, 'the same again makes no new series');
  });

  test('a request that nobody waited for has no status of an answer', async () => {
    const { client, id } = await registerUser(app);
    const count = async (status: string) =>
      valueOf(await scrape(app.metricsUrl), 'donkey_http_request_duration_seconds_count', {
        method: 'POST',
        route: '/api/v1/assistants',
        status,
      });
    const made = await count('201');
    await using lock = await holdLock(app.database.url, 'select from users where id = $1 for update', [id]);
    const gone = new AbortController();
    const waiting = client.send('POST', 'assistants', { json: { name: 'Late' }, signal: gone.signal });
    await lock.waiting(1);
    assert.equal(valueOf(await scrape(app.metricsUrl), 'donkey_http_requests_in_flight'), 1);
    gone.abort();
    await assert.rejects(waiting);
    await waitFor(async () => valueOf(await scrape(app.metricsUrl), 'donkey_http_requests_in_flight') === 0, {
      description: 'its end',
    });
    assert.deepEqual([await count('aborted'), await count('201')], [1, made]);
  });

  test('a pool tells what is used, what is free, who waits, for how long, and who waited in vain', async () => {
    const metrics = createMetrics('test');
    const look = async (name: string, labels = {}) =>
      valueOf(readSamples(await metrics.registry.metrics()), name, { pool: 'primary', ...labels });
    const connections = (state: string) => look('donkey_database_pool_connections', { state });
    const config = testConfig({
      DATABASE_URL: app.database.url,
      DATABASE_POOL_MAX: '2',
      DATABASE_CONNECT_TIMEOUT_MS: '500',
    });
    await using database = createDatabase({
      config: config.database,
      logger: createLogger({ level: 'silent', service: 'test' }),
      metrics,
      applicationName: 'test',
    });
    const enough = Promise.withResolvers<undefined>();
    // Before the database is closed, which waits for them: also when something below fails.
    await using stack = new AsyncDisposableStack();
    stack.defer(() => enough.resolve(undefined));
    const held = [1, 2].map(() => database.transaction(() => enough.promise));
    await waitFor(async () => (await connections('used')) === 2, { description: 'both connections' });
    const late = assert.rejects(database.ping());
    await waitFor(async () => (await connections('pending')) === 1, { description: 'somebody who waits' });
    await late;
    enough.resolve(undefined);
    await Promise.all(held);
    await waitFor(async () => (await connections('free')) === 2, { description: 'the connections again' });
    assert.deepEqual([await connections('used'), await connections('pending')], [0, 0]);
    assert.equal(await look('donkey_database_pool_size'), 2);
    assert.equal(await look('donkey_database_pool_timeouts_total'), 1);
    assert.equal(await look(POOL_WAIT), 3);
    assert.ok((await look('donkey_database_pool_wait_seconds_sum'))! >= 0.4);
  });

  test('a closed pool has no connections', async () => {
    const metrics = createMetrics('test');
    const database = createDatabase({
      config: testConfig({ DATABASE_URL: app.database.url }).database,
      logger: createLogger({ level: 'silent', service: 'test' }),
      metrics,
      applicationName: 'test',
    });
    await database.ping();
    await database[Symbol.asyncDispose]();
    const samples = readSamples(await metrics.registry.metrics());
    assert.equal(valueOf(samples, 'donkey_database_pool_connections'), undefined);
  });

  test('the size of the database, of its tables, and the connections of its server', async () => {
    const metrics = createMetrics('test');
    await measureStorage({ database: app.database.database, metrics });
    const samples = readSamples(await metrics.registry.metrics());
    assert.ok(valueOf(samples, 'donkey_database_size_bytes')! > 1e6);
    assert.ok(valueOf(samples, 'donkey_database_table_bytes', { table: 'jobs', part: 'indexes' })! > 0);
    const used = valueOf(samples, 'donkey_database_server_connections')!;
    assert.ok(used >= 1 && used <= valueOf(samples, 'donkey_database_server_connections_max')!);
  });

  test('who does not answer, or not in time, is down; the metrics do not wait for longer', async () => {
    const metrics = createMetrics('test');
    watchDependencies({
      metrics,
      timeoutMs: 50,
      checks: {
        postgresql: () => Promise.resolve(),
        redis_queue: () => Promise.reject(new Error('refused')),
        redis_cache: () => new Promise(() => undefined),
      },
    });
    const samples = readSamples(await metrics.registry.metrics());
    const up = (dependency: string) => valueOf(samples, 'donkey_dependency_up', { dependency });
    assert.deepEqual([up('postgresql'), up('redis_queue'), up('redis_cache')], [1, 0, 0]);
    const real = await scrape(app.metricsUrl);
    for (const dependency of ['postgresql', 'redis_queue', 'redis_cache'])
      assert.equal(valueOf(real, 'donkey_dependency_up', { dependency }), 1, dependency);
  });

  test('reading them costs below 1 % of a processor, with every route and every kind of job in them', async (t) => {
    const metrics = createMetrics('test');
    for (const { method, fullPath } of app.endpoints)
      for (const status of ['200', '400', '401', '404', '429', '500'])
        metrics.httpDuration.observe({ method, route: fullPath, status }, 0.1);
    for (const type of Object.keys(jobCatalog)) {
      for (const priority of ['low', 'normal', 'high']) {
        metrics.jobWait.observe({ type, priority }, 1);
        for (const outcome of ['succeeded', 'retry', 'failed', 'dead', 'released', 'lost'])
          metrics.jobDuration.observe({ type, priority, outcome }, 1);
      }
      for (const code of Object.keys(errorCatalog)) metrics.jobRetries.inc({ type, code });
    }
    for (const code of Object.keys(errorCatalog)) metrics.errors.inc({ code });
    await using server = await startOperationsServer({
      host: '127.0.0.1',
      port: 0,
      registry: metrics.registry,
      readiness: createReadiness({ checks: {}, closing: new AbortController().signal }),
    });
    const url = `http://127.0.0.1:${server.port}/metrics`;
    const read = async (): Promise<number> => (await (await fetch(url)).text()).length;
    const bytes = await read();
    const rounds = 10;
    const before = process.cpuUsage();
    for (let round = 0; round < rounds; round++) await read();
    const { user, system } = process.cpuUsage(before);
    // The time of whoever reads is in it as well.
    const seconds = (user + system) / 1e6 / rounds;
    const share = seconds / 15;
    t.diagnostic(
      `${readSamples(await metrics.registry.metrics()).length} samples, ${(bytes / 1024).toFixed(0)} kB, ` +
        `${(seconds * 1000).toFixed(1)} ms of processor time; every 15 s that is ${(share * 100).toFixed(3)} %`,
    );
    assert.ok(share < 0.01);
  });
});
