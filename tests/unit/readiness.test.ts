import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReadiness } from '#shared/health/readiness.ts';

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
