import { createDatabase } from '#db/database.ts';
import type { Database } from '#db/database.ts';
import type { Config } from '#shared/config/config.ts';
import { createAccessTokens } from '#shared/crypto/access-tokens.ts';
import { createPasswords } from '#shared/crypto/passwords.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import { closeRedisClient, connectOnce, createRedisClient } from '#shared/redis/client.ts';
import type { RedisClient } from '#shared/redis/client.ts';
import { createAssistantService } from './assistants/assistant-service.ts';
import type { AssistantService } from './assistants/assistant-service.ts';
import { createAuthService } from './auth/auth-service.ts';
import type { AuthService } from './auth/auth-service.ts';
import { createReadiness } from './health/readiness.ts';
import type { Readiness } from './health/readiness.ts';
import type { ReadUpload } from './http/body.ts';
import { createCookies } from './http/cookies.ts';
import type { Cookies } from './http/cookies.ts';
import { createCsrf } from './http/csrf.ts';
import type { Csrf } from './http/csrf.ts';
import { createRateLimits } from './http/rate-limits.ts';
import type { RateLimits } from './http/rate-limits.ts';

export interface Services {
  readonly auth: AuthService;
  readonly assistants: AssistantService;
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
  readonly readUpload?: ReadUpload;
  readonly services: Services;
  readonly readiness: Readiness;
  /** Aborted when the process begins to stop: long answers such as event streams should end. */
  readonly closing: AbortController;
}

export type ApiOverrides = Partial<Pick<ApiContext, 'logger' | 'metrics' | 'database'>>;

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
  const closing = new AbortController();
  const cookies = createCookies({ secure: config.api.secureCookies });
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
      sendCommand: (command) => redis.cache.sendCommand(command),
    }),
    services: createServices(config, database),
    readiness: createReadiness({ checks: readinessChecks(database, redis.queue), closing: closing.signal }),
    closing,
  };
  const disposables = stack.move();
  return { ...context, [Symbol.asyncDispose]: () => disposables.disposeAsync() };
}

function createServices(config: Config, database: Database): Services {
  return {
    auth: createAuthService({
      database,
      passwords: createPasswords(),
      tokens: createAccessTokens({ signingKeys: config.auth.signingKeys, issuer: config.api.publicUrl }),
      sessionTtlSeconds: config.auth.sessionTtlSeconds,
    }),
    assistants: createAssistantService(database),
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
