import { once } from 'node:events';
import { createClient } from 'redis';
import type { Logger } from '../logging/logger.ts';

/** The `redis` package's client, whatever its modules and scripts. */
export type RedisClient = ReturnType<typeof createClient>;

export interface RedisClientOptions {
  readonly url: string;
  /** Shown by CLIENT LIST. */
  readonly name: string;
  readonly logger: Logger;
  /**
   * Whether commands are refused at once while Redis is away or frozen, instead of waiting for it. Not for connections
   * that block on purpose.
   */
  readonly failFast: boolean;
}

const CONNECT_TIMEOUT_MS = 2_000;

/** Longest pause between two attempts: work should go on within two seconds of the return of Redis. */
const RECONNECT_WITHIN_MS = 400;

/**
 * Makes a client, not connected yet. It reconnects by itself, and its errors are logged once per outage rather than once
 * per attempt.
 */
export function createRedisClient(options: RedisClientOptions): RedisClient {
  const client: RedisClient = createClient({
    url: options.url,
    name: `donkey-${options.name}`,
    disableOfflineQueue: options.failFast,
    ...(options.failFast ? { pingInterval: 500, commandsQueueMaxLength: 10_000 } : {}),
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** Math.min(retries, 5), RECONNECT_WITHIN_MS),
      // A frozen server keeps its connections open: only silence gives it away.
      ...(options.failFast ? { socketTimeout: 2_000 } : {}),
    },
  });
  let down = false;
  client.on('error', (error: unknown) => {
    if (!down) options.logger.warn({ err: error, client: options.name }, 'Redis cannot be reached');
    down = true;
  });
  client.on('ready', () => {
    if (down) options.logger.info({ client: options.name }, 'Redis is back');
    down = false;
  });
  return client;
}

/** Connects without waiting for success: a Redis that is away at start is an outage like any other. */
export function connectInBackground(client: RedisClient): void {
  client.connect().catch(() => undefined);
}

/** Closes a client at once, in whatever state it is. */
export function closeRedisClient(client: RedisClient): void {
  if (client.isOpen) client.destroy();
}

/** Connects and waits for the first attempt to succeed or fail; later ones go on in the background. */
export async function connectOnce(client: RedisClient): Promise<void> {
  const settled = once(client, 'ready').catch(() => undefined);
  connectInBackground(client);
  await settled;
}
