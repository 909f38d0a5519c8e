import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { after, before, test } from 'node:test';
import { deliveriesOf } from '#db/stores/job-store.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';
import { jobCatalog } from '#shared/queue/catalog.ts';
import { createQueueConnection } from '#shared/queue/connection.ts';
import { createJobConsumer } from '#shared/queue/consumer.ts';
import type { JobConsumer, JobHandlers } from '#shared/queue/consumer.ts';
import { createJobProducer } from '#shared/queue/producer.ts';
import { startRelay, tick } from '#shared/queue/relay.ts';
import { idleHandlers } from '../support/idle-handlers.ts';
import { makeIngest } from '../support/make-job.ts';
import type { MadeIngest } from '../support/make-job.ts';
import { connected } from '../support/queue-bench.ts';
import { testServices } from '../support/services.ts';
import { createTestDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';
import { waitFor } from '../support/wait-for.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase();
});
after(() => db[Symbol.asyncDispose]());

const logger = createLogger({ level: 'silent', service: 'test' });
const metrics = createMetrics('test');
const idle = idleHandlers;
const quick = {
  ...jobCatalog,
  'document.chunk': { ...jobCatalog['document.chunk'], backoff: { baseMs: 50, maxMs: 50 } },
};

/** A queue of its own for one test, with one job waiting in the table. */
async function openQueue(options: { redisUrl?: string } = {}) {
  await using stack = new AsyncDisposableStack();
  const queue = {
    url: options.redisUrl ?? testServices().redisUrl,
    prefix: `test-${randomBytes(6).toString('hex')}`,
    logger,
  };
  const { ledger } = db.database;
  const connection = stack.use(createQueueConnection({ ...queue, name: 'test', failFast: false }));
  stack.defer(async () => {
    const keys = (await connection.run(['KEYS', `${queue.prefix}:*`])) as string[];
    if (keys.length > 0) await connection.run(['DEL', ...keys]);
  });
  const producer = stack.use(createJobProducer({ ...queue, ledger }));
  await connected(producer);
  const made = await makeIngest(db);
  const consume = (handlers: JobHandlers, more: object = {}): JobConsumer =>
    createJobConsumer({
      ...queue,
      ledger,
      handlers,
      metrics,
      catalog: quick,
      concurrency: { extraction: 2, embedding: 2, indexing: 1, maintenance: 1 },
      leaseMs: 1000,
      shutdownTimeoutMs: 100,
      ...more,
    });
  const relayOnce = () => tick({ ...queue, ledger, producer, metrics }, (command) => connection.run(command));
  const owned = stack.move();
  return {
    queue,
    producer,
    connection,
    made,
    consume,
    relayOnce,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const statusOf = async ({ chunk }: MadeIngest) =>
  (
    await db.sql<{ status: string; failures: number; attempts: number; error: { code: string } | null }>(
      'select status, failures, attempts, error from jobs where id = $1',
      [chunk.id],
    )
  )[0];
const becomes = (made: MadeIngest, status: string) =>
  waitFor(async () => (await statusOf(made))?.status === status, { description: `the job to be ${status}` });

test('a delivered job is run once, with its correlation id and fence, however often it is delivered', async () => {
  await using queue = await openQueue();
  const runs: unknown[] = [];
  const { chunk } = queue.made;
  await queue.producer.deliverNow(deliveriesOf([chunk]));
  await queue.producer.deliverNow(deliveriesOf([chunk]));
  {
    await using _ = queue.consume({
      ...idle,
      'document.chunk': (payload) => Promise.resolve(void runs.push(payload)),
    });
    await becomes(queue.made, 'succeeded');
    await queue.producer.deliverNow(deliveriesOf([chunk]));
  }
  assert.deepEqual(runs, [chunk.payload]);
});

test('a transient failure is tried again after its delay, and what was wrong is stored meanwhile', async () => {
  await using queue = await openQueue();
  let runs = 0;
  await queue.producer.deliverNow(deliveriesOf([queue.made.chunk]));
  await using _ = queue.consume({
    ...idle,
    'document.chunk': () => {
      runs += 1;
      return runs < 3 ? Promise.reject(new AppError('embedding.unavailable')) : Promise.resolve();
    },
  });
  await becomes(queue.made, 'succeeded');
  const job = await statusOf(queue.made);
  assert.deepEqual([runs, job?.attempts, job?.failures, job?.error], [3, 3, 2, null]);
});

test('an attempt that takes too long is stopped through its signal and counted', async () => {
  await using queue = await openQueue();
  const reasons: string[] = [];
  const catalog = {
    ...quick,
    'document.chunk': { ...quick['document.chunk'], timeoutMs: 100, maxFailures: 2 },
  };
  await queue.producer.deliverNow(deliveriesOf([queue.made.chunk]));
  await using _ = queue.consume(
    {
      ...idle,
      'document.chunk': async (_payload, { signal }) => {
        await once(signal, 'abort');
        reasons.push((signal.reason as Error).name);
        signal.throwIfAborted();
      },
    },
    { catalog },
  );
  await becomes(queue.made, 'dead');
  assert.deepEqual(reasons, ['TimeoutError', 'TimeoutError']);
  assert.equal((await statusOf(queue.made))?.error?.code, 'job.timeout');
});

test('a cancelled job is stopped and frees its place, long before a heartbeat would notice', async () => {
  await using queue = await openQueue();
  const started = Promise.withResolvers<undefined>();
  let stopped = false;
  await queue.producer.deliverNow(deliveriesOf([queue.made.chunk]));
  await using _ = queue.consume(
    {
      ...idle,
      'document.chunk': async (_payload, { signal }) => {
        started.resolve(undefined);
        await once(signal, 'abort');
        stopped = true;
        signal.throwIfAborted();
      },
    },
    // Heartbeats come once in ten minutes.
    { leaseMs: 6_000_000 },
  );
  await started.promise;
  await db.database.transaction((tx) => tx.jobs.cancelOfDocument(queue.made.document.id));
  await waitFor(() => stopped, { description: 'the work to be stopped', timeoutMs: 5_000 });
  assert.equal((await statusOf(queue.made))?.status, 'cancelled');
});

test('a worker that stops gives back what it cannot finish in time, and another one does it', async () => {
  await using queue = await openQueue();
  const started = Promise.withResolvers<undefined>();
  await queue.producer.deliverNow(deliveriesOf([queue.made.chunk]));
  {
    await using _ = queue.consume({
      ...idle,
      'document.chunk': async (_payload, { signal }) => {
        started.resolve(undefined);
        await once(signal, 'abort');
        signal.throwIfAborted();
      },
    });
    await started.promise;
  }
  assert.deepEqual(
    [(await statusOf(queue.made))?.status, (await statusOf(queue.made))?.failures],
    ['queued', 0],
  );
  await using _ = queue.consume(idle);
  await queue.relayOnce();
  await becomes(queue.made, 'succeeded');
});

test('the relay hands over what never left, and rebuilds a queue that Redis has forgotten', async () => {
  await using queue = await openQueue();
  const inQueue = () =>
    queue.connection.run(['EXISTS', `${queue.queue.prefix}:extraction:${queue.made.chunk.id}-0`]);
  assert.equal(await inQueue(), 0);
  await queue.relayOnce();
  assert.equal(await inQueue(), 1);
  const keys = (await queue.connection.run(['KEYS', `${queue.queue.prefix}:*`])) as string[];
  await queue.connection.run(['DEL', ...keys]);
  assert.equal(await inQueue(), 0);
  await queue.relayOnce();
  assert.equal(await inQueue(), 1);
  await using _ = queue.consume(idle);
  await becomes(queue.made, 'succeeded');
});

test('a running relay finds jobs by itself and stops when it is told to', async () => {
  await using queue = await openQueue();
  await using _ = queue.consume(idle);
  {
    await using _relay = startRelay({
      ...queue.queue,
      ledger: db.database.ledger,
      producer: queue.producer,
      metrics,
      intervalMs: 50,
    });
    await becomes(queue.made, 'succeeded');
  }
});

test('a queue that cannot be reached leaves jobs to the relay and holds nobody up', async () => {
  await using queue = await openQueue({ redisUrl: testServices().redisUrl });
  {
    await using producer = createJobProducer({
      ...queue.queue,
      url: 'redis://127.0.0.1:1',
      ledger: db.database.ledger,
    });
    producer.deliver(deliveriesOf([queue.made.chunk]));
    await assert.rejects(producer.deliverNow(deliveriesOf([queue.made.chunk])));
  }
  await using _ = queue.consume(idle);
  await queue.relayOnce();
  await becomes(queue.made, 'succeeded');
});

test('a payload that no version can read fails for good when no other has taken it for an hour', async () => {
  await using queue = await openQueue();
  await db.sql(
    `update jobs set payload = '{"document_id": 7}', created_at = now() - interval '61 min' where id = $1`,
    [queue.made.chunk.id],
  );
  await queue.producer.deliverNow(deliveriesOf([queue.made.chunk]));
  await using _ = queue.consume(idle);
  await becomes(queue.made, 'failed');
  assert.equal((await statusOf(queue.made))?.error?.code, 'job.payload_invalid');
});

test('a Redis that was restarted has no scripts, and takes jobs all the same', async () => {
  await using queue = await openQueue();
  await queue.connection.run(['SCRIPT', 'FLUSH']);
  await queue.producer.deliverNow(deliveriesOf([queue.made.chunk]));
  await using _ = queue.consume(idle);
  await becomes(queue.made, 'succeeded');
});

/** A failed attempt of a job, of which the first write fails with `error`; returns what was warned about. */
async function failToWrite(error: Error, done: (warnings: readonly string[]) => boolean): Promise<string[]> {
  await using queue = await openQueue();
  const warnings: string[] = [];
  const lines = new Writable({
    write: (line: Buffer, _, next) => {
      warnings.push((JSON.parse(line.toString()) as { msg: string }).msg);
      next();
    },
  });
  const { ledger } = db.database;
  let writes = 0;
  await queue.producer.deliverNow(deliveriesOf([queue.made.chunk]));
  await using _ = queue.consume(
    { ...idle, 'document.chunk': () => Promise.reject(new AppError('document.encrypted')) },
    {
      logger: createLogger({ level: 'warn', service: 'test' }, lines),
      leaseMs: 60_000,
      ledger: {
        ...ledger,
        fail: (...args: Parameters<typeof ledger.fail>) =>
          ++writes === 1 ? Promise.reject(error) : ledger.fail(...args),
      },
    },
  );
  await waitFor(async () => done(warnings) || (await statusOf(queue.made))?.status === 'failed', {
    description: 'the end of writing',
  });
  return warnings;
}

const NOT_YET = 'the end of a job could not be written yet';
const GIVEN_UP = 'job could not be looked at';

test('an end that the database refuses is not written again and again', async () => {
  const refused = Object.assign(new Error('out of range'), { code: '22008' });
  const warnings = await failToWrite(refused, (seen) => seen.includes(NOT_YET) || seen.includes(GIVEN_UP));
  assert.deepEqual(warnings, ['job attempt failed', GIVEN_UP]);
});

test('an end that cannot be written while the database is away is written afterwards', async () => {
  const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const warnings = await failToWrite(away, (seen) => seen.includes(GIVEN_UP));
  assert.deepEqual(warnings, ['job attempt failed', NOT_YET]);
});

test('promise 12: a stopped job that does not heed its signal loses its place all the same', async () => {
  await using queue = await openQueue();
  const other = await makeIngest(db);
  const catalog = {
    ...quick,
    'document.chunk': { ...quick['document.chunk'], timeoutMs: 200, maxFailures: 1 },
  };
  const never = Promise.withResolvers<undefined>();
  await queue.producer.deliverNow(deliveriesOf([queue.made.chunk]));
  const begun = Date.now();
  await using _ = queue.consume(
    {
      ...idle,
      'document.chunk': async (payload) => {
        if (payload.document_id === queue.made.document.id) await never.promise;
      },
    },
    { catalog, concurrency: { extraction: 1 } },
  );
  await becomes(queue.made, 'dead');
  assert.ok(Date.now() - begun < 2_000);
  await queue.producer.deliverNow(deliveriesOf([other.chunk]));
  await becomes(other, 'succeeded');
  never.resolve(undefined);
  assert.equal((await statusOf(queue.made))?.status, 'dead', 'what it did afterwards changed nothing');
});
