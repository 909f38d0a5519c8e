import type { Knex } from 'knex';

/** Counts the rows of every table of the schema, by its name, in one statement and so in one snapshot. */
export async function countRows(connection: Knex): Promise<Record<string, number>> {
  const { rows } = await connection.raw<{ rows: { name: string; count: number }[] }>(
    // The one way to count tables whose names are not known beforehand by a statement that is written out.
    `select c.relname as name,
       (xpath('/row/count/text()', query_to_xml(
         format('select count(*) as count from %I.%I', n.nspname, c.relname), false, true, '')))[1]::text::bigint as count
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind = 'r' order by c.relname`,
  );
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}
