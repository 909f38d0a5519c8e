import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '#shared/errors/app-error.ts';
import { jobCatalog } from '#shared/queue/catalog.ts';
import { backoffDelay, judge, toFailure } from '#shared/queue/retry.ts';

const kind = jobCatalog['document.embed'];
const now = new Date('2026-01-01T00:00:00Z');

test('the delay doubles with every retry and lies between half and all of it', () => {
  const backoff = { baseMs: 1000, maxMs: 60_000 };
  for (let n = 1; n <= 10; n += 1) {
    const full = Math.min(60_000, 1000 * 2 ** (n - 1));
    assert.equal(
      backoffDelay(n, backoff, () => 0),
      full / 2,
    );
    assert.equal(
      backoffDelay(n, backoff, () => 1),
      full,
    );
  }
});

test('a permanent error ends the job as failed at once', () => {
  assert.deepEqual(judge(new AppError('document.encrypted'), 1, kind, now), {
    kind: 'end',
    status: 'failed',
  });
});

test('a transient error is tried again until its attempts are spent, then the job is dead', () => {
  const error = new AppError('embedding.unavailable');
  assert.equal(judge(error, kind.maxFailures - 1, kind, now).kind, 'retry');
  assert.deepEqual(judge(error, kind.maxFailures, kind, now), { kind: 'end', status: 'dead' });
});

test('a provider that names a time is obeyed', () => {
  const verdict = judge(new AppError('embedding.throttled', { retryAfterSeconds: 3600 }), 1, kind, now);
  assert.ok(verdict.kind === 'retry' && verdict.at.getTime() === now.getTime() + 3_600_000);
});

test('a provider that names a time beyond any calendar is obeyed for a day', () => {
  for (const retryAfterSeconds of [999_999_999_999, 1e300, Infinity]) {
    const verdict = judge(new AppError('embedding.throttled', { retryAfterSeconds }), 1, kind, now);
    assert.ok(verdict.kind === 'retry');
    assert.equal(verdict.at.toISOString(), '2026-01-02T00:00:00.000Z');
  }
});

test('a document whose extraction dies twice is dead', () => {
  const error = new AppError('document.extraction_crashed');
  const chunk = jobCatalog['document.chunk'];
  assert.equal(judge(error, 1, chunk, now).kind, 'retry');
  assert.deepEqual(judge(error, 2, chunk, now), { kind: 'end', status: 'dead' });
});

test('what is unknown is stored without its message', () => {
  const failure = toFailure(new Error('password is hunter2'), 'embed');
  assert.equal(failure.code, 'internal.error');
  assert.equal(failure.stage, 'embed');
  assert.doesNotMatch(JSON.stringify(failure), /hunter2/);
});

test('waiting for a quota is no failure: it is tried again however often it was, when the day is over', () => {
  const verdict = judge(new AppError('quota.daily_exceeded', { retryAfterSeconds: 7200 }), 1000, kind, now);
  assert.ok(verdict.kind === 'retry' && verdict.counts === false);
  assert.ok(verdict.at.getTime() >= now.getTime() + 7_200_000);
});

test('promise 14: pauses lie within [0.5, 1] x 2^n s, and spread over all of it', (t) => {
  const { backoff } = jobCatalog['document.embed'];
  for (let n = 1; n <= 3; n += 1) {
    const full = 1_000 * 2 ** n;
    const pauses = Array.from({ length: 1_000 }, () => backoffDelay(n, backoff));
    const [least, most] = [Math.min(...pauses), Math.max(...pauses)];
    assert.ok(least >= full / 2 && most <= full, `retry ${n}: ${least} to ${most} ms`);
    assert.ok(least < full * 0.55 && most > full * 0.95, 'the jitter is real');
    t.diagnostic(`retry ${n}: 1,000 pauses of ${least} to ${most} ms`);
  }
});

test('whoever waits for an open breaker waits for that alone, however often the job has failed before', () => {
  const now = new Date();
  const error = new AppError('embedding.unavailable', { retryAfterSeconds: 7, waits: true });
  const verdict = judge(error, 12, jobCatalog['document.embed'], now);
  assert.ok(verdict.kind === 'retry' && verdict.counts === false);
  assert.equal(verdict.at.getTime() - now.getTime(), 7_000);
});
