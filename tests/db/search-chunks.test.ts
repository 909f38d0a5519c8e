import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { publishRevision } from '#db/publish-revision.ts';
import { chunkSearchReader } from '#db/queries/search-chunks.ts';
import type { ChunkHit, ChunkSearch, SearchMode } from '#db/queries/search-chunks.ts';
import { hashedVector } from '#shared/embedding/builtin-embedder.ts';
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

const MODES: readonly SearchMode[] = ['hybrid', 'vector', 'text'];

function find(userId: string, query: string, more: Partial<ChunkSearch> = {}): Promise<ChunkHit[]> {
  const mode = more.mode ?? 'hybrid';
  return chunkSearchReader(corpus.connection).chunks({
    userId,
    mode,
    query,
    vector: mode === 'text' ? undefined : { model: corpus.model, values: hashedVector(query, 256) },
    vectorWeight: 0.3,
    feedbackWeight: 0,
    limit: 10,
    groupBy: 'chunk',
    ...more,
  });
}
const texts = (hits: readonly ChunkHit[]): string[] => hits.map((hit) => hit.text);

const FARM = [
  'Donkeys dislike rain and need a dry shelter in winter.',
  'Horses eat hay, oats and grass on the meadow.',
  'The tractor was repaired in the workshop of the village.',
  'Goats climb on rocks; donkeys guard the herd of goats against dogs.',
];

test('the right passage comes first in every mode, with its place and its scores', async () => {
  const { userId, assistantId } = await corpus.addUser();
  const { id, chunkIds } = await corpus.addDocument({ userId, assistantId, title: 'Farm', chunks: FARM });
  for (const mode of MODES) {
    const [hit] = await find(userId, 'Which shelter do donkeys need when it is raining?', { mode });
    assert.equal(hit?.chunkId, chunkIds[0], mode);
    assert.equal(hit?.documentId, id);
    assert.equal(hit.documentTitle, 'Farm');
    assert.equal(hit.text, FARM[0]);
    assert.deepEqual([hit.pageFrom, hit.charStart, hit.charEnd], [null, 0, FARM[0]!.length]);
    assert.ok(hit.textScore > 0.2 && hit.textScore <= 1);
    if (mode === 'text') assert.equal(hit.vectorScore, null);
    else assert.ok(hit.vectorScore! > 0.2 && hit.vectorScore! <= 1);
    const expected = {
      hybrid: 0.3 * hit.vectorScore! + 0.7 * hit.textScore,
      vector: hit.vectorScore!,
      text: hit.textScore,
    };
    assert.ok(Math.abs(hit.score - expected[mode]) < 1e-9);
  }
});

test('hits are ordered by score, and cut by limit and least score', async () => {
  const { userId, assistantId } = await corpus.addUser();
  await corpus.addDocument({ userId, assistantId, chunks: FARM });
  const all = await find(userId, 'donkeys and goats');
  assert.deepEqual(
    all.map((hit) => hit.score),
    all.map((hit) => hit.score).sort((a, b) => b - a),
  );
  assert.equal((await find(userId, 'donkeys and goats', { limit: 1 })).length, 1);
  const minScore = all[1]!.score;
  assert.equal((await find(userId, 'donkeys and goats', { minScore })).length, 2);
});

test('nobody finds what belongs to somebody else', async () => {
  const owner = await corpus.addUser();
  const other = await corpus.addUser();
  const { id } = await corpus.addDocument({ ...owner, chunks: FARM });
  await corpus.addDocument({ ...other, chunks: ['An unrelated text about donkeys.'] });
  for (const mode of MODES)
    for (const more of [{}, { assistantId: owner.assistantId }, { documentIds: [id] }])
      assert.ok(
        !(await find(other.userId, FARM[0]!, { mode, ...more })).some((hit) => hit.documentId === id),
      );
});

test('a search can be limited to an assistant and to documents', async () => {
  const { userId, assistantId } = await corpus.addUser();
  const second = await corpus.addAssistant(userId);
  const a = await corpus.addDocument({ userId, assistantId, chunks: FARM });
  const b = await corpus.addDocument({ userId, assistantId: second, chunks: ['Donkeys carry water.'] });
  for (const mode of MODES) {
    const documents = async (more: Partial<ChunkSearch>) =>
      [...new Set((await find(userId, 'donkeys', { mode, ...more })).map((hit) => hit.documentId))].sort();
    assert.deepEqual(await documents({ assistantId: second }), [b.id]);
    assert.deepEqual(await documents({ documentIds: [a.id] }), [a.id]);
    assert.deepEqual(await documents({ documentIds: [a.id, b.id] }), [a.id, b.id].sort());
    assert.deepEqual(await documents({ assistantId, documentIds: [b.id] }), []);
    assert.deepEqual(await documents({ documentIds: [] }), []);
  }
});

