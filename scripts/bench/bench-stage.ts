import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Env } from '#shared/config/env.ts';
import { startApiProcess } from '#tests/support/api-process.ts';
import type { ApiProcess } from '#tests/support/api-process.ts';
import { testEnv } from '#tests/support/test-config.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';
import type { TestDatabase } from '#tests/support/test-database.ts';
import { startWorkerProcess } from '#tests/support/worker-process.ts';
import type { WorkerProcess } from '#tests/support/worker-process.ts';
import { registerBenchAccount } from './bench-client.ts';
import type { BenchClient } from './bench-client.ts';

/** The product as an operator runs it: processes of their own, on an empty migrated database. */
export interface BenchStage extends AsyncDisposable {
  readonly api: ApiProcess;
  readonly database: TestDatabase;
  /** Settings that all processes share. */
  readonly env: Env;
  startApi(env?: Env): Promise<ApiProcess>;
  startWorker(env?: Env): Promise<WorkerProcess>;
  /** Registers an account and logs in. */
  register(): Promise<BenchClient>;
}

/** Limits of requests are no subject of benchmarks; everything else is as it comes. */
const benchEnv = (): Env => ({
  ...testEnv({ REDIS_KEY_PREFIX: `bench-${randomBytes(6).toString('hex')}` }),
  NODE_ENV: 'development',
  LOG_LEVEL: 'info',
  REQUESTS_PER_MINUTE: '100000000',
  UPLOADS_PER_MINUTE: '100000000',
  UPLOADS_IN_FLIGHT: '50',
});

/** Starts database and API; workers are started by the suite. */
export async function startBenchStage(more: Env = {}): Promise<BenchStage> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await createTestDatabase());
  // The API has to know under which address it is reached before it listens.
  const port = await freePort();
  const publicUrl = { PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` };
  const env = { ...benchEnv(), ...publicUrl, ...more, DATABASE_URL: database.url };
  const api = stack.use(await startApiProcess(env));
  const owned = stack.move();
  return {
    api,
    database,
    env,
    startApi: async (extra = {}) => owned.use(await startApiProcess({ ...env, PORT: '0', ...extra })),
    startWorker: async (extra = {}) => owned.use(await startWorkerProcess({ ...env, ...extra })),
    register: () => registerBenchAccount(api.url),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
