import assert from 'node:assert/strict';
import type { Json } from './http-client.ts';
import { newRememberer } from './memories.ts';
import type { Rememberer } from './memories.ts';
import type { TestApp } from './test-app.ts';

/** Sentences of which no two are alike. */
function facts(count: number): string[] {
  const animals = [
    'donkey',
    'goat',
    'sheep',
    'horse',
    'goose',
    'rabbit',
    'pigeon',
    'badger',
    'otter',
    'heron',
  ];
  const places = [
    'barn',
    'meadow',
    'orchard',
    'quarry',
    'harbour',
    'chapel',
    'mill',
    'garden',
    'bridge',
    'tower',
  ];
  const deeds = [
    'sleeps',
    'hides',
    'waits',
    'drinks',
    'sings',
    'builds',
    'gathers',
    'guards',
    'repairs',
    'teaches',
  ];
  const things = [
    'acorns',
    'lanterns',
    'ropes',
    'letters',
    'kettles',
    'violins',
    'ladders',
    'blankets',
    'coins',
    'maps',
  ];
  return Array.from({ length: count }, (_, n) => {
    const [a, b, c] = [n % 10, Math.floor(n / 10) % 10, Math.floor(n / 100) % 10];
    const name = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gia', 'Hugo', 'Ivy', 'Jon'][(a + b + c) % 10];
    return `${name} says that the ${animals[a]} ${deeds[b]} near the ${places[c]} with ${things[(a * 3 + b * 7 + c) % 10]} of its own.`;
  });
}

/** Small changes that leave what is said as it was. */
const VARIANTS: readonly ((text: string) => string)[] = [
  (text) => text.replace('says that', 'says'),
  (text) => text.replace('.', '!'),
  (text) => `${text} Really.`.replace('. Really.', ', really.'),
  (text) => text.replace('the ', 'a '),
];

/**
 * Writes facts, then again word for word, in other words, and as echoes of what a search has returned, always asking for
 * near-duplicates to be merged; then counts what an assistant remembers more than once.
 *
 * @param total writes, a multiple of 20
 */
export async function assertStaysClean(
  app: TestApp,
  t: { diagnostic(message: string): void },
  total: number,
): Promise<void> {
  const { database } = app;
  const user: Rememberer = await newRememberer(app);
  const base = facts(0.3 * total);
  let writes = 0;
  const outcomes: Record<string, number> = {};
  const write = async (event: string): Promise<Json> => {
    writes += 1;
    const { meta } = await user.write(event, { on_duplicate: 'merge' });
    outcomes[meta.outcome] = (outcomes[meta.outcome] ?? 0) + 1;
    return meta;
  };
  const inTurns = async (texts: readonly string[]): Promise<Json[]> => {
    const metas: Json[] = [];
    for (let start = 0; start < texts.length; start += 10)
      metas.push(...(await Promise.all(texts.slice(start, start + 10).map(write))));
    return metas;
  };
  await inTurns(base);
  await inTurns(base.slice(0, total / 4).map((text, n) => (n % 2 === 0 ? text : ` ${text.toUpperCase()} `)));
  const variants = base.slice(0, total / 4).map((text, n) => VARIANTS[n % VARIANTS.length]!(text));
  await inTurns(variants);
  const passages = passagesOf(total / 20);
  await echoes(database, user, passages);
  const documents = await chunksOf(database, user, passages);
  const loops = await inTurns(documents);
  const rest = total - writes;
  const again = await inTurns(base.slice(0, rest));
  assert.equal(writes, total);

  const [exact] = await database.sql<{ count: number }>(
    `select count(*)::int - count(distinct fingerprint)::int as count from memories where user_id = $1 and is_active`,
    [user.id],
  );
  const kept = await database.sql<{ event: string }>(
    'select event from memories where user_id = $1 and is_active',
    [user.id],
  );
  // One memory a fact is what a clean memory holds; whatever is more says something twice.
  const near = Math.max(0, kept.length - base.length);
  const looped = loops.filter((meta) => meta.outcome !== 'recall_loop').length;
  t.diagnostic(
    `${writes} writes (${JSON.stringify(outcomes)}): ${kept.length} memories of ${base.length} facts; ${exact!.count} exact duplicates, ${((near / writes) * 100).toFixed(2)} % near-duplicates, ${looped} of ${loops.length} recall loops taken in`,
  );
  assert.equal(exact!.count, 0);
  assert.ok(near / writes < 0.02, `${near} near-duplicates`);
  assert.ok(kept.length >= base.length * 0.97, 'facts that differ were not taken for one another');
  assert.equal(looped, 0);
  assert.ok(again.every((meta) => meta.outcome !== 'created'));
}

/** Puts passages into the tables as a finished ingestion does, and lets a search return them. */
async function echoes(
  database: TestApp['database'],
  user: Rememberer,
  passages: readonly string[],
): Promise<void> {
  const upload = await user.client.post('documents', {
    assistant_id: user.assistantId,
    title: 'Handbook',
    text: passages.join('\n\n'),
  });
  const documentId: string = upload.body.data.document.id;
  for (const [position, text] of passages.entries())
    await database.sql(
      `insert into document_chunks (id, user_id, assistant_id, document_id, revision, position, text, char_start, char_end,
         token_count, fingerprint, search_vector)
       values (gen_random_uuid(), $1, $2, $3, 1, $4, $5, 0, 10, 20, sha256(convert_to($5::text, 'UTF8')), chunk_search_vector('english', 'Handbook', $5::text))`,
      [user.id, user.assistantId, documentId, position, text],
    );
  await database.sql(
    `update documents set live_revision = 1, chunk_count = $2, status = 'completed' where id = $1`,
    [documentId, passages.length],
  );
  await database.sql(
    `insert into text_statistics values ($1, $2, 'english', $3, $4)
     on conflict (user_id, assistant_id, language) do update set chunk_count = excluded.chunk_count`,
    [user.id, user.assistantId, passages.length, passages.length * 20],
  );
  await database.sql(
    `insert into term_statistics (user_id, term, chunk_count)
     select $1, term.lexeme, count(*) from document_chunks c cross join lateral unnest(c.search_vector) as term
     where c.document_id = $2 group by term.lexeme`,
    [user.id, documentId],
  );
  for (const text of passages) {
    const { status, body } = await user.client.post('search', {
      query: text.slice(0, 200),
      mode: 'text',
      limit: 5,
    });
    assert.equal(status, 200, JSON.stringify(body));
    assert.ok(
      body.data.some((hit: Json) => hit.text === text),
      'the search returned it',
    );
  }
}

const passagesOf = (count: number): string[] =>
  Array.from(
    { length: count },
    (_, n) =>
      `Rule ${n + 100} of the handbook says that keepers of section ${n + 100} must check the ${['water', 'fence', 'roof', 'hay', 'gate'][n % 5]} every ${['morning', 'noon', 'evening'][n % 3]} and write the result into the ${['green', 'yellow', 'blue', 'white'][n % 4]} book before they leave the yard.`,
  );

/** What an assistant that has read the passages may say of them. */
async function chunksOf(
  database: TestApp['database'],
  user: Rememberer,
  passages: readonly string[],
): Promise<string[]> {
  const rows = await database.sql<{ text: string }>(
    'select text from document_chunks where user_id = $1 order by position',
    [user.id],
  );
  assert.equal(rows.length, passages.length);
  return rows.flatMap(({ text }, n) => [
    text,
    n % 2 === 0 ? `According to the handbook: ${text}` : text.slice(0, text.indexOf(' and write')),
  ]);
}
