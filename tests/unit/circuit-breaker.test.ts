import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '#shared/errors/app-error.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';
import { createBreakerBoard, createCircuitBreaker } from '#shared/net/circuit-breaker.ts';
import type { BreakerService } from '#shared/net/circuit-breaker.ts';
import { repeat } from '#shared/net/repeat.ts';
import { jobCatalog } from '#shared/queue/catalog.ts';
import { judge } from '#shared/queue/retry.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const logger = createLogger({ level: 'silent', service: 'test' });
const down = () => Promise.reject(new AppError('embedding.unavailable'));
const thrownBy = (work: Promise<unknown>): Promise<AppError> =>
  work.then(
    () => assert.fail('it should have failed'),
    (error: unknown) => error as AppError,
  );

function open(service: BreakerService, options: { pauseMs?: number; unmeasured?: boolean } = {}) {
  const metrics = createMetrics('test');
  const board = createBreakerBoard();
  const breaker = createCircuitBreaker({ service, metrics, logger, board, failures: 2, ...options });
  const measured = async () => {
    const { values } = await metrics.breakerState.get();
    return values.filter(({ value }) => value === 1).map(({ labels }) => [labels.service, labels.state]);
  };
  return { breaker, board, measured };
}

test('closed, open, half-open, closed: each is shown by metrics and board, and nobody has to do anything', async () => {
  const { breaker, board, measured } = open('embedding', { pauseMs: 50 });
  assert.deepEqual(await measured(), [['embedding', 'closed']]);
  assert.deepEqual(board.warnings(), []);
  for (let failure = 1; failure <= 2; failure++) await thrownBy(breaker.run(down));
  assert.deepEqual(await measured(), [['embedding', 'open']]);
  assert.deepEqual(board.states(), { embedding: 'open' });
  assert.match(board.warnings().join(), /embedding provider is down.*open/);
  const trial = Promise.withResolvers<string>();
  let tried = false;
  await waitFor(
    () => {
      const attempt = breaker.run(() => {
        tried = true;
        return trial.promise;
      });
      attempt.catch(() => undefined);
      return tried;
    },
    { description: 'a call to be let through' },
  );
  assert.deepEqual(await measured(), [['embedding', 'half-open']]);
  trial.resolve('well again');
  await waitFor(() => board.states().embedding === 'closed', { description: 'the breaker to close' });
  assert.deepEqual(await measured(), [['embedding', 'closed']]);
  assert.equal(await breaker.run(() => Promise.resolve('on')), 'on');
});

test('what an open breaker refuses waits until it tries again and costs a job nothing', async () => {
  const { breaker } = open('embedding', { pauseMs: 30_000 });
  for (let failure = 1; failure <= 2; failure++) {
    const failed = await thrownBy(breaker.run(down));
    assert.equal(failed.waits, false, 'a real failure counts');
  }
  const refused = await thrownBy(breaker.run(() => Promise.resolve()));
  assert.deepEqual(
    [refused.code, refused.waits, refused.retryAfterSeconds],
    ['embedding.unavailable', true, 30],
  );
  const kind = jobCatalog['document.embed'];
  const now = new Date();
  const verdict = judge(refused, kind.maxFailures, kind, now);
  assert.ok(verdict.kind === 'retry' && verdict.counts === false, 'not even with the last attempt');
  assert.ok(verdict.at.getTime() - now.getTime() >= 30_000);
});

test('a call whose own failure opened the breaker has failed, and is not said to wait', async () => {
  const { breaker } = open('completion', { pauseMs: 30_000 });
  const retry = { attempts: 4, baseMs: 1, maxMs: 60_000, random: () => 0 };
  let calls = 0;
  const failing = () => {
    calls += 1;
    return Promise.reject(new AppError('completion.unavailable'));
  };
  const call = () => repeat(() => breaker.run(failing), retry, new AbortController().signal);
  assert.equal((await thrownBy(call())).waits, false);
  assert.equal(calls, 2, 'the third was refused');
  assert.equal((await thrownBy(call())).waits, true);
  assert.equal(calls, 2);
});

test("answers are no outage, and a breaker of somebody's own address stays out of sight", async () => {
  const { breaker, board, measured } = open('webhook', { unmeasured: true });
  for (let refusal = 1; refusal <= 5; refusal++)
    await thrownBy(breaker.run(() => Promise.reject(new AppError('webhook.refused'))));
  assert.equal(await breaker.run(() => Promise.resolve('taken')), 'taken');
  for (let failure = 1; failure <= 3; failure++)
    await thrownBy(breaker.run(() => Promise.reject(new AppError('webhook.unreachable'))));
  assert.equal((await thrownBy(breaker.run(() => Promise.resolve()))).waits, true);
  assert.deepEqual([await measured(), board.states()], [[], {}]);
});
