import assert from 'node:assert/strict';
import { test } from 'node:test';
import knex from 'knex';
import { down, up } from '#db/migrations/0030-halfvec-indexes.ts';
import { createSearchableCorpus } from '#tests/support/searchable-corpus.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';

test('indexes of full precision become ones of half, under the same names, and are whole after a broken attempt', async () => {
  await using it = await createTestDatabase();
  await using corpus = await createSearchableCorpus(it.url);
  await corpus.addDocument({ ...(await corpus.addUser()), chunks: ['Donkeys bray.', 'Goats climb.'] });
  const name = `chunk_embeddings_model_${corpus.model.id}_idx`;
  const kinds = async (): Promise<string[]> =>
    (
      await it.sql<{ kind: string }>(
        `select c.opcname as kind from pg_index i join pg_opclass c on c.oid = i.indclass[0]
         where i.indexrelid::regclass::text like '%embeddings_model\\_${corpus.model.id}\\_idx%' and i.indisvalid`,
      )
    ).map(({ kind }) => kind);
  const connection = knex({ client: 'pg', connection: it.url, pool: { min: 0, max: 1 } });
  try {
    assert.deepEqual(await kinds(), ['halfvec_cosine_ops', 'halfvec_cosine_ops']);
    await down(connection);
    assert.deepEqual(await kinds(), ['vector_cosine_ops', 'vector_cosine_ops']);
    // As an attempt leaves it that was broken off before it gave the new index its name.
    await it.sql(`alter index ${name} rename to ${name}_new`);
    await up(connection);
    assert.deepEqual(await kinds(), ['halfvec_cosine_ops', 'halfvec_cosine_ops']);
    await up(connection);
    const [row] = await it.sql(`select to_regclass($1) is not null as there`, [name]);
    assert.deepEqual(row, { there: true });
  } finally {
    await connection.destroy();
  }
});
