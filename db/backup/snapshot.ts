import type { PoolOptions } from '../connect.ts';
import { withSession } from '../connect.ts';
import type { Knex } from 'knex';
import { countRows } from './count-rows.ts';

/** A key that encrypted secrets in the database need, by its id; never the key. */
export interface NeededKey {
  readonly id: string;
  /** Credentials and secrets of webhooks that it opens. */
  readonly secrets: number;
}

/** What a database holds at one moment. */
export interface DatabaseFacts {
  readonly takenAt: Date;
  readonly name: string;
  /** Such as `15.18`. */
  readonly serverVersion: string;
  /** Version of each extension by its name, those that PostgreSQL always has left out. */
  readonly extensions: Readonly<Record<string, string>>;
  readonly bytes: number;
  /** Names of the migrations that have run, in their order. */
  readonly migrations: readonly string[];
  /** Rows of every table, counted one by one. */
  readonly rows: Readonly<Record<string, number>>;
  readonly keys: readonly NeededKey[];
}

export interface Snapshot {
  /** What pg_dump takes as `--snapshot`, as long as the work that was given it goes on. */
  readonly id: string;
  readonly facts: DatabaseFacts;
}

/**
 * Holds one state of the database while `work` goes on: what it counts and what another session reads under the snapshot's
 * id is the same to the row, however much is written meanwhile. Nobody waits for it, and nothing is changed.
 *
 * @throws the driver's error, among them that there is no schema of ours
 */
export const withSnapshot = <T>(options: PoolOptions, work: (snapshot: Snapshot) => Promise<T>): Promise<T> =>
  withSession(options, (session) =>
    session.transaction(
      async (trx) => {
        // Nothing is asked of this session while the dump is written.
        await trx.raw(`set local idle_in_transaction_session_timeout = 0`);
        const { rows } = await trx.raw<{ rows: { id: string }[] }>('select pg_export_snapshot() as id');
        return work({ id: rows[0]?.id ?? '', facts: await readFacts(trx) });
      },
      { isolationLevel: 'repeatable read', readOnly: true },
    ),
  );

async function readFacts(trx: Knex.Transaction): Promise<DatabaseFacts> {
  const { rows } = await trx.raw<{ rows: Omit<DatabaseFacts, 'migrations' | 'rows' | 'keys'>[] }>(
    `select now() as "takenAt", current_database() as name, split_part(current_setting('server_version'), ' ', 1) as "serverVersion",
       (select json_object_agg(extname, extversion order by extname) from pg_extension where extname <> 'plpgsql')
         as extensions,
       pg_database_size(current_database()) as bytes`,
  );
  const [facts] = rows;
  if (facts === undefined) throw new Error('the server gave no answer');
  const { rows: migrations } = await trx.raw<{ rows: { name: string }[] }>(
    'select name from schema_migrations order by id',
  );
  const { rows: keys } = await trx.raw<{ rows: NeededKey[] }>(
    `select key_id as id, count(*) as secrets from
       (select key_id from integration_credentials union all select key_id from webhook_secrets) used
     group by key_id order by key_id`,
  );
  return { ...facts, migrations: migrations.map(({ name }) => name), rows: await countRows(trx), keys };
}
