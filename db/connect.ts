import knex from 'knex';
import type { Knex } from 'knex';
import pg from 'pg';
import type { DatabaseConfig } from '#shared/config/database-config.ts';
import { currentSpan } from '#shared/logging/correlation.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import type { Span } from '#shared/tracing/span.ts';
import { cancelByProtocol } from './cancel-request.ts';
import { outlastRestarts } from './outlast-restarts.ts';
import { measurePool } from './measure-pool.ts';

/** What a pool is made of. */
export interface PoolOptions {
  readonly config: DatabaseConfig;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** Its name in the metrics; pools that do not last have none, and are not measured. */
  readonly poolName?: string;
}

// Sizes, counts and fences stay below 2^53, so bigint can be a number.
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);

/**
 * Opens a pool; connections are made when they are first needed. Statements are not named, so that a pooler may run each
 * transaction on another connection.
 */
export function connect({ config, applicationName, logger, metrics, poolName }: PoolOptions): Knex {
  const pool = knex({
    client: 'pg',
    connection: {
      connectionString: config.url,
      application_name: applicationName,
      connectionTimeoutMillis: config.connectTimeoutMs,
      ...timeLimits(config),
      keepAlive: true,
      // The two packages describe the same object with different names for its formats.
      types: types as unknown as NonNullable<Knex.PgConnectionConfig['types']>,
    },
    pool: {
      min: 0,
      max: config.poolMax,
      acquireTimeoutMillis: config.connectTimeoutMs,
      idleTimeoutMillis: config.idleConnectionMs,
    },
    // Left alone, it writes plain text to standard output. What it warns of it makes good, or throws as well.
    log: {
      warn: (message: unknown) => logger.debug({ err: message }, 'database driver'),
      error: (message: unknown) => logger.debug({ err: message }, 'database driver'),
    },
    migrations: {
      directory: new URL('./migrations', import.meta.url).pathname,
      loadExtensions: ['.ts'],
      tableName: 'schema_migrations',
      // A release that was taken back finds migrations of the one after it, and has nothing to run.
      disableMigrationsListValidation: true,
    },
  });
  measureQueries(pool, metrics);
  outlastRestarts(pool, config.restartWaitMs);
  if (poolName !== undefined) measurePool(pool, { name: poolName, size: config.poolMax, metrics });
  if (config.pooler === 'transaction') cancelByProtocol(pool, config.url);
  return pool;
}

/** Parameters of a session. A pooler refuses them: it shares its sessions, and sets what holds for all of them. */
const timeLimits = (config: DatabaseConfig) =>
  config.pooler === 'transaction'
    ? {}
    : {
        statement_timeout: config.statementTimeoutMs,
        lock_timeout: config.lockTimeoutMs,
        idle_in_transaction_session_timeout: config.idleInTransactionTimeoutMs,
      };

/**
 * Gives `work` a pool of one connection that is no pooler's and has no limit of time, and closes it afterwards. What is set
 * or locked in its session holds for all that `work` does, and not a moment longer.
 */
export async function withSession<T>(options: PoolOptions, work: (session: Knex) => Promise<T>): Promise<T> {
  const { config } = options;
  const session = connect({
    ...options,
    config: {
      ...config,
      url: config.directUrl,
      pooler: 'none',
      poolMax: 1,
      statementTimeoutMs: 0,
      lockTimeoutMs: 0,
      // One that is closed while nothing is asked of it would lose what the session holds.
      idleConnectionMs: 2 ** 31 - 1,
    },
  });
  try {
    return await work(session);
  } finally {
    await session.destroy();
  }
}

function measureQueries(connection: Knex, metrics: Metrics): void {
  const started = new Map<string, { readonly at: bigint; readonly span: Span | undefined }>();
  const finish = (query: Query, fault?: string): void => {
    const start = started.get(query.__knexQueryUid);
    if (start === undefined) return;
    started.delete(query.__knexQueryUid);
    start.span?.end(fault);
    metrics.databaseQueryDuration.observe(
      { kind: query.method ?? 'raw' },
      Number(process.hrtime.bigint() - start.at) / 1e9,
    );
  };
  connection.on('query', (query: Query) =>
    started.set(query.__knexQueryUid, { at: process.hrtime.bigint(), span: spanOf(query) }),
  );
  connection.on('query-response', (_: unknown, query: Query) => finish(query));
  connection.on('query-error', (error: { code?: string }, query: Query) =>
    finish(query, error.code ?? 'error'),
  );
}

interface Query {
  readonly __knexQueryUid: string;
  readonly method?: string;
  readonly sql?: string;
}

/** The statement as a part of the request or job around it: what kind it is of, not what it says. */
function spanOf({ sql = '' }: Query): Span | undefined {
  const around = currentSpan();
  if (around === undefined) return undefined;
  const operation = /[a-z]+/i.exec(sql)?.[0].toUpperCase() ?? 'QUERY';
  return around.child(operation, 'client', {
    'db.system.name': 'postgresql',
    'db.operation.name': operation,
  });
}
