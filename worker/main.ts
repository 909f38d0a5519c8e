import { createConfig, ConfigError } from '#shared/config/config.ts';
import { loadEnvFile, readEnv } from '#shared/config/env.ts';
import { stopSignal } from '#shared/process-signals.ts';
import { createWorkerContext } from './context.ts';
import { lowerPriority } from './lower-priority.ts';

const EXIT_GRACE_MS = 1_000;

async function main(): Promise<void> {
  loadEnvFile();
  const config = createConfig(readEnv());
  lowerPriority(config.worker.nice);
  const stop = stopSignal();
  const context = await createWorkerContext(config);
  context.logger.info({ port: context.port }, 'worker is running');
  const signal = await stop;
  context.logger.info({ signal }, 'worker is stopping');
  await context[Symbol.asyncDispose]();
  context.logger.info('worker has stopped');
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
