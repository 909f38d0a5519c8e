import { ConfigError, createConfig } from '#shared/config/config.ts';
import { loadEnvFile, readEnv } from '#shared/config/env.ts';
import { createLogLevel, debugOnSignal } from '#shared/logging/log-level.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { stopSignal } from '#shared/process-signals.ts';
import { createApiContext } from './context.ts';
import { serve } from './serve.ts';

/** The API process, from settings to the last connection. */
async function main(): Promise<void> {
  loadEnvFile();
  const config = createConfig(readEnv());
  const level = createLogLevel(config.logLevel);
  const logger = createLogger({ level, service: 'api' });
  using _closerLook = debugOnSignal({ level, logger, minutes: config.diagnostics.debugMinutes });
  await using context = await createApiContext(config, { logger });
  const stop = stopSignal();
  const api = await serve(context);
  await stop;
  logger.info('stopping');
  await api.close();
  logger.info('stopped');
}

try {
  await main();
} catch (error) {
  // Settings are corrected by people, who have no use for a stack trace.
  const text = error instanceof ConfigError ? error.message : ((error as Error).stack ?? String(error));
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
