import { randomBytes } from 'node:crypto';
import { createConfig } from '#shared/config/config.ts';
import type { Config } from '#shared/config/config.ts';
import type { Env } from '#shared/config/env.ts';
import { testServices } from './services.ts';

/**
 * Settings of one test: keys and a Redis prefix of its own, free ports, no logs.
 *
 * @param env settings that this test wants otherwise
 */
export const testConfig = (env: Env = {}): Config => createConfig(testEnv(env));

/** The same as raw texts, for processes that tests start. */
export function testEnv(env: Env = {}): Env {
  // A test with servers of its own needs no others.
  const own = env.DATABASE_URL !== undefined && env.REDIS_URL !== undefined;
  const { redisUrl, databaseUrl } = own ? { redisUrl: '', databaseUrl: '' } : testServices();
  return {
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    PORT: '0',
    API_METRICS_PORT: '0',
    WORKER_PORT: '0',
    PUBLIC_URL: 'http://donkey.test',
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    REDIS_KEY_PREFIX: `test-${randomBytes(6).toString('hex')}`,
    AUTH_SIGNING_KEYS: randomBytes(32).toString('base64url'),
    CSRF_SECRET: randomBytes(32).toString('base64url'),
    CREDENTIAL_KEYS: `test:${randomBytes(32).toString('base64url')}`,
    AUTH_ATTEMPTS_PER_15_MIN: '1000',
    REQUESTS_PER_MINUTE: '100000',
    UPLOADS_PER_MINUTE: '100000',
    UPLOAD_FAILURES_PER_MINUTE: '1000000',
    SHUTDOWN_TIMEOUT_MS: '2000',
    CANARY_INTERVAL_MS: '0',
    SHUTDOWN_NOTICE_MS: '0',
    BREAKER_PAUSE_MS: '2000',
    ...env,
  };
}
