import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { deliveriesOf } from '#db/stores/job-store.ts';
import type { Job, Priority } from '#shared/domain/types.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import { createQueueConnection } from '#shared/queue/connection.ts';
import type { QueueConnection } from '#shared/queue/connection.ts';
import { createJobConsumer } from '#shared/queue/consumer.ts';
import type { ConsumerOptions, JobConsumer, JobContext } from '#shared/queue/consumer.ts';
import { createJobProducer } from '#shared/queue/producer.ts';
import type { JobProducer } from '#shared/queue/producer.ts';
import { startRelay, tick } from '#shared/queue/relay.ts';
import { idleHandlers } from './idle-handlers.ts';
import { makeIngest } from './make-job.ts';
import { testServices } from './services.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';
import { waitFor } from './wait-for.ts';

/** Queues, table and consumer without the rest of the product, for tests of the order and the fate of jobs. */
export interface QueueBench extends AsyncDisposable {
  readonly db: TestDatabase;
  readonly producer: JobProducer;
  readonly connection: QueueConnection;
  readonly metrics: Metrics;
  /** Prefix of the keys in Redis. */
  readonly prefix: string;
  newUser(): Promise<string>;
  /** Stores jobs of the queue `embedding` that belong to no document, and hands them over. */
  addJobs(userId: string, count: number, priority?: Priority): Promise<Job[]>;
  consume(work: (context: JobContext) => Promise<void>, more?: Partial<ConsumerOptions>): JobConsumer;
  /** One round of the relay. */
  relayOnce(): Promise<void>;
  startRelay(intervalMs: number): AsyncDisposable;
  /** Deletes every key of these queues. */
  emptyRedis(): Promise<void>;
  /** Waits until no job of the queue is queued or running. */
  drained(timeoutMs?: number): Promise<void>;
}

/** @param redisUrl of a Redis of the test's own */
export async function startQueueBench(redisUrl: string = testServices().redisUrl): Promise<QueueBench> {
  await using stack = new AsyncDisposableStack();
  const db = stack.use(await createTestDatabase());
  const logger = createLogger({ level: 'silent', service: 'test' });
  const metrics = createMetrics('test');
  const { ledger } = db.database;
  const queue = { url: redisUrl, prefix: `test-${randomBytes(6).toString('hex')}`, logger };
  const connection = stack.use(createQueueConnection({ ...queue, name: 'test', failFast: false }));
  const producer = stack.use(createJobProducer({ ...queue, ledger }));
  await connected(producer);
  const emptyRedis = async (): Promise<void> => {
    const keys = (await connection.run(['KEYS', `${queue.prefix}:*`])) as string[];
    if (keys.length > 0) await connection.run(['DEL', ...keys]);
  };
  stack.defer(emptyRedis);
  const relay = { ...queue, ledger, producer, metrics };
  const owned = stack.move();
  return {
    db,
    producer,
    connection,
    metrics,
    prefix: queue.prefix,
    newUser: async () => {
      const { userId } = await makeIngest(db);
      // Only what the test adds is to be in the queues.
      await db.sql('delete from jobs where user_id = $1', [userId]);
      return userId;
    },
    addJobs: async (userId, count, priority = 'medium') => {
      const payload = { document_id: uuidv7(), revision: 1, model_id: 1, from: 0, to: 1 };
      const jobs = await db.database.transaction((tx) =>
        tx.jobs.insert(
          Array.from({ length: count }, () => ({
            type: 'document.embed' as const,
            userId,
            payload,
            priority,
          })),
        ),
      );
      await producer.deliverNow(deliveriesOf(jobs));
      return jobs;
    },
    consume: (work, more = {}) =>
      createJobConsumer({
        ...queue,
        ledger,
        handlers: { ...idleHandlers, 'document.embed': (_payload, context) => work(context) },
        metrics,
        concurrency: { embedding: 1 },
        leaseMs: 5_000,
        shutdownTimeoutMs: 100,
        ...more,
      }),
    relayOnce: () => tick(relay, (command) => connection.run(command)),
    startRelay: (intervalMs) => startRelay({ ...relay, intervalMs }),
    emptyRedis,
    drained: async (timeoutMs = 60_000) => {
      await waitFor(
        async () =>
          (await db.sql(`select 1 from jobs where status in ('queued', 'running') limit 1`)).length === 0,
        { description: 'all jobs to end', timeoutMs },
      );
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Waits for a producer's connection, which refuses whatever comes before it is there. */
export async function connected(producer: Pick<JobProducer, 'isPaused'>): Promise<void> {
  const answers = () =>
    producer.isPaused('embedding').then(
      () => true,
      () => false,
    );
  await waitFor(answers, { description: 'the connection of the producer' });
}
