import { createDatabase } from '#db/database.ts';
import type { Database } from '#db/database.ts';
import { createConfig } from '#shared/config/config.ts';
import type { Config } from '#shared/config/config.ts';
import { loadEnvFile, readEnv } from '#shared/config/env.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';

/** What every management command works with. */
export interface OperatorContext {
  readonly config: Config;
  readonly database: Database;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Tells the operator something. */
  readonly say: (line: string) => void;
}

/** Statements of operators, migrations above all, may take their time. */
const STATEMENT_TIMEOUT_MS = 3_600_000;

/** Runs a command with the settings of the environment and closes everything behind it. */
export async function withOperatorContext(work: (context: OperatorContext) => Promise<void>): Promise<void> {
  loadEnvFile();
  const config = createConfig(readEnv());
  const logger = createLogger({ level: 'warn', service: 'manage' });
  const metrics = createMetrics('manage');
  await using database = createDatabase({
    config: { ...config.database, replicaUrls: [], statementTimeoutMs: STATEMENT_TIMEOUT_MS },
    logger,
    metrics,
    applicationName: 'donkey-manage',
  });
  await work({ config, database, logger, metrics, say: (line) => process.stdout.write(`${line}\n`) });
}
