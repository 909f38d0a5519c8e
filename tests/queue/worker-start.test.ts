import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { deliveriesOf } from '#db/stores/job-store.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';
import { createJobConsumer } from '#shared/queue/consumer.ts';
import { createJobProducer } from '#shared/queue/producer.ts';
import { idleHandlers } from '#tests/support/idle-handlers.ts';
import { makeIngest } from '#tests/support/make-job.ts';
import { testServices } from '#tests/support/services.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';
import { waitFor } from '#tests/support/wait-for.ts';

/** The same server and credentials through another port of this host. */
function withPort(target: URL, port: number): string {
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return url.href;
}

/** Redis behind a connection that breaks the first few times somebody asks what server it is. */
async function startBreakingRedis(breaks: number) {
  const target = new URL(testServices().redisUrl);
  let broken = 0;
  const server = createServer((incoming) => {
    const outgoing = connect(Number(target.port), target.hostname);
    incoming.on('data', (data: Buffer) => {
      if (data.includes('\r\nINFO\r\n') && broken < breaks) {
        broken += 1;
        incoming.destroy();
      } else outgoing.write(data);
    });
    outgoing.pipe(incoming);
    for (const socket of [incoming, outgoing]) {
      socket.on('error', () => undefined);
      socket.once('close', () => {
        incoming.destroy();
        outgoing.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: withPort(target, (server.address() as AddressInfo).port),
    broken: () => broken,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

test('a worker whose connection breaks while it starts works once Redis can be reached', async () => {
  await using db = await createTestDatabase();
  await using redis = await startBreakingRedis(2);
  const { ledger } = db.database;
  const queue = {
    prefix: `test-${randomBytes(6).toString('hex')}`,
    logger: createLogger({ level: 'silent', service: 'test' }),
  };
  await using producer = createJobProducer({ ...queue, url: testServices().redisUrl, ledger });
  const made = await makeIngest(db);
  await using consumer = createJobConsumer({
    ...queue,
    url: redis.url,
    ledger,
    handlers: idleHandlers,
    metrics: createMetrics('test'),
    concurrency: { extraction: 1, embedding: 1, indexing: 1, maintenance: 1 },
    leaseMs: 1000,
    shutdownTimeoutMs: 1000,
  });
  await waitFor(() => redis.broken() === 2, { description: 'the connection to break' });
  await producer.deliverNow(deliveriesOf([made.chunk]));
  await waitFor(
    async () => (await db.database.read.jobs.findMany([made.chunk.id]))[0]?.status === 'succeeded',
    { description: 'the job to be done' },
  );
  assert.ok(consumer.isRunning());
});
