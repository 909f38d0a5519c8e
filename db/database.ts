import { AsyncLocalStorage } from 'node:async_hooks';
import knex from 'knex';
import type { Knex } from 'knex';
import pg from 'pg';
import { ConfigError } from '#shared/config/config.ts';
import type { Config } from '#shared/config/config.ts';
import type { EmbeddingModel } from '#shared/domain/types.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import type { JobLedger } from '#shared/queue/job-ledger.ts';
import type { Stamps } from '#shared/cache/cache-subject.ts';
import { createCacheStamps } from './cache-stamps.ts';
import { createJobLedger } from './job-ledger.ts';
import { measureLater } from './measure-later.ts';
import { createReaders, createWriters } from './stores.ts';
import type { Readers, Writers } from './stores.ts';
import { createVectorIndexes, dropVectorIndexes } from './vector-index.ts';

/** What exists only inside a transaction: the writers, and readers that see what was written. */
export interface Transaction extends Writers {
  readonly read: Readers;
  /** Runs `task` once the transaction has been committed; a failing task is logged, not thrown. */
  afterCommit(task: () => unknown): void;
}

export interface Database extends AsyncDisposable {
  readonly read: Readers;
  /** What tells whether cached values are still good. */
  readonly stamps: Stamps;
  /** The jobs table as the queue sees it. */
  readonly ledger: JobLedger;
  /**
   * Runs `work` in one transaction: committed when it resolves, rolled back when it rejects.
   *
   * @throws whatever `work` throws, and driver errors (see `asUnavailable`).
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /**
   * Makes everything that `work` does one transaction: the transactions it opens become parts of this one, and what it
   * reads through `read` sees what it has written. For the few places that must commit several use cases together.
   *
   * Inside another unit it is a part of that one, which is undone by itself when it fails.
   *
   * @throws as `transaction` does; then nothing that was done inside has happened
   */
  unitOfWork<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /**
   * Lets `work` have the database for so long: a statement that runs when the time is over is cancelled in PostgreSQL, and
   * its connection is free again.
   *
   * @throws as `work` does; statements that were stopped fail as those of a database that is away
   */
  within<T>(milliseconds: number, work: () => Promise<T>): Promise<T>;
  /** Inside a unit of work makes `work` a part that is undone by itself when it fails; elsewhere only runs it. */
  isolate<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  /** Names of migrations that are in the code but not in the database. */
  pendingMigrations(): Promise<string[]>;
  /** @throws ConfigError when PostgreSQL has no text search configuration of this name */
  assertTextSearchLanguage(name: string): Promise<void>;
  /** Makes the vector indexes of a model, or drops them, while everything else goes on. */
  createVectorIndexes(model: EmbeddingModel): Promise<void>;
  dropVectorIndexes(model: EmbeddingModel): Promise<void>;
  migrate(): Promise<string[]>;
  rollback(): Promise<string[]>;
}

export interface DatabaseOptions {
  readonly config: Config['database'];
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
}

/** Opens the pool; connections are made when they are first needed. */
export function createDatabase(options: DatabaseOptions): Database {
  const connection = connect(options);
  measureQueries(connection, options.metrics);
  const units = new AsyncLocalStorage<Unit>();
  const within = limitStatements(connection);
  const committed = createCacheStamps(connection);
  const begin = async <T>(work: (unit: Unit) => Promise<T>): Promise<T> => {
    const tasks: (() => unknown)[] = [];
    const result = await connection.transaction(async (trx) => {
      const unit = { trx, read: createReaders(trx), tasks, touched: new Set<string>() };
      const done = await work(unit);
      // The last statement of all: whoever measures waits for what was changed.
      await measureLater(trx, unit.touched);
      return done;
    });
    for (const task of tasks) await runAfterCommit(task, options.logger);
    return result;
  };
  const unitOfWork = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => {
    const run = (unit: Unit): Promise<T> => units.run(unit, () => work(asTransaction(unit)));
    const around = units.getStore();
    return around === undefined ? begin(run) : partOf(around, run);
  };
  return {
    read: readersOf(createReaders(connection), units),
    stamps: { of: (subject) => committed.of(subject), inForce: () => units.getStore() === undefined },
    ledger: createJobLedger(connection),
    transaction: (work) => {
      const unit = units.getStore();
      return unit === undefined
        ? begin((own) => work(asTransaction(own)))
        : partOf(unit, (part) => work(asTransaction(part)));
    },
    unitOfWork: (work) => unitOfWork(work),
    isolate: (work) => (units.getStore() === undefined ? work() : unitOfWork(() => work())),
    within,
    ping: async () => {
      await connection.raw('select 1');
    },
    pendingMigrations: async () => {
      const [, pending] = (await connection.migrate.list()) as [unknown, { file: string }[]];
      return pending.map((migration) => migration.file);
    },
    assertTextSearchLanguage: async (name) => {
      const { rows } = await connection.raw<{ rows: { known: boolean }[] }>(
        'select exists (select from pg_ts_config where cfgname = ? and pg_ts_config_is_visible(oid)) as known',
        [name],
      );
      if (rows[0]?.known !== true)
        throw new ConfigError([`TEXT_SEARCH_LANGUAGE: PostgreSQL has no text search configuration ${name}`]);
    },
    createVectorIndexes: (model) => createVectorIndexes(connection, model),
    dropVectorIndexes: (model) => dropVectorIndexes(connection, model),
    migrate: async () => ((await connection.migrate.latest()) as [number, string[]])[1],
    rollback: async () => ((await connection.migrate.rollback()) as [number, string[]])[1],
    [Symbol.asyncDispose]: () => connection.destroy(),
  };
}

