import { createCanaryWarning } from '#db/canary-warning.ts';
import { createDatabase } from '#db/database.ts';
import type { Database } from '#db/database.ts';
import { ensureCredentialKeys } from '#db/ensure-credential-keys.ts';
import { ensureEmbeddingModel } from '#db/ensure-embedding-model.ts';
import { createModelsInUse } from '#db/models-in-use.ts';
import type { Config } from '#shared/config/config.ts';
import { createDeviceTokens } from '#shared/crypto/device-tokens.ts';
import { createEnvelope } from '#shared/crypto/envelope.ts';
import { createPasswords } from '#shared/crypto/passwords.ts';
import type { Passwords } from '#shared/crypto/passwords.ts';
import { createCompleter } from '#shared/completion/create-completer.ts';
import { createEmbedders } from '#shared/embedding/create-embedder.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { createMailer } from '#shared/mail/mailer.ts';
import { watchDependencies } from '#shared/metrics/dependency-watch.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import { createBreakerBoard, createCircuitBreaker } from '#shared/net/circuit-breaker.ts';
import { createProviderGuard } from '#shared/net/provider-guard.ts';
import { createConsumerWarning } from '#shared/queue/attendance.ts';
import { createJobProducer } from '#shared/queue/producer.ts';
import { createTracer } from '#shared/tracing/create-tracer.ts';
import type { Tracer } from '#shared/tracing/span.ts';
import { closeRedisClient, connectOnce, createRedisClient } from '#shared/redis/client.ts';
import type { RedisClient } from '#shared/redis/client.ts';
import { sendInTime } from '#shared/redis/send-in-time.ts';
import { memberOf, startWarming } from './assistants/warm-assistants.ts';
import { openCache, WARMING_INTERVAL_MS } from './open-cache.ts';
import { createAuth } from './auth/create-auth.ts';
import { createReadiness } from '#shared/health/readiness.ts';
import type { Readiness } from '#shared/health/readiness.ts';
import type { ReadUpload } from './http/body.ts';
import { createConnectionGuard } from './http/connection-guard.ts';
import type { ConnectionGuard } from './http/connection-guard.ts';
import { createCookies } from './http/cookies.ts';
import type { Cookies } from './http/cookies.ts';
import { createCsrf } from './http/csrf.ts';
import type { Csrf } from './http/csrf.ts';
import { createIdempotency } from './http/idempotency.ts';
import type { Idempotency } from './http/idempotency.ts';
import { createRateLimits } from './http/rate-limits.ts';
import type { RateLimits, SendCommand } from './http/rate-limits.ts';
import type { Toolkit } from './http/routes.ts';
import { createServices } from './services.ts';
import type { Services } from './services.ts';
import { createUploadReader } from './http/upload.ts';
import { createUploadAdmission } from './http/upload-admission.ts';
import { createUploadGate } from './http/upload-gate.ts';
import { createJobWatcher } from './jobs/job-watcher.ts';

/** How soon the followers of a job hear of a change. */
const JOB_WATCH_INTERVAL_MS = 500;

/** An address may be refused so many times as often as one session may fail, before it is not listened to. */
const REFUSALS_PER_FAILURE = 3;

/** Everything the API process is made of. */
export interface ApiContext extends AsyncDisposable {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
  readonly database: Database;
  readonly redis: { readonly queue: RedisClient; readonly cache: RedisClient };
  readonly cookies: Cookies;
  readonly csrf: Csrf;
  readonly rateLimits: RateLimits;
  readonly readUpload: ReadUpload;
  readonly connectionGuard: ConnectionGuard;
  readonly uploadAdmission: Toolkit['uploadAdmission'];
  readonly uploadGate: Toolkit['uploadGate'];
  readonly idempotency: Idempotency;
  readonly services: Services;
  readonly readiness: Readiness;
  /** Time between two heartbeats of an event stream, in ms; undefined for the default. */
  readonly eventHeartbeatMs: number | undefined;
  /** Aborted when the process begins to stop: long answers such as event streams should end. */
  readonly closing: AbortController;
  /** Aborted when what is still in hand then has no more time: replies that are being written are broken off. */
  readonly ending: AbortController;
}

export type ApiOverrides = Partial<Pick<ApiContext, 'logger' | 'metrics' | 'database'>> & {
  readonly passwords?: Passwords;
  /** Time between two heartbeats of an event stream, in ms. */
  readonly eventHeartbeatMs?: number;
};

