import { readdirSync } from 'node:fs';
import type { Knex } from 'knex';
import { connect } from '../connect.ts';
import type { PoolOptions } from '../connect.ts';
import { countRows } from './count-rows.ts';

/** What there is where a backup is to go. */
export interface TargetState {
  readonly exists: boolean;
  /** Whether it has tables. */
  readonly isFilled: boolean;
  readonly extensions: readonly string[];
  /** Who is connected to it, by application. */
  readonly connected: readonly string[];
  /** Whether this role may make a database beside it. */
  readonly mayCreate: boolean;
  /** Major version. */
  readonly serverMajor: number;
}

/** The server on which a backup is restored, by way of a role that may make databases. */
export interface RestoreTarget extends AsyncDisposable {
  inspect(database: string): Promise<TargetState>;
  /** Makes an empty database with these extensions, which belongs to `owner`. */
  create(database: string, owner: string, extensions: readonly string[]): Promise<void>;
  drop(database: string): Promise<void>;
  /**
   * Gives `fresh` the name `database`, and the one that has it, if any, the name `before`: both or neither.
   *
   * @throws the driver's error when somebody is connected to either
   */
  swap(names: { readonly fresh: string; readonly database: string; readonly before: string }): Promise<void>;
}

/** @param options its URL names the maintenance database, usually `postgres` */
export function openRestoreTarget(options: PoolOptions): RestoreTarget {
  const admin = connect(options);
  return {
    inspect: (database) => inspect(admin, options, database),
    create: async (database, owner, extensions) => {
      await admin.raw(`create database ?? owner ?? template template0 encoding 'UTF8'`, [database, owner]);
      await inDatabase(options, database, async (connection) => {
        for (const extension of extensions)
          await connection.raw('create extension if not exists ??', [extension]);
      });
    },
    drop: async (database) => {
      await admin.raw('drop database if exists ?? with (force)', [database]);
    },
    swap: ({ fresh, database, before }) =>
      admin.transaction(async (trx) => {
        const { rows } = await trx.raw<{ rows: unknown[] }>('select from pg_database where datname = ?', [
          database,
        ]);
        if (rows.length > 0) await trx.raw('alter database ?? rename to ??', [database, before]);
        await trx.raw('alter database ?? rename to ??', [fresh, database]);
      }),
    [Symbol.asyncDispose]: () => admin.destroy(),
  };
}

async function inspect(admin: Knex, options: PoolOptions, database: string): Promise<TargetState> {
  const { rows } = await admin.raw<{ rows: Omit<TargetState, 'isFilled' | 'extensions'>[] }>(
    `select exists (select from pg_database where datname = ?) as exists,
       (select rolcreatedb or rolsuper from pg_roles where rolname = current_user) as "mayCreate",
       current_setting('server_version_num')::int / 10000 as "serverMajor",
       coalesce((select array_agg(distinct coalesce(nullif(application_name, ''), 'a program without a name'))
         from pg_stat_activity where datname = ? and pid <> pg_backend_pid() and backend_type = 'client backend'),
         '{}') as connected`,
    [database, database],
  );
  const [state] = rows;
  if (state === undefined) throw new Error('the server gave no answer');
  if (!state.exists) return { ...state, isFilled: false, extensions: [] };
  const inside = await inDatabase(options, database, async (connection) => {
    const { rows: found } = await connection.raw<{ rows: { extname: string }[] }>(
      'select extname from pg_extension',
    );
    const tables = Object.keys(await countRows(connection)).length;
    return { isFilled: tables > 0, extensions: found.map(({ extname }) => extname) };
  });
  return { ...state, ...inside };
}

async function inDatabase<T>(
  options: PoolOptions,
  database: string,
  work: (connection: Knex) => Promise<T>,
): Promise<T> {
  const url = urlOfDatabase(options.config.url, database);
  const connection = connect({ ...options, config: { ...options.config, url, poolMax: 1 } });
  try {
    return await work(connection);
  } finally {
    await connection.destroy();
  }
}

/** The same server and role, another database. */
export function urlOfDatabase(url: string, database: string): string {
  const result = new URL(url);
  result.pathname = `/${encodeURIComponent(database)}`;
  return result.href;
}

/** Names of the migrations that this release has. */
export const migrationsOfRelease = (): string[] =>
  readdirSync(new URL('../migrations', import.meta.url))
    .filter((name) => name.endsWith('.ts'))
    .sort();
