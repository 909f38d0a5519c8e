import type { PoolOptions } from '#db/connect.ts';
import { createConfig } from '#shared/config/config.ts';
import type { Config } from '#shared/config/config.ts';
import { loadEnvFile, readEnv } from '#shared/config/env.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';

/** The settings of the environment and `.env`, and how the database is reached past any pooler. */
export interface OperatorSettings {
  readonly config: Config;
  /** @param url another database or role on the same terms */
  poolOptions(url?: string): PoolOptions;
}

/** @throws ConfigError */
export function readOperatorSettings(applicationName: string): OperatorSettings {
  loadEnvFile();
  const config = createConfig(readEnv());
  const logger = createLogger({ level: 'warn', service: applicationName });
  const metrics = createMetrics(applicationName);
  return {
    config,
    poolOptions: (url = config.database.directUrl) => ({
      config: {
        ...config.database,
        url,
        directUrl: url,
        pooler: 'none',
        replicaUrls: [],
        // A dump of years, or an index over millions of vectors, takes what it takes.
        statementTimeoutMs: 0,
        lockTimeoutMs: 0,
        idleInTransactionTimeoutMs: 0,
      },
      logger,
      metrics,
      applicationName: `donkey-${applicationName}`,
    }),
  };
}
