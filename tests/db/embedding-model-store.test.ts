import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ensureEmbeddingModel } from '#db/ensure-embedding-model.ts';
import { indexedVector } from '#db/vectors.ts';
import { createSearchableCorpus } from '#tests/support/searchable-corpus.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';

const builtin = { provider: 'builtin', name: 'hashed-words-1', dimensions: 768 };

test('processes that start at once agree on one model, with one index', async () => {
  await using it = await createTestDatabase();
  const models = await Promise.all(
    Array.from({ length: 8 }, () => ensureEmbeddingModel(it.database, builtin)),
  );
  assert.equal(new Set(models.map((model) => model.id)).size, 1);
  assert.deepEqual(await it.database.read.embeddingModels.active(), models[0]);
  for (const table of ['chunk_embeddings', 'memory_embeddings']) {
    const indexes = await it.sql<{ indexdef: string }>(
      `select indexdef from pg_indexes where tablename = $1 and indexdef like '%hnsw%'`,
      [table],
    );
    assert.equal(indexes.length, 1);
    assert.match(
      indexes[0]!.indexdef,
      /embedding\)::halfvec\(768\)\) halfvec_cosine_ops\) WHERE \(model_id = \d+\)/,
    );
  }
});

const large = { provider: 'openai', name: 'large', dimensions: 3072 };

test('models live side by side, each with an index of its kind; one is active', async () => {
  await using it = await createTestDatabase();
  const register = (model: typeof large) =>
    it.database.transaction((tx) => tx.embeddingModels.register(model));
  const first = await register(builtin);
  const second = await register(large);
  assert.deepEqual(await register(large), second);
  assert.notEqual(second.id, first.id);
  assert.equal(await it.database.read.embeddingModels.active(), undefined);
  for (const model of [first, second]) {
    await it.database.transaction((tx) => tx.embeddingModels.activate(model.id));
    assert.deepEqual(await it.database.read.embeddingModels.active(), model);
  }
  assert.deepEqual(await it.database.read.embeddingModels.find(large), second);
  const [index] = await it.sql<{ indexdef: string }>(`select indexdef from pg_indexes where indexname = $1`, [
    `chunk_embeddings_model_${second.id}_idx`,
  ]);
  assert.match(index!.indexdef, /halfvec\(3072\)\) halfvec_cosine_ops/);
});

test('another configured model is used while no vectors are stored; afterwards it changes nothing', async () => {
  await using it = await createTestDatabase();
  await ensureEmbeddingModel(it.database, builtin);
  const small = { provider: 'openai', name: 'small', dimensions: 256 };
  const changed = await ensureEmbeddingModel(it.database, small);
  assert.deepEqual(await it.database.read.embeddingModels.active(), changed);
  await using corpus = await createSearchableCorpus(it.url);
  await it.database.transaction((tx) => tx.embeddingModels.activate(corpus.model.id));
  await corpus.addDocument({ ...(await corpus.addUser()), chunks: ['Donkeys bray.'] });
  assert.deepEqual(await ensureEmbeddingModel(it.database, builtin), corpus.model);
  assert.deepEqual(await it.database.read.embeddingModels.active(), corpus.model);
});

test('only whole numbers in range become part of a statement', () => {
  const bad = [
    { id: 1.5, dimensions: 3 },
    { id: 0, dimensions: 3 },
    { id: Number.NaN, dimensions: 3 },
    { id: 1, dimensions: 4001 },
    { id: '1; drop table users' as unknown as number, dimensions: 3 },
  ];
  for (const model of bad) assert.throws(() => indexedVector(model, 'embedding'), RangeError);
});
