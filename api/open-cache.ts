import type { Database } from '#db/database.ts';
import { createCache } from '#shared/cache/cache.ts';
import type { Cache } from '#shared/cache/cache.ts';
import { createReadCounts } from '#shared/cache/read-counts.ts';
import type { ReadCounts } from '#shared/cache/read-counts.ts';
import type { Config } from '#shared/config/config.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import type { RedisClient } from '#shared/redis/client.ts';
import { sendInTime } from '#shared/redis/send-in-time.ts';
import { createAssistantCache } from './assistants/assistant-cache.ts';
import type { AssistantCache } from './assistants/assistant-cache.ts';

/** How long a cached value is waited for, in ms: PostgreSQL answers within it. */
const ANSWER_MS = 75;

/** How soon what is read most is in the cache again after it has expired. */
export const WARMING_INTERVAL_MS = 30_000;

/** Time in which reads lose half of their weight. */
const HALF_LIFE_MS = 600_000;

export interface OpenCacheOptions {
  readonly config: Pick<Config, 'auth' | 'cache' | 'redis'>;
  readonly database: Database;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly redis: RedisClient;
}

/** The cache of one API process, and what counts who is read most. */
export function openCache({ config, database, logger, metrics, redis }: OpenCacheOptions): {
  readonly cache: Cache;
  readonly assistantCache: AssistantCache;
  readonly counts: ReadCounts;
} {
  // By itself, so that what it waits for has no part in the limits, which wait longer.
  const send = sendInTime(redis, ANSWER_MS);
  const { stamps, read } = database;
  const cache = createCache({
    ...{ send, stamps, metrics, logger },
    prefix: config.redis.keyPrefix,
    secret: config.auth.csrfSecret,
  });
  return {
    cache,
    assistantCache: createAssistantCache({ read, cache, ttlMs: config.cache.assistantTtlMs }),
    counts: createReadCounts({
      send,
      key: `${config.redis.keyPrefix}:cache:reads`,
      logger,
      halfLifeMs: HALF_LIFE_MS,
    }),
  };
}
