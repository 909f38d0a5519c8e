import { randomBytes } from 'node:crypto';
import type { Env } from '#shared/config/env.ts';
import { freePort } from '#scripts/services/free-port.ts';
import { startApiProcess } from '../api-process.ts';
import type { ApiProcess } from '../api-process.ts';
import type { EmbeddingServer } from '../embedding-server.ts';
import type { OwnServices } from '../own-services.ts';
import { supervise } from '../supervised-process.ts';
import type { SupervisedProcess } from '../supervised-process.ts';
import { testEnv } from '../test-config.ts';
import { createTestDatabase } from '../test-database.ts';
import type { TestDatabase } from '../test-database.ts';
import { startWorkerProcess } from '../worker-process.ts';
import type { WorkerProcess } from '../worker-process.ts';

/** Ports that neither services nor outgoing connections are given. */
const FIRST_PORT = 29_000;
const PORTS = 3_000;

/** The product as an operator runs it: an API and workers as processes that are started again when they end. */
export interface Installation extends AsyncDisposable {
  readonly url: string;
  readonly env: Env;
  readonly database: TestDatabase;
  readonly api: SupervisedProcess<ApiProcess>;
  readonly workers: readonly SupervisedProcess<WorkerProcess>[];
}

export interface InstallationOptions {
  readonly services: OwnServices;
  /** The embedder of the product itself where there is none. */
  readonly server?: EmbeddingServer;
  readonly workers: number;
  readonly env?: Env;
}

/** Starts everything on a database of its own and waits until it is up. */
export async function startInstallation(options: InstallationOptions): Promise<Installation> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await createTestDatabase(options.services.postgres.url));
  const port = await freePort(FIRST_PORT + (randomBytes(2).readUInt16BE() % PORTS));
  const env = testEnv({
    LOG_LEVEL: 'info',
    ...options.server?.env,
    DATABASE_URL: database.url,
    REDIS_URL: options.services.redis.url,
    PORT: String(port),
    RELAY_INTERVAL_MS: '200',
    ...options.env,
  });
  const api = stack.use(supervise(() => startApiProcess(env)));
  const workers = Array.from({ length: options.workers }, () =>
    stack.use(supervise(() => startWorkerProcess(env))),
  );
  const { url } = await api.up();
  await Promise.all(workers.map((worker) => worker.up()));
  const owned = stack.move();
  return { url, env, database, api, workers, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
