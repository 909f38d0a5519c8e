import { createNodeRedisClient } from 'bullmq';
import type { IRedisClient } from 'bullmq';
import type { Logger } from '../logging/logger.ts';
import { closeRedisClient, createRedisClient } from '../redis/client.ts';

export interface QueueConnectionOptions {
  readonly url: string;
  /** Prefix of all keys of the queues. */
  readonly prefix: string;
  readonly logger: Logger;
}

/** A connection to the Redis of the queues, in the form BullMQ takes. */
export interface QueueConnection extends Disposable {
  readonly client: IRedisClient;
  /** Sends a plain command. @throws Error when Redis cannot be reached */
  run(command: readonly string[]): Promise<unknown>;
}

/** Opens a connection in the background; see `RedisClientOptions.failFast`. */
export function createQueueConnection(
  options: QueueConnectionOptions & { name: string; failFast: boolean },
): QueueConnection {
  const raw = createRedisClient(options);
  const client = createNodeRedisClient(raw);
  // Without a listener on the adapter itself an error would end the process; the raw client has logged it.
  client.on('error', () => undefined);
  if (!options.failFast) slowDownOnErrors(client);
  return {
    client,
    run: (command) => raw.sendCommand([...command]),
    [Symbol.dispose]: () => closeRedisClient(raw),
  };
}

interface ScriptRunner {
  runCommand(name: string, args: unknown[]): Promise<unknown>;
}

/**
 * A BullMQ worker that cannot fetch a job tries again at once, for ever, unless the error is one of the two it knows as
 * those of a connection. Others, as of a client that refuses or a Redis that is still loading, would keep the process so
 * busy that not even its timers ran. All its fetching goes through scripts, so these report every fault as the known one.
 */
function slowDownOnErrors(client: IRedisClient): void {
  const runner = client as unknown as ScriptRunner;
  const run = runner.runCommand.bind(runner);
  runner.runCommand = async (name, args) => {
    try {
      return await run(name, args);
    } catch (error) {
      throw new Error('Connection is closed.', { cause: error });
    }
  };
}
