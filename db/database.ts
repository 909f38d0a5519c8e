import { AsyncLocalStorage } from 'node:async_hooks';
import type { Knex } from 'knex';
import { ConfigError } from '#shared/config/config.ts';
import type { EmbeddingModel } from '#shared/domain/types.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { JobLedger } from '#shared/queue/job-ledger.ts';
import type { Stamps } from '#shared/cache/cache-subject.ts';
import { createCacheStamps } from './cache-stamps.ts';
import { connect, withSession } from './connect.ts';
import type { PoolOptions } from './connect.ts';
import { createJobLedger } from './job-ledger.ts';
import { measureLater } from './measure-later.ts';
import { migrate, rollback } from './migrate.ts';
import { operationsReader } from './queries/operations/operations-reader.ts';
import type { OperationsReader } from './queries/operations/operations-reader.ts';
import { serverLoad } from './queries/server-load.ts';
import type { ServerLoad } from './queries/server-load.ts';
import { tableSizes } from './queries/table-sizes.ts';
import type { TableSize } from './queries/table-sizes.ts';
import { readFromReplicas } from './replica-reads.ts';
import { openReplicas } from './replicas.ts';
import { createStatementLimits } from './statement-limits.ts';
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
  /**
   * Sees all that was committed before it was asked, by whomever. Where there are replicas, one that has it answers
   * what is worth the way (`db/replica-reads.ts`).
   */
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
  /** For readiness. @throws Error when migrations are pending */
  assertMigrated(): Promise<void>;
  /** @throws ConfigError when PostgreSQL has no text search configuration of this name */
  assertTextSearchLanguage(name: string): Promise<void>;
  /** Makes the vector indexes of a model, or drops them, while everything else goes on. */
  createVectorIndexes(model: EmbeddingModel): Promise<void>;
  dropVectorIndexes(model: EmbeddingModel): Promise<void>;
  /** Brings the schema up to date beside running processes, one runner at a time. Returns what it has run. */
  migrate(): Promise<string[]>;
  /** Undoes what was run together last. */
  rollback(): Promise<string[]>;
  /** Numbers of the whole installation, for its operator. */
  readonly operations: OperationsReader;
  /** What the tables take on disk, the largest first. */
  tableSizes(): Promise<TableSize[]>;
  /** How full the server is. */
  serverLoad(): Promise<ServerLoad>;
  /** Replicas that are not read from now. */
  replicaWarnings(): string[];
}

export type DatabaseOptions = PoolOptions;

/** Opens the pools; connections are made when they are first needed. */
export function createDatabase(options: DatabaseOptions): Database {
  const connection = connect({ ...options, poolName: 'primary' });
  const limits = createStatementLimits();
  limits.hold(connection);
  const replicas = openReplicas(options, limits);
  const committed = readFromReplicas(createReaders(connection), replicas, { ...options, limits });
  const stamps = createCacheStamps(connection);
  const units = new AsyncLocalStorage<Unit>();
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
  const pendingMigrations = async (): Promise<string[]> => {
    const [, pending] = (await connection.migrate.list()) as [unknown, { file: string }[]];
    return pending.map((migration) => migration.file);
  };
  return {
    read: readersOf(committed.readers, units),
    stamps: {
      of: (subject) => stamps.of(subject),
      beside: (load) => committed.onPrimary(load),
      inForce: () => units.getStore() === undefined,
    },
    ledger: createJobLedger(connection),
    transaction: (work) => {
      const unit = units.getStore();
      return unit === undefined
        ? begin((own) => work(asTransaction(own)))
        : partOf(unit, (part) => work(asTransaction(part)));
    },
    unitOfWork: (work) => unitOfWork(work),
    isolate: (work) => (units.getStore() === undefined ? work() : unitOfWork(() => work())),
    within: (milliseconds, work) => limits.within(milliseconds, work),
    ping: async () => {
      await connection.raw('select 1');
    },
    pendingMigrations,
    assertMigrated: async () => {
      if ((await pendingMigrations()).length > 0) throw new Error('migrations are pending');
    },
    assertTextSearchLanguage: async (name) => {
      const { rows } = await connection.raw<{ rows: { known: boolean }[] }>(
        'select exists (select from pg_ts_config where cfgname = ? and pg_ts_config_is_visible(oid)) as known',
        [name],
      );
      if (rows[0]?.known !== true)
        throw new ConfigError([`TEXT_SEARCH_LANGUAGE: PostgreSQL has no text search configuration ${name}`]);
    },
    createVectorIndexes: (model) => withSession(options, (session) => createVectorIndexes(session, model)),
    dropVectorIndexes: (model) => withSession(options, (session) => dropVectorIndexes(session, model)),
    migrate: () => migrate(options),
    rollback: () => rollback(options),
    operations: operationsReader(connection),
    tableSizes: () => tableSizes(connection),
    serverLoad: () => serverLoad(connection),
    replicaWarnings: () => replicas?.warnings() ?? [],
    [Symbol.asyncDispose]: async () => {
      await replicas?.[Symbol.asyncDispose]();
      await connection.destroy();
    },
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

async function runAfterCommit(task: () => unknown, logger: Logger): Promise<void> {
  try {
    await task();
  } catch (error) {
    // The commit stands; whatever was to follow it is made good by the relay or by expiry.
    logger.warn({ err: error }, 'a task after commit failed');
  }
}
