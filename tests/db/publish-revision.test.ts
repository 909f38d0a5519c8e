import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { publishRevision } from '#db/publish-revision.ts';
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

const publish = (id: string, revision: number | null): Promise<void> =>
  corpus.connection.transaction((trx) => publishRevision(trx, id, revision));

/** The kept counts must be those that counting would give. */
async function assertExact(userId: string): Promise<void> {
  const live = `from document_chunks c join documents d on d.id = c.document_id and d.live_revision = c.revision
    where c.user_id = $1`;
  const kept = await database.sql(
    `select term, chunk_count::int from term_statistics where user_id = $1 order by term`,
    [userId],
  );
  const counted = await database.sql(
    `select t.lexeme collate "C" as term, count(*)::int as chunk_count
     from (select c.search_vector ${live}) v cross join lateral unnest(v.search_vector) t group by 1 order by 1`,
    [userId],
  );
  assert.deepEqual(kept, counted);
  const [sums] = await database.sql(
    `select coalesce(sum(chunk_count), 0)::int as chunks, coalesce(sum(token_count), 0)::int as tokens
     from text_statistics where user_id = $1`,
    [userId],
  );
  const [real] = await database.sql(
    `select count(*)::int as chunks, coalesce(sum(c.token_count), 0)::int as tokens ${live}`,
    [userId],
  );
  assert.deepEqual(sums, real);
}

test('counts follow publishing, replacing and withdrawing', async () => {
  const { userId, assistantId } = await corpus.addUser();
  const a = await corpus.addDocument({ userId, assistantId, chunks: ['donkeys bray', 'donkeys eat hay'] });
  const b = await corpus.addDocument({ userId, assistantId, chunks: ['goats eat hay'] });
  await assertExact(userId);
  await corpus.addRevision(a.id, 2, { userId, assistantId, chunks: ['donkeys carry loads'] });
  await publish(a.id, 2);
  await assertExact(userId);
  await publish(b.id, null);
  await assertExact(userId);
  await publish(a.id, null);
  await assertExact(userId);
  assert.deepEqual(await database.sql('select 1 from term_statistics where user_id = $1', [userId]), []);
});

test('publishing what is live already, or a document that is gone, changes nothing', async () => {
  const { userId, assistantId } = await corpus.addUser();
  const { id } = await corpus.addDocument({ userId, assistantId, chunks: ['donkeys bray'] });
  await publish(id, 1);
  await publish('00000000-0000-7000-8000-000000000000', 1);
  await assertExact(userId);
});

test('a transaction that is rolled back leaves the counts alone', async () => {
  const { userId, assistantId } = await corpus.addUser();
  const { id } = await corpus.addDocument({ userId, assistantId, chunks: ['donkeys bray'] });
  await assert.rejects(
    corpus.connection.transaction(async (trx) => {
      await publishRevision(trx, id, null);
      throw new Error('rolled back');
    }),
    /rolled back/,
  );
  await assertExact(userId);
});

test('many documents published and withdrawn at once are counted exactly, without deadlocks', async () => {
  const { userId, assistantId } = await corpus.addUser();
  const words = ['donkey', 'goat', 'hay', 'barn', 'rain', 'field'];
  const documents = await Promise.all(
    Array.from({ length: 24 }, (_, index) =>
      corpus.addDocument({
        userId,
        assistantId,
        chunks: Array.from({ length: 5 }, (_, chunk) =>
          words
            .filter((_, word) => (index + chunk + word) % 3 !== 0)
            .sort(() => (index % 2 ? 1 : -1))
            .join(' '),
        ),
      }),
    ),
  );
  await assertExact(userId);
  await Promise.all(
    documents.flatMap(({ id }, index) => [publish(id, null), ...(index % 2 ? [publish(id, 1)] : [])]),
  );
  await assertExact(userId);
});
