import { ConfigError, createConfig } from '#shared/config/config.ts';
import { loadEnvFile, readEnv } from '#shared/config/env.ts';
import { stopSignal } from '#shared/process-signals.ts';
import { createApiContext } from './context.ts';
import { serve } from './serve.ts';

/** The API process, from settings to the last connection. */
async function main(): Promise<void> {
  loadEnvFile();
  const config = createConfig(readEnv());
  await using context = await createApiContext(config);
  const { logger } = context;
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
