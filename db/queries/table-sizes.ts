import type { Knex } from 'knex';

/** What a table takes on disk, in bytes. */
export interface TableSize {
  readonly table: string;
  /** As the planner last knew it. */
  readonly rows: number;
  /** Rows and what is stored beside them because it is long. */
  readonly data: number;
  readonly indexes: number;
  /** Of these, what a search reads: HNSW of vectors, and GIN of words. */
  readonly vectorIndexes: number;
  readonly wordIndexes: number;
}

/** Every table of the product, the largest first. */
export async function tableSizes(connection: Knex): Promise<TableSize[]> {
  const { rows } = await connection.raw<{ rows: TableSize[] }>(
    `select c.relname as table, greatest(c.reltuples, 0)::bigint as rows, pg_table_size(c.oid) as data,
       pg_indexes_size(c.oid) as indexes, coalesce(i.vectors, 0)::bigint as "vectorIndexes",
       coalesce(i.words, 0)::bigint as "wordIndexes"
     from pg_class c
     left join lateral (
       select sum(pg_relation_size(x.indexrelid)) filter (where a.amname = 'hnsw') as vectors,
         sum(pg_relation_size(x.indexrelid)) filter (where a.amname = 'gin') as words
       from pg_index x join pg_class ic on ic.oid = x.indexrelid join pg_am a on a.oid = ic.relam
       where x.indrelid = c.oid) i on true
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
     order by pg_total_relation_size(c.oid) desc, c.relname`,
  );
  return rows;
}
