import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import { memorySearchReader } from '#db/queries/search-memories.ts';
import { memoryReader } from '#db/stores/memory-store.ts';
import { nearKeys } from '#shared/memories/near-text.ts';
import { createExplainer } from '#tests/support/explain.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';
import type { TestDatabase } from '#tests/support/test-database.ts';

const ROWS = 100_000;

suite(`with ${ROWS} memories of one user`, () => {
  let db: TestDatabase;
  const userId = uuidv7();
  const [full, small] = [uuidv7(), uuidv7()];
  before(async () => {
    db = await createTestDatabase();
    await db.sql(
      `insert into users (id, username, email, password_hash) values ($1, 'hoarder', 'h@example.org', 'x')`,
      [userId],
    );
    await db.sql(
      `insert into assistants (id, user_id, slug, name) values ($1, $3, 'full', 'F'), ($2, $3, 'small', 'S')`,
      [full, small, userId],
    );
    await db.sql(
      `insert into memories (id, user_id, assistant_id, title, event, importance, tags, language, token_count, fingerprint,
         near_keys, search_vector, created_at)
       select gen_random_uuid(), $1, case when n % 1000 = 0 then $3::uuid else $2::uuid end, 'Note ' || n,
         'Note ' || n || ' says word' || n % 5000, n % 11, array['t' || n % 500], 'english', 5, sha256(n::text::bytea),
         array(select (hashint4(n * 31 + k))::int from generate_series(1, 24) k),
         to_tsvector('english', 'note says word' || n % 5000), now() - n * interval '1 second'
       from generate_series(1, $4) n`,
      [userId, full, small, ROWS],
    );
    await db.sql('vacuum analyze memories');
  });
  after(() => db[Symbol.asyncDispose]());

  const page = { limit: 20, after: null };
  const newest = { ...page, sort: { by: 'created_at' as const, descending: true } };

  test('every list and look-up goes by an index', async (t) => {
    await using explainer = createExplainer(db.url);
    const memories = memoryReader(explainer.connection);
    const { connection } = explainer;
    // Without the transaction around it, whose begin and end have no plan.
    const plain = { transaction: <T>(work: (knex: Knex) => T): T => work(connection) };
    const searches = memorySearchReader(plain as unknown as Knex);
    const search = { userId, mode: 'text' as const, language: 'english', vectorWeight: 0, limit: 10 };
    const questions: Readonly<Record<string, () => Promise<unknown>>> = {
      'newest first': () => memories.list(userId, { isActive: true }, newest),
      'of an assistant': () => memories.list(userId, { assistantId: small, isActive: true }, newest),
      'most important first': () =>
        memories.list(userId, {}, { ...page, sort: { by: 'importance', descending: true } }),
      'by tag': () => memories.list(userId, { tags: ['t77'] }, newest),
      'by words': () => memories.list(userId, { words: { text: 'word4711', language: 'english' } }, newest),
      bookmarked: () => memories.list(userId, { isBookmarked: true }, newest),
      'same text': () => memories.findByFingerprint({ assistantId: full, sessionId: null }, 'ab'.repeat(32)),
      'near texts': () =>
        memories.findNear({ assistantId: full, sessionId: null }, nearKeys('Donkeys bray.'), 20),
      search: () => searches.memories({ ...search, query: 'word4711' }),
      'search, frequent words': () => searches.memories({ ...search, query: 'note says' }),
    };
    for (const [name, ask] of Object.entries(questions)) {
      const started = performance.now();
      await ask();
      const ms = performance.now() - started;
      const plans = await explainer.explain(ask);
      assert.ok(plans.length > 0, name);
      t.diagnostic(
        `${name}: ${ms.toFixed(1)} ms by ${[...new Set(plans.flatMap((plan) => plan.indexes))].join(', ')}`,
      );
      const rows = Math.max(...plans.map((plan) => plan.rowsRead));
      // A word that stands everywhere is looked up in a part of the table, however that part is read.
      assert.ok(rows <= ROWS / 2, `${name}: ${rows} rows`);
      if (name === 'search, frequent words') continue;
      const scanned = plans.flatMap((plan) => plan.sequentialScans);
      assert.ok(!scanned.includes('memories'), name);
    }
  });
});
