import { createClient } from 'redis';

const oldestServer = 7;

/**
 * Checks that a Redis server can carry the queues: version 7 or later, and a policy that never evicts keys.
 *
 * @returns what was found, for people: "7.0.15, noeviction"
 * @throws Error whose message names the fault and its remedy, never the password
 */
export async function checkRedisServer(url: string): Promise<string> {
  const client = createClient({ url, socket: { connectTimeout: 5000, reconnectStrategy: false } });
  // Without a listener the client would end the process; the rejected call below reports the same error.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw new Error(`cannot connect (${reason(error)}); check host, port and password, and that it runs`, {
      cause: error,
    });
  }
  try {
    const info = await client.info();
    const version = field(info, 'redis_version');
    if (Number.parseInt(version) < oldestServer)
      throw new Error(`version ${version} is too old; use Redis ${oldestServer} or later`);
    const policy = field(info, 'maxmemory_policy');
    if (policy !== 'noeviction')
      throw new Error(
        `maxmemory-policy is ${policy}, which may drop queued jobs; run "CONFIG SET maxmemory-policy noeviction" and keep it in redis.conf`,
      );
    return `${version}, ${policy}`;
  } finally {
    await client.close();
  }
}

const field = (info: string, name: string): string =>
  new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim() ?? '0';

function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map((part) => reason(part)).join(', ');
  return error instanceof Error ? error.message : String(error);
}
