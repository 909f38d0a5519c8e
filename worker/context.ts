import { hostname } from 'node:os';
import { createCanaryWarning } from '#db/canary-warning.ts';
import { createDatabase } from '#db/database.ts';
import type { Database } from '#db/database.ts';
import { ensureCredentialKeys } from '#db/ensure-credential-keys.ts';
import { ensureEmbeddingModel } from '#db/ensure-embedding-model.ts';
import { createModelsInUse } from '#db/models-in-use.ts';
import { createOwnCredentials, ofCompleter } from '#db/own-credential.ts';
import type { Config } from '#shared/config/config.ts';
import { cacheKeysOf } from '#shared/cache/cache.ts';
import { workerDatabase } from '#shared/config/database-config.ts';
import { createCompleter } from '#shared/completion/create-completer.ts';
import { createEnvelope } from '#shared/crypto/envelope.ts';
import { createEmbedders } from '#shared/embedding/create-embedder.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { createReadiness } from '#shared/health/readiness.ts';
import { watchDependencies } from '#shared/metrics/dependency-watch.ts';
import { startOperationsServer } from '#shared/metrics/operations-server.ts';
import { createBreakerBoard } from '#shared/net/circuit-breaker.ts';
import { createProviderGuard } from '#shared/net/provider-guard.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import { createConsumerWarning, startAttendance } from '#shared/queue/attendance.ts';
import { createQueueConnection } from '#shared/queue/connection.ts';
import { createJobConsumer } from '#shared/queue/consumer.ts';
import type { JobConsumer } from '#shared/queue/consumer.ts';
import { createJobProducer } from '#shared/queue/producer.ts';
import { startQueueGauges } from '#shared/queue/queue-gauges.ts';
import { startRelay } from '#shared/queue/relay.ts';
import { createTracer } from '#shared/tracing/create-tracer.ts';
import { closeRedisClient, connectInBackground, createRedisClient } from '#shared/redis/client.ts';
import { sendInTime } from '#shared/redis/send-in-time.ts';
import { createSummariser } from '#shared/summary/summarise.ts';
import { findNetworkIsolation } from './documents/network-isolation.ts';
import { createPdfWatch } from './documents/pdf-watch.ts';
import { createHandlers } from './handlers.ts';
import { startCanary } from './maintenance/canary.ts';
import { startMaintenance } from './maintenance/maintenance.ts';
import { startStorageGauges } from './maintenance/storage-gauges.ts';
import { createTurns } from './turns.ts';
import { createReceiverBreakers } from './webhooks/receiver-breakers.ts';

export interface WorkerContext extends AsyncDisposable {
  readonly metrics: Metrics;
  readonly database: Database;
  /** Port of `/health`, `/health/ready` and `/metrics`. */
  readonly port: number;
}

/** How often the queues are measured. */
const GAUGES_INTERVAL_MS = 10_000;

const NETWORK_IS_OPEN =
  'PDF processes are not kept off the network: unshare (util-linux) is missing or not permitted here';

