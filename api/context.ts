import { createCanaryWarning } from '#db/canary-warning.ts';
import { createDatabase } from '#db/database.ts';
import type { Database } from '#db/database.ts';
import { ensureCredentialKeys } from '#db/ensure-credential-keys.ts';
import { ensureEmbeddingModel } from '#db/ensure-embedding-model.ts';
import { createModelsInUse } from '#db/models-in-use.ts';
import type { ModelsInUse } from '#db/models-in-use.ts';
import { createOwnCredentials } from '#db/own-credential.ts';
import type { Config } from '#shared/config/config.ts';
import { createDeviceTokens } from '#shared/crypto/device-tokens.ts';
import { createEnvelope } from '#shared/crypto/envelope.ts';
import { createPasswords } from '#shared/crypto/passwords.ts';
import type { Passwords } from '#shared/crypto/passwords.ts';
import { createEmbedders } from '#shared/embedding/create-embedder.ts';
import type { Embedders } from '#shared/embedding/create-embedder.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { createMailer } from '#shared/mail/mailer.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import { createProviderGuard } from '#shared/net/provider-guard.ts';
import type { ProviderGuard } from '#shared/net/provider-guard.ts';
import { createJobProducer } from '#shared/queue/producer.ts';
import type { JobProducer } from '#shared/queue/producer.ts';
import { closeRedisClient, connectOnce, createRedisClient } from '#shared/redis/client.ts';
import type { RedisClient } from '#shared/redis/client.ts';
import { createApiKeyService } from './api-keys/api-key-service.ts';
import type { ApiKeyService } from './api-keys/api-key-service.ts';
import { createAccountService } from './account/account-service.ts';
import type { AccountService } from './account/account-service.ts';
import { createAssistantService } from './assistants/assistant-service.ts';
import type { AssistantService } from './assistants/assistant-service.ts';
import { createAuth } from './auth/create-auth.ts';
import type { AuthServices } from './auth/create-auth.ts';
import { createDocumentService } from './documents/document-service.ts';
import type { DocumentService } from './documents/document-service.ts';
import { createEmbeddingModelService } from './embedding-models/embedding-model-service.ts';
import type { EmbeddingModelService } from './embedding-models/embedding-model-service.ts';
import { createReadiness } from '#shared/health/readiness.ts';
import type { Readiness } from '#shared/health/readiness.ts';
import type { ReadUpload } from './http/body.ts';
import { createCookies } from './http/cookies.ts';
import type { Cookies } from './http/cookies.ts';
import { createCsrf } from './http/csrf.ts';
import type { Csrf } from './http/csrf.ts';
import { createRateLimits } from './http/rate-limits.ts';
import type { RateLimits, SendCommand } from './http/rate-limits.ts';
import type { Toolkit } from './http/routes.ts';
import { createUploadReader } from './http/upload.ts';
import { createUploadGate } from './http/upload-gate.ts';
import { createCredentialService } from './integrations/credential-service.ts';
import type { CredentialService } from './integrations/credential-service.ts';
import { createJobService } from './jobs/job-service.ts';
import type { JobService } from './jobs/job-service.ts';
import { createJobWatcher } from './jobs/job-watcher.ts';
import type { JobWatcher } from './jobs/job-watcher.ts';
import { createSearchService } from './search/search-service.ts';
import type { SearchService } from './search/search-service.ts';

/** How soon the followers of a job hear of a change. */
const JOB_WATCH_INTERVAL_MS = 500;

export interface Services {
  readonly auth: AuthServices['auth'];
  readonly sessions: AuthServices['sessions'];
  readonly passwords: AuthServices['passwords'];
  readonly apiKeys: ApiKeyService;
  readonly account: AccountService;
  readonly assistants: AssistantService;
  readonly credentials: CredentialService;
  readonly documents: DocumentService;
  readonly embeddingModels: EmbeddingModelService;
  readonly jobs: JobService;
  readonly search: SearchService;
}

/** Everything the API process is made of. */
export interface ApiContext extends AsyncDisposable {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly database: Database;
  readonly redis: { readonly queue: RedisClient; readonly cache: RedisClient };
  readonly cookies: Cookies;
  readonly csrf: Csrf;
  readonly rateLimits: RateLimits;
  readonly readUpload: ReadUpload;
  readonly uploadGate: Toolkit['uploadGate'];
  readonly services: Services;
  readonly readiness: Readiness;
  /** Aborted when the process begins to stop: long answers such as event streams should end. */
  readonly closing: AbortController;
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
  const embedders = createEmbedders(config.embedding, { logger, metrics, guard });
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
  const watcher = stack.use(
    createJobWatcher({ read: database.read, logger, intervalMs: JOB_WATCH_INTERVAL_MS }),
  );
  // Event streams end when the process begins to stop, not when it is over.
  closing.signal.addEventListener('abort', () => watcher[Symbol.dispose]());
  const cookies = createCookies({ secure: config.api.secureCookies });
  const devices = createDeviceTokens(config.auth.signingKeys);
  const passwords = overrides.passwords ?? createPasswords();
  const sendCommand = (command: string[]) =>
    redis.cache.sendCommand<Awaited<ReturnType<SendCommand>>>(command);
  const mailer =
    config.mail.smtpUrl === undefined
      ? undefined
      : stack.use(
          createMailer({
            smtpUrl: config.mail.smtpUrl,
            from: config.mail.from,
            requireTls: config.environment === 'production',
          }),
        );
  const auth = stack.use(createAuth({ config, database, logger, passwords, devices, mailer, sendCommand }));
  const context = {
    config,
    logger,
    metrics,
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
    uploadGate: createUploadGate(config.limits.uploadsInFlight),
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
      guard,
    }),
    readiness: createReadiness({
      checks: readinessChecks(database, redis.queue),
      closing: closing.signal,
      warnings: [createCanaryWarning(database.read, config.canary)],
    }),
    closing,
  };
  const disposables = stack.move();
  return { ...context, [Symbol.asyncDispose]: () => disposables.disposeAsync() };
}

interface ServiceParts {
  readonly config: Config;
  readonly database: Database;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly producer: JobProducer;
  readonly watcher: JobWatcher;
  readonly embedders: Embedders;
  readonly guard: ProviderGuard;
  readonly auth: AuthServices;
  readonly passwords: Passwords;
  readonly eventHeartbeatMs: number | undefined;
  readonly models: ModelsInUse;
}

function createServices(parts: ServiceParts): Services {
  const { config, database } = parts;
  const envelope = createEnvelope(config.integrations.keys);
  return {
    auth: parts.auth.auth,
    sessions: parts.auth.sessions,
    passwords: parts.auth.passwords,
    apiKeys: createApiKeyService(parts),
    account: createAccountService({ ...parts, passwords: parts.auth.passwords }),
    assistants: createAssistantService(database),
    documents: createDocumentService(parts),
    embeddingModels: createEmbeddingModelService(parts),
    jobs: createJobService({ ...parts, eventStreamsPerUser: config.api.eventStreamsPerUser }),
    credentials: createCredentialService({ database, envelope, guard: parts.guard }),
    search: createSearchService({
      ...parts,
      findOwnCredential: createOwnCredentials({ read: database.read, envelope }),
    }),
  };
}

function readinessChecks(database: Database, queue: RedisClient) {
  return {
    database: () => database.ping(),
    migrations: async () => {
      const pending = await database.pendingMigrations();
      if (pending.length > 0) throw new Error('migrations are pending');
    },
    queue: () => queue.ping(),
  };
}
