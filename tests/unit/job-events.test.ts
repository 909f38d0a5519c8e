import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobEvents } from '#api/jobs/job-events.ts';
import { createJobWatcher } from '#api/jobs/job-watcher.ts';
import type { JobListener, JobWatcher } from '#api/jobs/job-watcher.ts';
import type { Job } from '#shared/domain/types.ts';
import { createLogger } from '#shared/logging/logger.ts';

const now = new Date();
const shownJob = (state: number, finishedAt: Date | null = null) => {
  const job: Job = {
    id: 'j',
    userId: 'u',
    parentId: null,
    documentId: null,
    assistantId: null,
    type: 'document.chunk',
    queue: 'extraction',
    priority: 'low',
    place: 1,
    webhookUrl: null,
    webhookJobId: null,
    status: finishedAt ? 'succeeded' : 'running',
    payload: {},
    correlationId: null,
    traceparent: null,
    tracestate: null,
    progress: null,
    attempts: 1,
    failures: 0,
    lostWorkers: 0,
    fence: 1,
    error: null,
    result: null,
    runAt: now,
    leaseExpiresAt: null,
    state,
    createdAt: now,
    updatedAt: now,
    startedAt: now,
    finishedAt,
  };
  return {
    job,
    shown: { progress: { stage: 'x', done: 0, total: null }, stageStartedAt: now, retryError: null, state },
  };
};

/** A watcher that says what the test tells it to. */
function manualWatcher() {
  const listeners = new Set<JobListener>();
  const watcher: JobWatcher = {
    watch: (_id, listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    [Symbol.dispose]: () => undefined,
  };
  return {
    watcher,
    listeners,
    tell: (...args: Parameters<JobListener>) => listeners.forEach((listener) => listener(...args)),
  };
}

const follow = (
  watcher: JobWatcher,
  lastEventId?: string,
  signal = new AbortController().signal,
  isStillAdmitted = () => Promise.resolve(true),
) => jobEvents(watcher, 'j', { lastEventId, signal, isStillAdmitted });
const idOf = (event: string | undefined) => /^id: (.+)$/m.exec(event ?? '')?.[1];

test('every change is an event, unchanged looks are none, and the last change ends the stream', async () => {
  const { watcher, tell, listeners } = manualWatcher();
  const events = follow(watcher);
  assert.match(String((await events.next()).value), /^retry: /);
  const first = events.next();
  tell(shownJob(1));
  assert.equal(idOf(String((await first).value)), '1');
  const second = events.next();
  tell(shownJob(1));
  tell(shownJob(2, now));
  assert.equal(idOf(String((await second).value)), '2');
  assert.equal((await events.next()).done, true);
  assert.equal(listeners.size, 0);
});

test('a client that has seen the current state is not told it again', async () => {
  const { watcher, tell } = manualWatcher();
  const events = follow(watcher, '7');
  await events.next();
  const next = events.next();
  tell(shownJob(7));
  await new Promise(setImmediate);
  tell(shownJob(8));
  assert.equal(idOf(String((await next).value)), '8');
  await events.return(undefined);
});

test('a stream ends when the client goes, when the job is deleted and when the process stops', async () => {
  const { watcher, tell, listeners } = manualWatcher();
  const abort = new AbortController();
  const left = follow(watcher, undefined, abort.signal);
  await left.next();
  const pending = left.next();
  abort.abort();
  assert.equal((await pending).done, true);
  const deleted = follow(watcher);
  await deleted.next();
  const end = deleted.next();
  tell(undefined);
  assert.equal((await end).done, true);
  assert.equal(listeners.size, 0);
});

test('every 15 s it is asked whether the client may go on, and the stream of one who may not ends unheard', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { watcher, tell, listeners } = manualWatcher();
  let asked = 0;
  const events = follow(watcher, undefined, undefined, () => Promise.resolve((asked += 1) < 3));
  await events.next();
  const quiet = events.next();
  t.mock.timers.tick(15_000);
  assert.match(String((await quiet).value), /^: /);
  const changed = events.next();
  tell(shownJob(1));
  assert.equal(idOf(String((await changed).value)), '1');
  assert.equal(asked, 1);
  // A change that takes the place of the heartbeat does not spare the question.
  t.mock.timers.tick(15_000);
  tell(shownJob(2));
  assert.equal(idOf(String((await events.next()).value)), '2');
  assert.equal(asked, 2);
  tell(shownJob(3));
  t.mock.timers.tick(15_000);
  assert.equal((await events.next()).done, true);
  assert.equal(listeners.size, 0);
});

test('the watcher reads all followed jobs with one statement, and none when nobody follows', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const settled = () => new Promise(setImmediate);
  let reads = 0;
  let told = 0;
  using watcher = createJobWatcher({
    logger: createLogger({ level: 'silent', service: 'test' }),
    intervalMs: 1000,
    read: {
      jobs: { findMany: () => ((reads += 1), Promise.resolve([shownJob(reads).job])) } as never,
      jobProgress: { of: () => Promise.resolve(new Map([['j', shownJob(reads).shown]])) },
    },
  });
  const stops = [1, 2, 3].map(() => watcher.watch('j', () => void (told += 1)));
  await settled();
  [reads, told] = [0, 0];
  t.mock.timers.tick(1000);
  await settled();
  assert.deepEqual([reads, told], [1, 3]);
  for (const stop of stops) stop();
  t.mock.timers.tick(60_000);
  await settled();
  assert.deepEqual([reads, told], [1, 3]);
});