/** Builds and starts a worker. Disposing runs in reverse: intake first, the database last. */
export async function createWorkerContext(config: Config, logger: Logger): Promise<WorkerContext> {
  await using stack = new AsyncDisposableStack();
  const metrics = createMetrics('worker');
  const tracer = stack.use(await createTracer('worker', config.diagnostics));
  const database = stack.use(
    createDatabase({
      config: workerDatabase(config.database),
      logger,
      metrics,
      applicationName: 'donkey-worker',
    }),
  );
  const guard = createProviderGuard(config.integrations);
  const board = createBreakerBoard();
  const breakers = { board, pauseMs: config.breakerPauseMs };
  const embedders = createEmbedders(config.embedding, { logger, metrics, guard, ...breakers });
  await database.assertTextSearchLanguage(config.textSearchLanguage);
  embedders.assertUsable(await ensureEmbeddingModel(database, embedders.configured, logger));
  const models = createModelsInUse({ read: database.read, embedders });
  await ensureCredentialKeys(database, config.integrations.keys);
  const completer = createCompleter(config.completion, { logger, metrics, guard, ...breakers });
  const envelope = createEnvelope(config.integrations.keys);
  const findOwnCredential = createOwnCredentials({ read: database.read, envelope });
  const isolation = await findNetworkIsolation();
  metrics.extractionIsolated.set(isolation.length > 0 ? 1 : 0);
  if (isolation.length === 0) logger.warn({}, NETWORK_IS_OPEN);
  const queue = { url: config.redis.queueUrl, prefix: config.redis.keyPrefix, logger };
  const { ledger } = database;
  const probe = stack.use(createQueueConnection({ ...queue, name: 'health', failFast: true }));
  const producer = stack.use(createJobProducer({ ...queue, ledger }));
  const handlers = createHandlers({
    database,
    producer,
    models,
    indexing: createTurns(database),
    completer,
    findOwnCredential,
    findCompleterCredential: ofCompleter(findOwnCredential, completer),
    summariser: createSummariser({ completer, contextTokens: config.completion.contextTokens }),
    isolation,
    pdfWatch: createPdfWatch(metrics),
    config,
    envelope,
    guard,
    breakers: createReceiverBreakers({ logger, metrics, pauseMs: config.breakerPauseMs }),
  });
  // Opened before the consumer and so closed after it: a worker that drains can still be looked at.
  const running: { consumer?: JobConsumer } = {};
  const closing = new AbortController();
  const readiness = createReadiness({
    closing: closing.signal,
    board,
    warnings: [
      () => (isolation.length > 0 ? [] : [NETWORK_IS_OPEN]),
      createCanaryWarning(database.read, config.canary),
      createConsumerWarning(ledger),
    ],
    checks: {
      database: () => database.ping(),
      migrations: () => database.assertMigrated(),
      queue: () => probe.run(['PING']),
      consumer: () =>
        running.consumer?.isRunning() === true
          ? Promise.resolve()
          : Promise.reject(new Error('it does not run')),
    },
  });
  const operations = stack.use(
    await startOperationsServer({
      host: config.metricsHost,
      port: config.worker.port,
      registry: metrics.registry,
      readiness,
    }),
  );
  const worker = `${hostname()}:${process.pid}`;
  const consumer = stack.use(
    createJobConsumer({
      ...queue,
      ledger,
      handlers,
      metrics,
      tracer,
      concurrency: Object.fromEntries(
        config.worker.queues.map((name) => [name, config.worker.concurrency[name]]),
      ),
      leaseMs: config.worker.leaseMs,
      shutdownTimeoutMs: config.shutdownTimeoutMs,
      worker,
    }),
  );
  running.consumer = consumer;
  stack.use(
    startAttendance({
      ledger,
      worker,
      queues: config.worker.queues,
      isRunning: () => consumer.isRunning(),
      logger,
    }),
  );
  const cacheRedis = stack.adopt(
    createRedisClient({ url: config.redis.cacheUrl, name: 'worker-cache', logger, failFast: true }),
    closeRedisClient,
  );
  connectInBackground(cacheRedis);
  stack.use(startRelay({ ...queue, ledger, producer, metrics, intervalMs: config.worker.relayIntervalMs }));
  stack.use(startQueueGauges({ ledger, metrics, logger, intervalMs: GAUGES_INTERVAL_MS }));
  stack.use(startStorageGauges({ database, metrics, logger }));
  const sendToCache = sendInTime(cacheRedis);
  watchDependencies({
    metrics,
    checks: {
      postgresql: () => database.ping(),
      redis_queue: () => probe.run(['PING']),
      redis_cache: () => sendToCache(['PING']),
    },
  });
  stack.use(
    startMaintenance({
      database,
      producer,
      logger,
      intervalMs: config.worker.maintenanceIntervalMs,
      archiveAfterDays: config.conversations.archiveAfterDays,
      retention: config.retention,
      keys: cacheKeysOf(sendToCache, config.redis.keyPrefix),
    }),
  );
  stack.use(startCanary({ database, producer, models, logger, metrics, config }));
  stack.defer(() => closing.abort());
  const owned = stack.move();
  return {
    metrics,
    database,
    port: operations.port,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
