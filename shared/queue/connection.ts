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
  return {
    client,
    run: (command) => raw.sendCommand([...command]),
    [Symbol.dispose]: () => closeRedisClient(raw),
  };
}
