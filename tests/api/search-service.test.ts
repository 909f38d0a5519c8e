import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { createSearchService } from '#api/search/search-service.ts';
import type { SearchInput } from '#api/search/search-service.ts';
import { hashedVector } from '#shared/embedding/builtin-embedder.ts';
import type { Embedder } from '#shared/embedding/embedder.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';
import { createSearchableCorpus } from '#tests/support/searchable-corpus.ts';
import type { SearchableCorpus } from '#tests/support/searchable-corpus.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';
import type { TestDatabase } from '#tests/support/test-database.ts';

let database: TestDatabase;
let corpus: SearchableCorpus;
before(async () => {
  database = await createTestDatabase();
  corpus = await createSearchableCorpus(database.url);
});
after(async () => {
  await corpus[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const signal = new AbortController().signal;
const asks = (query: string, more: Partial<SearchInput> = {}): SearchInput => ({
  query,
  limit: 10,
  groupBy: 'chunk',
  mode: 'hybrid',
  ...more,
});

function service(embedQuery: Embedder['embedQuery'] = (text) => Promise.resolve(hashedVector(text, 256))) {
  const { model } = corpus;
  const embedDocuments = () => Promise.reject(new Error('not asked for'));
  const inUse = { model, embedder: { model, embedQuery, embedDocuments } };
  return createSearchService({
    database: database.database,
    findOwnCredential: () => Promise.resolve(undefined),
    models: {
      active: () => Promise.resolve(inUse),
      refreshed: () => Promise.resolve(inUse),
      withEmbedder: () => inUse,
    },
    config: { search: { vectorWeight: 0.3, feedbackWeight: 0, minScore: 0.2 } },
    metrics: createMetrics('test'),
    logger: createLogger({ level: 'silent', service: 'test' }),
  });
}

const logOf = (userId: string) =>
  database.sql<{
    assistant_id: string | null;
    model_id: number | null;
    mode: string;
    hit_count: number;
    passed: boolean;
  }>(
    'select assistant_id, model_id, mode, hit_count, passed from retrievals where user_id = $1 order by id',
    [userId],
  );

test('a search is answered and logged with what it found', async () => {
  const { userId, assistantId } = await corpus.addUser();
  await corpus.addDocument({ userId, assistantId, chunks: ['Donkeys bray.', 'Goats bleat.'] });
  const answer = await service().search(userId, asks('donkeys bray', { assistantId }), signal);
  assert.equal(answer.hits[0]?.text, 'Donkeys bray.');
  assert.equal(answer.embeddingModel, corpus.model.name);
  assert.equal(answer.degraded, false);
  const nothing = await service().search(userId, asks('zzz', { mode: 'text' }), signal);
  assert.deepEqual(nothing.hits, []);
  assert.equal(nothing.embeddingModel, null);
  assert.deepEqual(await logOf(userId), [
    {
      assistant_id: assistantId,
      model_id: corpus.model.id,
      mode: 'hybrid',
      hit_count: answer.hits.length,
      passed: true,
    },
    { assistant_id: null, model_id: null, mode: 'text', hit_count: 0, passed: false },
  ]);
});

test('whether a search passed is judged by the assistant’s own threshold', async () => {
  const { userId, assistantId } = await corpus.addUser();
  await corpus.addDocument({ userId, assistantId, chunks: ['Donkeys bray.'] });
  await corpus.connection('assistants').where('id', assistantId).update({ min_score: 0.99 });
  await service().search(userId, asks('donkeys bray', { assistantId }), signal);
  await service().search(userId, asks('donkeys bray'), signal);
  assert.deepEqual(
    (await logOf(userId)).map((entry) => entry.passed),
    [false, true],
  );
});

test('when the embedder fails, the text is searched and the answer says so', async () => {
  const { userId, assistantId } = await corpus.addUser();
  await corpus.addDocument({ userId, assistantId, chunks: ['Donkeys bray.'] });
  for (const code of ['embedding.unavailable', 'embedding.throttled', 'embedding.rejected'] as const)
    for (const mode of ['hybrid', 'vector'] as const) {
      const failing = service(() => Promise.reject(new AppError(code)));
      const answer = await failing.search(userId, asks('donkeys', { mode }), signal);
      assert.equal(answer.degraded, true);
      assert.equal(answer.embeddingModel, null);
      assert.equal(answer.hits[0]?.vectorScore, null);
      assert.equal(answer.hits[0].score, answer.hits[0].textScore);
    }
  assert.ok((await logOf(userId)).every((entry) => entry.mode === 'text'));
  const gone = new Error('the client has gone');
  await assert.rejects(service(() => Promise.reject(gone)).search(userId, asks('donkeys'), signal), gone);
});

test('assistants and documents of others do not exist', async () => {
  const owner = await corpus.addUser();
  const { id } = await corpus.addDocument({ ...owner, chunks: ['Donkeys bray.'] });
  const other = await corpus.addUser();
  const own = await corpus.addDocument({ ...other, chunks: ['Goats bleat.'] });
  const search = (more: Partial<SearchInput>) =>
    service().search(other.userId, asks('donkeys', more), signal);
  const code = (expected: string) => (error: unknown) => error instanceof AppError && error.code === expected;
  await assert.rejects(search({ assistantId: owner.assistantId }), code('assistant.not_found'));
  await assert.rejects(search({ documentIds: [own.id, id] }), code('document.not_found'));
  await assert.rejects(search({ documentIds: [uuidv7()] }), code('document.not_found'));
  assert.equal((await search({ documentIds: [own.id, own.id] })).hits.length, 1);
});