test('grouped by document, each brings its best passage', async () => {
  const { userId, assistantId } = await corpus.addUser();
  const long = Array.from({ length: 300 }, (_, index) => `Donkeys and donkeys, number ${index}.`);
  const a = await corpus.addDocument({ userId, assistantId, chunks: [...long, 'Donkeys bray at dawn.'] });
  const b = await corpus.addDocument({
    userId,
    assistantId,
    chunks: ['Cows bray never, donkeys do.', 'Cows.'],
  });
  for (const mode of MODES) {
    const hits = await find(userId, 'donkeys bray', { mode, groupBy: 'document' });
    assert.deepEqual(hits.map((hit) => hit.documentId).sort(), [a.id, b.id].sort(), mode);
    assert.ok(
      hits.every((hit) => hit.text.includes('bray')),
      mode,
    );
  }
});

test('search reads the live revision only, and moves to the next one at once', async () => {
  const { userId, assistantId } = await corpus.addUser();
  const { id } = await corpus.addDocument({ userId, assistantId, chunks: ['Donkeys like the old barn.'] });
  await corpus.addRevision(id, 2, { userId, assistantId, chunks: ['Donkeys like the new barn.'] });
  for (const mode of MODES)
    assert.deepEqual(texts(await find(userId, 'barn', { mode })), ['Donkeys like the old barn.']);
  await corpus.connection.transaction((trx) => publishRevision(trx, id, 2));
  for (const mode of MODES)
    assert.deepEqual(texts(await find(userId, 'barn', { mode })), ['Donkeys like the new barn.']);
  await corpus.connection.transaction((trx) => publishRevision(trx, id, null));
  for (const mode of MODES) assert.deepEqual(await find(userId, 'barn', { mode }), []);
});

test('deleted documents are not found', async () => {
  const { userId, assistantId } = await corpus.addUser();
  const { id } = await corpus.addDocument({ userId, assistantId, chunks: FARM });
  await corpus.connection('documents').where({ id }).update({ deleted_at: new Date() });
  for (const mode of MODES) assert.deepEqual(await find(userId, 'donkeys', { mode }), []);
});

test('fault 20: vectors of another model are not compared', async () => {
  const { userId, assistantId } = await corpus.addUser();
  await corpus.addDocument({ userId, assistantId, chunks: FARM });
  const other = await createSearchableCorpus(database.url, 64);
  try {
    const vector = { model: other.model, values: hashedVector('donkeys', 64) };
    assert.deepEqual(await find(userId, 'donkeys', { mode: 'vector', vector }), []);
    const hybrid = await find(userId, 'donkeys', { vector });
    assert.ok(hybrid.length > 0 && hybrid.every((hit) => hit.vectorScore === 0));
  } finally {
    await other[Symbol.asyncDispose]();
  }
});

test('a chunk without a vector is found by its text', async () => {
  const { userId, assistantId } = await corpus.addUser();
  await corpus.addDocument({ userId, assistantId, chunks: ['Mules are strong.'], withoutVectors: true });
  const [hit] = await find(userId, 'strong mules');
  assert.equal(hit?.vectorScore, 0);
  assert.ok(hit.score > 0);
});

test('titles and both sides of a slash are found', async () => {
  const { userId, assistantId } = await corpus.addUser();
  await corpus.addDocument({
    userId,
    assistantId,
    title: 'Vacation policy',
    chunks: ['Ask input/output first.'],
  });
  assert.equal((await find(userId, 'vacation', { mode: 'text' })).length, 1);
  assert.equal((await find(userId, 'output', { mode: 'text' })).length, 1);
});

test('each language is searched with its own stems', async () => {
  const { userId, assistantId } = await corpus.addUser();
  await corpus.addDocument({
    userId,
    assistantId,
    language: 'german',
    chunks: ['Die Esel standen in den Häusern.'],
  });
  await corpus.addDocument({
    userId,
    assistantId,
    language: 'english',
    chunks: ['The donkeys were standing outside.'],
  });
  assert.equal((await find(userId, 'Haus', { mode: 'text' }))[0]?.text, 'Die Esel standen in den Häusern.');
  assert.equal(
    (await find(userId, 'donkey stands', { mode: 'text' }))[0]?.text,
    'The donkeys were standing outside.',
  );
});

