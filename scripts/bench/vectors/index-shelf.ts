import type pg from 'pg';

/** Indexes that were taken off while rows are filled in. */
export interface IndexShelf {
  /** Makes the indexes again whose definition passes, one after the other; returns how long that took, in seconds. */
  putBack(passes: (definition: string) => boolean): Promise<number>;
}

/** Takes off all indexes of these tables that no constraint needs: to make them once is faster than to keep them up. */
export async function shelveIndexes(client: pg.Client, tables: readonly string[]): Promise<IndexShelf> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
     from pg_index i
     where i.indrelid = any($1::regclass[]) and not i.indisunique
     order by i.indexrelid`,
    [tables],
  );
  // eslint-disable-next-line no-restricted-syntax -- names of indexes cannot be bound; PostgreSQL itself has quoted them
  for (const { name } of rows) await client.query(`drop index ${name}`);
  return {
    putBack: async (passes) => {
      const started = performance.now();
      for (const { definition } of rows.filter((row) => passes(row.definition)))
        // eslint-disable-next-line no-restricted-syntax -- as PostgreSQL has written it
        await client.query(definition);
      return (performance.now() - started) / 1000;
    },
  };
}
