import { randomBytes } from 'node:crypto';
import type { Env } from '#shared/config/env.ts';
import { freePort } from '#scripts/services/free-port.ts';
import { startApiProcess } from '../api-process.ts';
import type { ApiProcess } from '../api-process.ts';
import { startLoadBalancer } from '../load-balancer.ts';
import type { LoadBalancer } from '../load-balancer.ts';
import type { OwnServices } from '../own-services.ts';
import type { ProductProcess } from '../product-process.ts';
import { supervise } from '../supervised-process.ts';
import type { SupervisedProcess } from '../supervised-process.ts';
import { testEnv } from '../test-config.ts';
import { createTestDatabase } from '../test-database.ts';
import type { TestDatabase } from '../test-database.ts';
import { waitFor } from '../wait-for.ts';
import { startWorkerProcess } from '../worker-process.ts';
import type { WorkerProcess } from '../worker-process.ts';

/** An installation of the size that is meant to go on through whatever is planned: two of each process, one balancer. */
export interface SoakStage extends AsyncDisposable {
  readonly services: OwnServices;
  readonly balancer: LoadBalancer;
  readonly database: TestDatabase;
  readonly env: Env;
  readonly apis: readonly SupervisedProcess<ApiProcess>[];
  readonly workers: readonly SupervisedProcess<WorkerProcess>[];
  /** Processes that ended by themselves or not as they were told, in words. */
  readonly badEnds: string[];
}

const FIRST_PORT = 29_000;
const PORTS = 2_000;
const PROCESSES = 2;
/** Five probes of the balancer. */
const NOTICE_MS = '1000';
const READY_MS = 120_000;

/** As an operator has it, but for limits of requests: those are no subject of a soak. */
const soakEnv = (services: OwnServices, databaseUrl: string): Env =>
  testEnv({
    NODE_ENV: 'development',
    LOG_LEVEL: 'info',
    DATABASE_URL: databaseUrl,
    REDIS_URL: services.redis.url,
    REQUESTS_PER_MINUTE: '100000000',
    UPLOADS_PER_MINUTE: '100000000',
    UPLOADS_IN_FLIGHT: '50',
    HIGH_PRIORITY_PER_USER: '100000',
    SHUTDOWN_NOTICE_MS: NOTICE_MS,
    SHUTDOWN_TIMEOUT_MS: '30000',
    CANARY_INTERVAL_MS: '60000',
  });

/** Starts all of it on a database of its own and waits until it is ready. */
export async function startSoakStage(services: OwnServices): Promise<SoakStage> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await createTestDatabase(services.postgres.url));
  const first = await freePort(FIRST_PORT + (randomBytes(2).readUInt16BE() % PORTS));
  const ports = [first, await freePort(first + 1)];
  const env = { ...soakEnv(services, database.url), PUBLIC_URL: `http://127.0.0.1:${first}` };
  const apis = ports.map((port) =>
    stack.use(supervise(() => startApiProcess({ ...env, PORT: String(port) }))),
  );
  const workers = Array.from({ length: PROCESSES }, () =>
    stack.use(supervise(() => startWorkerProcess(env))),
  );
  const urls = await Promise.all(apis.map(async (api) => (await api.up()).url));
  await Promise.all(workers.map((worker) => worker.up()));
  const balancer = stack.use(await startLoadBalancer(urls));
  const owned = stack.move();
  const stage = { services, balancer, database, env, apis, workers, badEnds: [] };
  await allReady(stage);
  return { ...stage, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Waits until the balancer gives requests to every instance, and every worker says that it is ready. */
export async function allReady({
  balancer,
  apis,
  workers,
}: Pick<SoakStage, 'balancer' | 'apis' | 'workers'>): Promise<void> {
  const isReady = async (worker: SupervisedProcess<WorkerProcess>): Promise<boolean> => {
    if (worker.current === undefined) return false;
    const signal = AbortSignal.timeout(2_000);
    return fetch(`${worker.current.url}/health/ready`, { signal }).then(
      async (response) => {
        await response.body?.cancel();
        return response.ok;
      },
      () => false,
    );
  };
  await waitFor(
    async () =>
      balancer.ready() === apis.length && (await Promise.all(workers.map(isReady))).every((ready) => ready),
    { description: 'all processes to be ready', timeoutMs: READY_MS },
  );
}

/** Restarts processes one after the other, each when the one before is ready again. */
export async function roll<T extends ProductProcess>(
  stage: SoakStage,
  kind: string,
  processes: readonly SupervisedProcess<T>[],
): Promise<void> {
  for (const supervised of processes) {
    const { starts } = supervised;
    const end = await (await supervised.up()).stop('SIGTERM');
    if (end.code !== 0) stage.badEnds.push(`${kind} ended with ${end.code ?? end.signal}`);
    await waitFor(() => supervised.starts > starts, { description: 'the next process', timeoutMs: READY_MS });
    await allReady(stage);
  }
}
