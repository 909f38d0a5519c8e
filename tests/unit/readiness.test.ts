import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReadiness } from '#shared/health/readiness.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';
import { startOperationsServer } from '#shared/metrics/operations-server.ts';

const open = () => new AbortController().signal;

test('however many ask, each part is looked at once', async () => {
  let looked = 0;
  const check = () => Promise.resolve((looked += 1));
  const readiness = createReadiness({ checks: { part: check }, closing: open(), cacheMs: 60_000 });
  const answers = await Promise.all(Array.from({ length: 50 }, () => readiness.faults()));
  assert.deepEqual(new Set(answers.flat()), new Set());
  assert.equal(looked, 1);
});

test('failing and silent parts are named, their messages are not repeated', async () => {
  const checks = {
    fine: () => Promise.resolve(),
    broken: () => Promise.reject(new Error('connect to 10.0.0.7 failed')),
    silent: () => new Promise(() => undefined),
  };
  const readiness = createReadiness({ checks, closing: open(), timeoutMs: 20 });
  const faults = await readiness.faults();
  assert.deepEqual(
    faults.map((fault) => fault.part),
    ['broken', 'silent'],
  );
  assert.doesNotMatch(JSON.stringify(faults), /10\.0\.0\.7/);
});

test('a stopping process is not ready, whatever was found before', async () => {
  const closing = new AbortController();
  const readiness = createReadiness({ checks: {}, closing: closing.signal, cacheMs: 60_000 });
  assert.deepEqual(await readiness.faults(), []);
  closing.abort();
  assert.equal((await readiness.faults())[0]?.part, 'process');
});

test('operators are told every part, with and without a fault, and from the look that everybody else is told from', async () => {
  const closing = new AbortController();
  let looked = 0;
  let works = true;
  const readiness = createReadiness({
    checks: {
      database: () => Promise.resolve((looked += 1)),
      queue: () => (works ? Promise.resolve() : Promise.reject(new Error('connect to 10.0.0.7 failed'))),
    },
    warnings: [() => ['The canary is late']],
    closing: closing.signal,
    cacheMs: 0,
  });
  const { registry } = createMetrics('test');
  await using server = await startOperationsServer({ host: '127.0.0.1', port: 0, registry, readiness });
  const ask = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
    const text = await response.text();
    assert.doesNotMatch(text, /10\.0\.0\.7/);
    return { status: response.status, data: (JSON.parse(text) as { data: Verbose }).data };
  };
  for (const path of ['/health', '/health/']) assert.equal((await ask(path)).data.status, 'ok');
  assert.equal(looked, 0, 'being alive asks nobody');
  const good = await ask('/health/ready/?verbose');
  assert.deepEqual(
    [good.status, good.data.status, good.data.warnings],
    [200, 'ready', ['The canary is late']],
  );
  assert.deepEqual(
    good.data.checks.map(({ part, works }) => [part, works]),
    [
      ['database', true],
      ['queue', true],
    ],
  );
  assert.equal(good.data.process.pid, process.pid);
  works = false;
  const bad = await ask('/health/ready?verbose');
  assert.deepEqual([bad.status, bad.data.status, bad.data.faults[0]?.part], [503, 'not ready', 'queue']);
  assert.equal((await ask('/health/ready')).status, 503);
  works = true;
  closing.abort();
  const last = await ask('/health/ready?verbose');
  assert.deepEqual([last.status, last.data.faults[0]?.part], [503, 'process'], 'a stop is told first');
});

interface Verbose {
  readonly status: string;
  readonly faults: readonly { readonly part: string }[];
  readonly checks: readonly { readonly part: string; readonly works: boolean }[];
  readonly warnings: readonly string[];
  readonly process: { readonly pid: number };
}
