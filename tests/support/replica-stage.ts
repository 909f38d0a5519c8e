import pg from 'pg';
import { createApiContext } from '#api/context.ts';
import type { ApiContext } from '#api/context.ts';
import { serve } from '#api/serve.ts';
import { createConfig } from '#shared/config/config.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import { createDatabase } from '#db/database.ts';
import type { Database } from '#db/database.ts';
import type { Env } from '#shared/config/env.ts';
import { startOwnServices } from './own-services.ts';
import type { OwnServices, OwnStandby } from './own-services.ts';
import { testEnv } from './test-config.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';
import { waitFor } from './wait-for.ts';

/** A primary with a database of the product, a standby that streams from it, and settings that name both. */
export interface ReplicaStage extends AsyncDisposable {
  readonly primary: TestDatabase;
  readonly standby: OwnStandby;
  readonly env: Env;
  /** Lets the standby receive and not apply, as one that is far behind; and go on. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Resolves when the standby has taken over the exclusive lock that a transaction of the primary has on this table. */
  standbyWaits(table: string): Promise<void>;
  /** An API process in this one, on a free port. */
  startApi(): Promise<AsyncDisposable & { readonly url: string; readonly context: ApiContext }>;
  /** A database as the API opens it. */
  open(env?: Env): { readonly database: Database; readonly metrics: Metrics };
}

/** @returns undefined where this host has no PostgreSQL and Redis as programs */
export async function startReplicaStage(): Promise<ReplicaStage | undefined> {
  await using stack = new AsyncDisposableStack();
  const services: OwnServices | undefined = await startOwnServices();
  if (services === undefined) return undefined;
  stack.use(services);
  const primary = stack.use(await createTestDatabase(services.postgres.url));
  const standby = await services.postgres.startStandby();
  stack.defer(() => standby.stop());
  const url = new URL(standby.url);
  url.pathname = new URL(primary.url).pathname;
  // One set of keys: processes that are started with it know each other's sessions.
  const env = testEnv({
    DATABASE_URL: primary.url,
    DATABASE_REPLICA_URLS: url.href,
    REDIS_URL: services.redis.url,
  });
  const ask = async (sql: string, values: unknown[] = []): Promise<number> => {
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    const { rowCount } = await client.query(sql, values).finally(() => client.end());
    return rowCount ?? 0;
  };
  const owned = stack.move();
  return {
    primary,
    standby,
    env,
    pause: () => ask('select pg_wal_replay_pause()').then(nothing),
    resume: () => ask('select pg_wal_replay_resume()').then(nothing),
    standbyWaits: (table) =>
      waitFor(
        async () =>
          (await ask(
            `select from pg_locks where relation = $1::regclass and mode = 'AccessExclusiveLock' and granted`,
            [table],
          )) > 0,
        { description: `a lock of ${table} on the standby` },
      ).then(nothing),
    startApi: async () => {
      await using own = new AsyncDisposableStack();
      const context = own.use(await createApiContext(createConfig(env)));
      const api = await serve(context);
      own.defer(() => api.close());
      const kept = own.move();
      return { url: api.url, context, [Symbol.asyncDispose]: () => kept.disposeAsync() };
    },
    open: (more = {}) => {
      const metrics = createMetrics('test');
      const database = createDatabase({
        config: createConfig({ ...env, ...more }).database,
        logger: createLogger({ level: 'silent', service: 'test' }),
        metrics,
        applicationName: 'test',
      });
      return { database, metrics };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const nothing = (): void => undefined;

/** Waits until the API reads from its replica, or no longer does. */
export const replicaIs = (state: 'in' | 'out', database: Database): Promise<unknown> =>
  waitFor(() => (database.replicaWarnings().length === 0) === (state === 'in'), {
    description: `a replica that is ${state}`,
  });

/** How many reads the replica has answered, and the primary in its place. */
export async function readsBy(
  metrics: Metrics,
): Promise<{ readonly replica: number; readonly primary: number }> {
  const { values } = await metrics.databaseReads.get();
  const of = (server: string): number => values.find(({ labels }) => labels.server === server)?.value ?? 0;
  return { replica: of('replica'), primary: of('primary') };
}
