import type { Knex } from 'knex';

/** A kind of statement by what it has cost since the server last began to count. */
export interface SlowStatement {
  /** With places in place of values: nothing that anybody stored stands in it. */
  readonly query: string;
  readonly calls: number;
  readonly meanMs: number;
  readonly maxMs: number;
  /** Of the time of all statements of this database, 0..1. */
  readonly share: number;
}

export interface StatementReport {
  readonly since: Date | null;
  readonly statements: readonly SlowStatement[];
}

/** One that runs less often is no habit. */
const OFTEN = 10;

/**
 * The statements that took the longest in all.
 *
 * @returns undefined where pg_stat_statements is not loaded, not installed in this database, or not to be read by this role
 */
export async function slowStatements(connection: Knex, limit: number): Promise<StatementReport | undefined> {
  const { rows: known } = await connection.raw<{ rows: unknown[] }>(
    `select from pg_extension where extname = 'pg_stat_statements'
     and current_setting('shared_preload_libraries') ~ 'pg_stat_statements'`,
  );
  if (known.length === 0) return undefined;
  const { rows } = await connection.raw<{ rows: SlowStatement[] }>(
    `select query, calls, mean_exec_time as "meanMs", max_exec_time as "maxMs",
       total_exec_time / nullif(sum(total_exec_time) over (), 0) as share
     from pg_stat_statements
     where dbid = (select oid from pg_database where datname = current_database()) and calls >= ?
       and query <> '<insufficient privilege>'
     order by total_exec_time desc limit ?`,
    [OFTEN, limit],
  );
  const { rows: info } = await connection.raw<{ rows: { since: Date }[] }>(
    'select stats_reset as since from pg_stat_statements_info',
  );
  return { since: info[0]?.since ?? null, statements: rows };
}
