import type { TestDatabase } from '../test-database.ts';

/** What the statements of one database have taken since they were last forgotten. */
export interface StatementTimes {
  readonly calls: number;
  /** Mean time of a statement, in ms. */
  readonly meanMs: number;
  /** The statement with the longest mean time of those that ran `OFTEN` times at least. */
  readonly slowest: { readonly query: string; readonly calls: number; readonly meanMs: number } | undefined;
  /** Big tables that were read from end to end, with how often. */
  readonly scans: ReadonlyMap<string, number>;
}

export interface StatementWatch {
  read(): Promise<StatementTimes>;
}

/** A statement that ran less often is an exception. */
const OFTEN = 20;
/** A scan of fewer rows is as good as an index. */
const BIG = 10_000;

type Sql = Pick<TestDatabase, 'sql'>;

/**
 * Begins to watch the statements of a database, by pg_stat_statements and the counters of its tables.
 *
 * @returns undefined where the server has not loaded that library
 */
export async function watchStatements({ sql }: Sql): Promise<StatementWatch | undefined> {
  const [loaded] = await sql<{ is: boolean }>(
    `select current_setting('shared_preload_libraries') ~ 'pg_stat_statements' as is`,
  );
  if (loaded?.is !== true) return undefined;
  await sql('create extension if not exists pg_stat_statements');
  await sql('analyze');
  const before = await scansOf({ sql });
  await sql(
    `select pg_stat_statements_reset(0, (select oid from pg_database where datname = current_database()), 0)`,
  );
  return { read: () => readTimes({ sql }, before) };
}

async function readTimes({ sql }: Sql, before: ReadonlyMap<string, number>): Promise<StatementTimes> {
  const rows = await sql<{ query: string; calls: number; total: number }>(
    `select query, calls::int as calls, total_exec_time as total from pg_stat_statements
     where dbid = (select oid from pg_database where datname = current_database()) and query !~ 'pg_stat_'`,
  );
  const calls = rows.reduce((sum, row) => sum + row.calls, 0);
  const total = rows.reduce((sum, row) => sum + row.total, 0);
  const [slowest] = rows
    .filter((row) => row.calls >= OFTEN)
    .map((row) => ({ query: row.query, calls: row.calls, meanMs: row.total / row.calls }))
    .sort((a, b) => b.meanMs - a.meanMs);
  const after = await scansOf({ sql });
  const scans = [...after].map(([table, count]) => [table, count - (before.get(table) ?? 0)] as const);
  return { calls, meanMs: total / calls, slowest, scans: new Map(scans.filter(([, count]) => count > 0)) };
}

async function scansOf({ sql }: Sql): Promise<Map<string, number>> {
  const rows = await sql<{ name: string; scans: number }>(
    `select s.relname as name, s.seq_scan::int as scans
     from pg_stat_user_tables s join pg_class c on c.oid = s.relid where c.reltuples >= $1`,
    [BIG],
  );
  return new Map(rows.map(({ name, scans }) => [name, scans]));
}
