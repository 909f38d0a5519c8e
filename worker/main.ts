import { createConfig, ConfigError } from '#shared/config/config.ts';
import { loadEnvFile, readEnv } from '#shared/config/env.ts';
import { createLogLevel, debugOnSignal } from '#shared/logging/log-level.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { stopSignal } from '#shared/process-signals.ts';
import { createWorkerContext } from './context.ts';
import { lowerPriority } from './lower-priority.ts';

const EXIT_GRACE_MS = 1_000;

async function main(): Promise<void> {
  loadEnvFile();
  const config = createConfig(readEnv());
  const level = createLogLevel(config.logLevel);
  const logger = createLogger({ level, service: 'worker' });
  using _closerLook = debugOnSignal({ level, logger, minutes: config.diagnostics.debugMinutes });
  lowerPriority(config.worker.nice);
  const stop = stopSignal();
  const context = await createWorkerContext(config, logger);
  logger.info({ port: context.port }, 'worker is running');
  const signal = await stop;
  logger.info({ signal }, 'worker is stopping');
  await context[Symbol.asyncDispose]();
  logger.info('worker has stopped');
  // While Redis is away, connections that BullMQ made go on trying for ever; nothing of ours is left to wait for.
  setTimeout(() => process.exit(), EXIT_GRACE_MS).unref();
}

try {
  await main();
} catch (error) {
  // The logger may not exist yet, and a faulty setting is the operator's to read, not a stack trace.
  process.stderr.write(`${error instanceof ConfigError ? error.message : String((error as Error).stack)}\n`);
  process.exitCode = 1;
}
