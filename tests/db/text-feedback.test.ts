import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chunkSearchReader } from '#db/queries/search-chunks.ts';
import type { ChunkHit, ChunkSearch } from '#db/queries/search-chunks.ts';
import { expandQuery } from '#db/queries/text-feedback.ts';
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

const find = (userId: string, query: string, more: Partial<ChunkSearch> = {}): Promise<ChunkHit[]> =>
  chunkSearchReader(corpus.connection).chunks({
    userId,
    mode: 'text',
    query,
    vectorWeight: 0,
    feedbackWeight: 0.5,
    limit: 10,
    groupBy: 'chunk',
    ...more,
  });

const SHELTER = [
  'A shelter for donkeys needs a dry floor, straw bedding and a roof of slate.',
  'The donkeys of the shelter lie on straw bedding under the slate roof.',
  'Straw bedding on a dry floor lasts a week below slate.',
  'Trains to the coast leave at noon.',
];

test('a passage that says it in other words is found by what the best ones have in common', async () => {
  const user = await corpus.addUser();
  const { chunkIds } = await corpus.addDocument({ ...user, title: 'T', chunks: SHELTER });
  const once = await find(user.userId, 'donkeys in a shelter', { feedbackWeight: 0 });
  assert.deepEqual(once.map((hit) => hit.chunkId).sort(), chunkIds.slice(0, 2).sort());
  const twice = await find(user.userId, 'donkeys in a shelter');
  assert.deepEqual(twice.map((hit) => hit.chunkId).sort(), chunkIds.slice(0, 3).sort());
  assert.equal(twice.at(-1)?.chunkId, chunkIds[2]);
});

test('the best score stays what the query reached by its own words, for good and bad matches', async () => {
  const user = await corpus.addUser();
  await corpus.addDocument({ ...user, title: 'T', chunks: SHELTER });
  for (const query of ['donkeys in a shelter', 'trains with zebras, llamas, okapis and unicorns', 'slate']) {
    const [once] = await find(user.userId, query, { feedbackWeight: 0 });
    const twice = await find(user.userId, query);
    assert.ok(once !== undefined && once.textScore > 0, query);
    assert.ok(Math.abs((twice[0]?.textScore ?? 0) - once.textScore) < 1e-9, query);
    assert.ok(
      twice.every((hit) => hit.textScore <= once.textScore + 1e-9),
      query,
    );
  }
});

test('a quotation is found first, whatever the passages around it have in common', async () => {
  const user = await corpus.addUser();
  const quoted = 'Grey donkeys carry heavy loads of slate over narrow bridges.';
  const alike = Array.from(
    { length: 9 },
    (_, index) =>
      `Donkeys carry loads: ${'mountain path village market harvest winter '.repeat(3)} number ${index}.`,
  );
  const chunks = [`${quoted} ${'Then they rest. '.repeat(40)}`, ...alike];
  const { chunkIds } = await corpus.addDocument({ ...user, title: 'T', chunks });
  assert.equal((await find(user.userId, quoted))[0]?.chunkId, chunkIds[0]);
});

test('nothing is learnt from what is outside the scope, and nothing from nothing', async () => {
  const user = await corpus.addUser();
  const other = await corpus.addUser();
  const mine = ['Donkeys like hay.', 'Straw bedding lasts a week below slate.'];
  await corpus.addDocument({ ...user, title: 'T', chunks: mine });
  await corpus.addDocument({ ...other, title: 'T', chunks: SHELTER });
  const elsewhere = await corpus.addAssistant(user.userId);
  await corpus.addDocument({
    userId: user.userId,
    assistantId: elsewhere,
    title: 'U',
    chunks: SHELTER.slice(0, 2),
  });
  const hits = await find(user.userId, 'donkeys', { assistantId: user.assistantId });
  assert.deepEqual(
    hits.map((hit) => hit.text),
    [mine[0]],
  );
  assert.deepEqual(await find(user.userId, 'zebras'), []);
});

test('a word with a hyphen is found by its parts, and counts no more than they do', async () => {
  const user = await corpus.addUser();
  const { chunkIds } = await corpus.addDocument({
    ...user,
    title: 'T',
    chunks: ['The boundary-layer of the wing now.', 'The boundary layer of the wing.', 'Wings of birds.'],
  });
  for (const query of ['boundary layer', 'boundary-layer']) {
    const hits = await find(user.userId, query, { feedbackWeight: 0 });
    assert.deepEqual(hits.map((hit) => hit.chunkId).sort(), chunkIds.slice(0, 2).sort());
    assert.equal(hits[0]?.textScore, hits[1]?.textScore);
  }
});

test('counts are mixed by weight, add up to one, and learnt terms are told from own ones', () => {
  const query = [
    { term: 'wing', count: 3, chunkCount: 7 },
    { term: 'lift', count: 1, chunkCount: 2 },
  ];
  const learnt = [
    { term: 'drag', share: 0.3, chunkCount: 5 },
    { term: 'lift', share: 0.1, chunkCount: 2 },
  ];
  const terms = expandQuery(query, learnt, 0.4);
  assert.deepEqual(
    terms.map(({ term, count, learnt: isLearnt }) => [term, count.toFixed(6), isLearnt ?? false]),
    [
      ['wing', '0.450000', false],
      ['lift', '0.250000', false],
      ['drag', '0.300000', true],
    ],
  );
});
