import assert from 'node:assert/strict';
import { idleHandlers } from '#tests/support/idle-handlers.ts';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { deliveriesOf } from '#db/stores/job-store.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';
import { createQueueConnection } from '#shared/queue/connection.ts';
import { createJobConsumer } from '#shared/queue/consumer.ts';
import { createJobProducer } from '#shared/queue/producer.ts';
import { startRelay, tick } from '#shared/queue/relay.ts';
import { queueLeftovers } from '#tests/support/chaos/invariants.ts';
import { makeIngest } from '#tests/support/make-job.ts';
import { testServices } from '#tests/support/services.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const JOBS = 20;
const RELAYS = 3;

test('several relays at once, jobs delivered twice and a Redis that is emptied meanwhile: each job has one effect', async () => {
  await using stack = new AsyncDisposableStack();
  const db = stack.use(await createTestDatabase());
  const { ledger } = db.database;
  await db.sql(
    `insert into embedding_models (provider, name, dimensions, is_active) values ('test', 'test', 4, true)`,
  );
  const metrics = createMetrics('test');
  const queue = {
    url: testServices().redisUrl,
    prefix: `test-${randomBytes(6).toString('hex')}`,
    logger: createLogger({ level: 'silent', service: 'test' }),
  };
  const connection = stack.use(createQueueConnection({ ...queue, name: 'test', failFast: false }));
  // In one go, as FLUSHALL: what is made between looking and deleting would be left in halves.
  const empty = async (): Promise<void> => {
    const script = `for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end`;
    await connection.run(['EVAL', script, '0', `${queue.prefix}:*`]);
  };
  const producers = Array.from({ length: RELAYS }, () => stack.use(createJobProducer({ ...queue, ledger })));
  const made = await Promise.all(Array.from({ length: JOBS }, () => makeIngest(db)));
  const chunks = made.map(({ chunk }) => chunk);

  // Every relay finds every job, twice over, and Redis forgets all of it once.
  const allTick = () =>
    Promise.all(
      producers.map((producer) =>
        tick({ ...queue, ledger, producer, metrics }, (command) => connection.run(command)),
      ),
    );
  await allTick();
  await producers[0]!.deliverNow(deliveriesOf(chunks));
  await empty();
  await allTick();
  await Promise.all(producers.map((producer) => producer.deliverNow(deliveriesOf(chunks))));
  const queued = await connection.run(['ZCARD', `${queue.prefix}:extraction:prioritized`]);
  assert.equal(queued, JOBS, 'a job stands in its queue once');

  const runs = new Map<string, number>();
  {
    await using _consumer = createJobConsumer({
      ...queue,
      ledger,
      metrics,
      concurrency: { extraction: 4, embedding: 1, indexing: 1, maintenance: 1 },
      leaseMs: 5_000,
      shutdownTimeoutMs: 1_000,
      handlers: {
        ...idleHandlers,
        'document.chunk': async (_payload, { claim }) => {
          runs.set(claim.job.id, (runs.get(claim.job.id) ?? 0) + 1);
          if (runs.size === JOBS / 2) await empty();
        },
      },
    });
    const relays = producers.map((producer) =>
      stack.use(startRelay({ ...queue, ledger, producer, metrics, intervalMs: 50 })),
    );
    assert.equal(relays.length, RELAYS);
    await waitFor(
      async () =>
        (await db.sql(`select 1 from jobs where type = 'document.chunk' and status = 'succeeded'`)).length ===
        JOBS,
      { description: 'all jobs to be done' },
    );
    await waitFor(async () => (await queueLeftovers(queue.url, queue.prefix)).length === 0, {
      description: 'the queue to hold nothing of them',
    });
  }
  assert.deepEqual(
    [...runs.values()],
    Array.from({ length: JOBS }, () => 1),
  );
  const attempts = await db.sql<{ attempts: number; fence: number }>(
    `select attempts, fence::int from jobs where type = 'document.chunk'`,
  );
  assert.ok(attempts.every((job) => job.attempts === 1 && job.fence === 1));
  await empty();
});
