import type { Knex } from 'knex';

const TABLES = ['chunk_embeddings', 'memory_embeddings'] as const;

/**
 * Keeps vectors in the row as they are. `main` kept them in the row but compressed: those of the builtin embedder, many of whose
 * components are 0, became a third as long, and unpacking one took twenty times as long as comparing it. With `external` and
 * room for a whole page they stay in the row, up to 2,000 dimensions, and longer ones beside it. Rows that are there stay as they
 * are, which only is slower.
 */
export async function up(knex: Knex): Promise<void> {
  for (const table of TABLES)
    await knex.raw(
      'alter table ?? alter column embedding set storage external, set (toast_tuple_target = 8160)',
      [table],
    );
}

export async function down(knex: Knex): Promise<void> {
  for (const table of TABLES)
    await knex.raw('alter table ?? alter column embedding set storage main, reset (toast_tuple_target)', [
      table,
    ]);
}