test('any query is answered, whatever it says', async () => {
  const { userId, assistantId } = await corpus.addUser();
  await corpus.addDocument({ userId, assistantId, chunks: FARM });
  const queries = [
    '?!...',
    'the of and',
    '🙂',
    '\0',
    "'; drop table users; --",
    "donkey' | 'goat",
    'a & !b <-> (c',
    '\\',
    ':*',
    '$1 ?',
    'x'.repeat(2000),
    `${FARM.join(' ')} `.repeat(9).slice(0, 2000),
    '驴',
    '%_',
    'ünïcödé \ud800',
  ];
  for (const query of queries)
    for (const mode of MODES)
      for (const hit of await find(userId, query, { mode }))
        for (const score of [hit.score, hit.textScore, hit.vectorScore ?? 0])
          assert.ok(score >= 0 && score <= 1, `${mode} ${query}: ${score}`);
  assert.equal((await find(userId, 'the of and', { mode: 'text' })).length, 0);
  assert.equal((await find(userId, '?!...')).length, 4);
  const { userId: newcomer } = await corpus.addUser();
  assert.deepEqual(await find(newcomer, 'donkeys'), []);
});

test('text scores are BM25 over its bound', async () => {
  const { userId, assistantId } = await corpus.addUser();
  const chunks = ['wing wing wing flow', 'wing pressure', 'pressure pressure heat', 'heat', `o'brien wing`];
  await corpus.addDocument({ userId, assistantId, title: '.', chunks });
  const words = chunks.map((chunk) => chunk.split(' '));
  const average = words.reduce((sum, chunk) => sum + chunk.length, 0) / chunks.length;
  const stems: Record<string, string> = { wing: 'wing', pressure: 'pressure', absent: 'absent' };
  const idf = (term: string): number => {
    const df = words.filter((chunk) => chunk.includes(term)).length;
    return Math.log(1 + (chunks.length - df + 0.5) / (df + 0.5));
  };
  const bound = Object.keys(stems).reduce((sum, term) => sum + idf(term), 0);
  const hits = await find(userId, Object.keys(stems).join(' '), { mode: 'text' });
  assert.equal(hits.length, 4);
  for (const hit of hits) {
    const chunk = words[chunks.indexOf(hit.text)]!;
    const expected = Object.keys(stems).reduce((sum, term) => {
      const tf = chunk.filter((word) => word === term).length;
      return sum + (idf(term) * tf) / (tf + 1.2 * (1 - 0.75 + (0.75 * chunk.length) / average));
    }, 0);
    assert.ok(Math.abs(hit.textScore - expected / bound) < 1e-9, hit.text);
  }
});

test('the frequency of a term is exact for as long as positions are kept', async () => {
  for (const times of [0, 1, 2, 3, 7, 50, 255]) {
    const [row] = await database.sql<{ tf: number }>(
      `select term_frequency(to_tsvector('english', repeat('wing ', $1) || 'flow'), 'wing') as tf`,
      [times],
    );
    assert.equal(row?.tf, times);
  }
});

test('the index of the model and of one user’s words are used in a large scope, and answer it in full', async () => {
  const { userId, assistantId } = await corpus.addUser();
  const crowd = await corpus.addUser();
  const text = (index: number) => `Passage ${index} about topic${index % 97} and matter${index % 89}.`;
  for (let start = 0; start < 8000; start += 1000) {
    const chunks = Array.from({ length: 1000 }, (_, index) => text(start + index));
    await corpus.addDocument({ ...(start < 7000 ? { userId, assistantId } : crowd), chunks });
  }
  await corpus.addDocument({
    userId,
    assistantId,
    chunks: Array.from({ length: 200 }, (_, i) => text(9000 + i)),
  });
  await database.sql('analyze');
  for (const mode of MODES) {
    const hits = await find(userId, 'Passage 70 about topic70 and matter70', { mode, limit: 50 });
    assert.equal(hits.length, 50, mode);
    assert.equal(hits[0]?.text, text(70), mode);
  }
  const small = await find(crowd.userId, 'topic5 matter5', { mode: 'vector', limit: 200 });
  assert.equal(small.length, 200);
});