/** Builds the process from its settings; what is disposed last is built first. */
export async function createApiContext(config: Config, overrides: ApiOverrides = {}): Promise<ApiContext> {
  await using stack = new AsyncDisposableStack();
  const logger = overrides.logger ?? createLogger({ level: config.logLevel, service: 'api' });
  const metrics = overrides.metrics ?? createMetrics('api');
  const tracer = stack.use(await createTracer('api', config.diagnostics));
  const database =
    overrides.database ??
    stack.use(createDatabase({ config: config.database, logger, metrics, applicationName: 'donkey-api' }));
  const openRedis = (url: string, name: string): RedisClient =>
    stack.adopt(createRedisClient({ url, name, logger, failFast: true }), closeRedisClient);
  const redis = {
    queue: openRedis(config.redis.queueUrl, 'api'),
    cache: openRedis(config.redis.cacheUrl, 'api-cache'),
  };
  await Promise.all([connectOnce(redis.queue), connectOnce(redis.cache)]);
  const guard = createProviderGuard(config.integrations);
  const board = createBreakerBoard();
  const breakers = { board, pauseMs: config.breakerPauseMs };
  const embedders = createEmbedders(config.embedding, { logger, metrics, guard, ...breakers });
  const completer = createCompleter(config.completion, { logger, metrics, guard, ...breakers });
  await database.assertTextSearchLanguage(config.textSearchLanguage);
  embedders.assertUsable(await ensureEmbeddingModel(database, embedders.configured, logger));
  await ensureCredentialKeys(database, config.integrations.keys);
  const producer = stack.use(
    createJobProducer({
      url: config.redis.queueUrl,
      prefix: config.redis.keyPrefix,
      ledger: database.ledger,
      logger,
    }),
  );
  const closing = new AbortController();
  const ending = new AbortController();
  const watcher = stack.use(
    createJobWatcher({ read: database.read, logger, intervalMs: JOB_WATCH_INTERVAL_MS }),
  );
  // Event streams end when the process begins to stop, not when it is over.
  closing.signal.addEventListener('abort', () => watcher[Symbol.dispose]());
  const cookies = createCookies({ secure: config.api.secureCookies });
  const devices = createDeviceTokens(config.auth.signingKeys);
  const passwords = overrides.passwords ?? createPasswords();
  const sendCommand: SendCommand = sendInTime(redis.cache);
  const sendToQueue = sendInTime(redis.queue);
  watchDependencies({
    metrics,
    checks: {
      postgresql: () => database.ping(),
      redis_queue: () => sendToQueue(['PING']),
      redis_cache: () => sendCommand(['PING']),
    },
  });
  const mailer =
    config.mail.smtpUrl === undefined
      ? undefined
      : stack.use(
          createMailer({
            smtpUrl: config.mail.smtpUrl,
            from: config.mail.from,
            requireTls: config.environment === 'production',
            breaker: createCircuitBreaker({ service: 'mail', metrics, logger, ...breakers }),
          }),
        );
  const auth = stack.use(createAuth({ config, database, logger, passwords, devices, mailer, sendCommand }));
  const failures = config.limits.uploadFailuresPerMinute;
  const connectionGuard = createConnectionGuard({
    proxies: config.api.trustProxy,
    perMinute: failures * REFUSALS_PER_FAILURE,
    logger,
    metrics,
  });
  const { cache, assistantCache, counts } = openCache({
    config,
    database,
    logger,
    metrics,
    redis: redis.cache,
  });
  stack.use(
    startWarming({
      ...{ counts, cached: assistantCache, metrics, logger, most: config.cache.warmAssistants },
      intervalMs: WARMING_INTERVAL_MS,
    }),
  );
  const context = {
    config,
    logger,
    metrics,
    tracer,
    database,
    redis,
    cookies,
    csrf: createCsrf(config.auth.csrfSecret, cookies),
    rateLimits: createRateLimits({
      config,
      logger,
      sendCommand,
      deviceUser: (req) => devices.verify(cookies.read(req)[cookies.deviceName])?.userId,
    }),
    readUpload: createUploadReader({ maxBytes: config.limits.uploadMaxBytes }),
    connectionGuard,
    uploadAdmission: createUploadAdmission({
      guard: connectionGuard,
      failuresPerMinute: failures,
      credentialOf: (req) => req.get('authorization') ?? cookies.read(req)[cookies.sessionName] ?? '',
    }),
    uploadGate: createUploadGate(config.limits.uploadsInFlight),
    idempotency: createIdempotency({ database, envelope: createEnvelope(config.integrations.keys) }),
    services: createServices({
      auth,
      eventHeartbeatMs: overrides.eventHeartbeatMs,
      passwords,
      config,
      database,
      logger,
      metrics,
      producer,
      watcher,
      embedders,
      models: createModelsInUse({ read: database.read, embedders }),
      completer,
      ending: ending.signal,
      guard,
      cache,
      assistantCache,
      onAssistantRead: (userId, id) => counts.note(memberOf(userId, id)),
    }),
    eventHeartbeatMs: overrides.eventHeartbeatMs,
    readiness: createReadiness({
      checks: { database: () => database.ping(), migrations: () => database.assertMigrated() },
      warnings: [
        () => redisWarnings(redis),
        () => database.replicaWarnings(),
        createCanaryWarning(database.read, config.canary),
        createConsumerWarning(database.ledger),
      ],
      board,
      closing: closing.signal,
    }),
    closing,
    ending,
  };
  const disposables = stack.move();
  return { ...context, [Symbol.asyncDispose]: () => disposables.disposeAsync() };
}

/** Without Redis uploads are taken in and reads answered: to take the API out of service would make an outage of it. */
function redisWarnings({ queue, cache }: ApiContext['redis']): string[] {
  return [
    ...(queue.isReady ? [] : ['The Redis of the queues is away: jobs begin when it is back']),
    ...(cache.isReady ? [] : ['The Redis of the caches is away: limits are counted by each process alone']),
  ];
}