/** A transaction that others may become part of. */
interface Unit {
  readonly trx: Knex.Transaction;
  readonly read: Readers;
  readonly tasks: (() => unknown)[];
  /** Assistants whose metrics are to be measured anew. */
  readonly touched: Set<string>;
}

const asTransaction = ({ trx, read, tasks, touched }: Unit): Transaction => ({
  ...createWriters(trx, touched),
  read,
  afterCommit: (task) => void tasks.push(task),
});

/** A part that fails is undone by itself, so that whoever opened it may go on as after a transaction of its own. */
function partOf<T>(unit: Unit, work: (part: Unit) => Promise<T>): Promise<T> {
  return unit.trx.transaction(async (trx) => {
    const part = { trx, read: createReaders(trx), tasks: [], touched: new Set<string>() } satisfies Unit;
    const result = await work(part);
    unit.tasks.push(...part.tasks);
    for (const assistantId of part.touched) unit.touched.add(assistantId);
    return result;
  });
}

/** Readers that see what the unit of work around them has written, and outside of one what is committed. */
function readersOf(committed: Readers, units: AsyncLocalStorage<Unit>): Readers {
  return new Proxy(committed, {
    get: (readers, name) => Reflect.get(units.getStore()?.read ?? readers, name) as unknown,
  });
}

/** Gives every statement that is started before a deadline what is left of the time. */
function limitStatements(connection: Knex): Database['within'] {
  const deadlines = new AsyncLocalStorage<number>();
  connection.on('start', (statement: Partial<Pick<Knex.QueryBuilder, 'timeout'>>) => {
    const deadline = deadlines.getStore();
    if (deadline === undefined) return;
    const left = Math.max(1, Math.ceil(deadline - performance.now()));
    statement.timeout?.(left, { cancel: true });
  });
  return (milliseconds, work) => deadlines.run(performance.now() + milliseconds, work);
}

async function runAfterCommit(task: () => unknown, logger: Logger): Promise<void> {
  try {
    await task();
  } catch (error) {
    // The commit stands; whatever was to follow it is made good by the relay or by expiry.
    logger.warn({ err: error }, 'a task after commit failed');
  }
}

// Sizes, counts and fences stay below 2^53, so bigint can be a number.
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);

function connect({ config, applicationName, logger }: DatabaseOptions): Knex {
  return knex({
    client: 'pg',
    connection: {
      connectionString: config.url,
      application_name: applicationName,
      statement_timeout: config.statementTimeoutMs,
      connectionTimeoutMillis: config.connectTimeoutMs,
      idle_in_transaction_session_timeout: 60_000,
      keepAlive: true,
      // The two packages describe the same object with different names for its formats.
      types: types as unknown as NonNullable<Knex.PgConnectionConfig['types']>,
    },
    pool: {
      min: 0,
      max: config.poolMax,
      acquireTimeoutMillis: config.connectTimeoutMs,
      idleTimeoutMillis: 30_000,
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
    },
  });
}

function measureQueries(connection: Knex, metrics: Metrics): void {
  const started = new Map<string, bigint>();
  const finish = (query: { __knexQueryUid: string; method?: string }): void => {
    const start = started.get(query.__knexQueryUid);
    if (start === undefined) return;
    started.delete(query.__knexQueryUid);
    metrics.databaseQueryDuration.observe(
      { kind: query.method ?? 'raw' },
      Number(process.hrtime.bigint() - start) / 1e9,
    );
  };
  connection.on('query', (query: { __knexQueryUid: string }) =>
    started.set(query.__knexQueryUid, process.hrtime.bigint()),
  );
  connection.on('query-response', (_: unknown, query: { __knexQueryUid: string; method?: string }) =>
    finish(query),
  );
  connection.on('query-error', (_: unknown, query: { __knexQueryUid: string; method?: string }) =>
    finish(query),
  );
}
