import type { Knex } from 'knex';

/** Indexes are made beside everything that goes on, which cannot stand in a transaction. */
export const config = { transaction: false };

const TABLES = ['chunk_embeddings', 'memory_embeddings'] as const;

/** Indexes of more dimensions have been of half precision all along. */
const MOST_DIMENSIONS = 2000;

interface Model {
  readonly id: number;
  readonly dimensions: number;
}

/**
 * Makes the vector indexes of half precision: half as large, and read faster. What they find is still compared as it is stored.
 * A model's new index is complete before its old one goes; what an attempt that was broken off left is made anew.
 */
export const up = (knex: Knex): Promise<void> => rebuild(knex, 'halfvec');

export const down = (knex: Knex): Promise<void> => rebuild(knex, 'vector');

async function rebuild(knex: Knex, kind: 'halfvec' | 'vector'): Promise<void> {
  const { rows: models } = await knex.raw<{ rows: Model[] }>(
    `select id, dimensions from embedding_models where dimensions <= ? and state <> 'dropped' order by id`,
    [MOST_DIMENSIONS],
  );
  for (const { id, dimensions } of models)
    for (const table of TABLES) {
      const name = `${table}_model_${id}_idx`;
      if (await isOf(knex, name, kind)) continue;
      await knex.raw('drop index concurrently if exists ??', [`${name}_new`]);
      await knex.raw(
        // eslint-disable-next-line no-restricted-syntax -- types cannot be bound; all are numbers of the database
        `create index concurrently ?? on ?? using hnsw ((embedding::${kind}(${dimensions})) ${kind}_cosine_ops)
           where model_id = ${id}`,
        [`${name}_new`, table],
      );
      await knex.raw('drop index concurrently if exists ??', [name]);
      await knex.raw('alter index ?? rename to ??', [`${name}_new`, name]);
    }
}

async function isOf(knex: Knex, name: string, kind: string): Promise<boolean> {
  const { rows } = await knex.raw<{ rows: { kind: string }[] }>(
    `select c.opcname as kind from pg_index i join pg_opclass c on c.oid = i.indclass[0]
     where i.indexrelid = to_regclass(?) and i.indisvalid`,
    [name],
  );
  return rows[0]?.kind === `${kind}_cosine_ops`;
}
