import type { Knex } from 'knex';

/** How full the server is. */
export interface ServerLoad {
  /** What the database takes on disk. */
  readonly bytes: number;
  /** Clients of the whole server, whatever their database. */
  readonly connections: number;
  readonly maxConnections: number;
}

/** Asked seldom: the size is read from the file system. */
export async function serverLoad(connection: Knex): Promise<ServerLoad> {
  const { rows } = await connection.raw<{ rows: [ServerLoad] }>(
    `select pg_database_size(current_database()) as bytes,
       (select count(*) from pg_stat_activity where backend_type = 'client backend') as connections,
       current_setting('max_connections')::bigint as "maxConnections"`,
  );
  return rows[0];
}
