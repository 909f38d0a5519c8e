import pg from 'pg';
import { toSql } from 'pgvector';
import { v7 as uuidv7 } from 'uuid';
import { hashedVector } from '#shared/embedding/builtin-embedder.ts';
import { createRandom } from '../random.ts';
import type { Random } from '../random.ts';

/** What one user of a filled workspace has; the first of each are what a load asks for most. */
export interface UserRows {
  readonly assistantIds: readonly string[];
  readonly documentIds: readonly string[];
  readonly memoryIds: readonly string[];
  readonly promptId: string;
  readonly conversationId: string;
}

export interface WorkspaceSize {
  readonly assistants: number;
  readonly chunks: number;
}

/** How many chunks the users have: of ten parts the first user has two, the next tenth of them five, all others the rest. */
export function sharesOf(users: number, chunks: number): number[] {
  const many = Math.max(1, Math.round(users / 10));
  const parts = Array.from({ length: users }, (_, user) =>
    user === 0 ? 0.2 : user <= many ? 0.5 / many : 0.3 / Math.max(1, users - 1 - many),
  );
  const whole = parts.reduce((sum, part) => sum + part, 0);
  const shares = parts.map((part) => Math.floor((part / whole) * chunks));
  shares[0]! += chunks - shares.reduce((sum, share) => sum + share, 0);
  return shares;
}

const CHUNKS_A_DOCUMENT = 50;
const MEMORIES = 20;
const MESSAGES = 20;

/** Texts of half a chunk; two different ones make a chunk, so that `HALVES * (HALVES - 1) / 2` chunks differ. */
const HALVES = 450;
const WORDS_A_HALF = 60;
/** Ranks of the words in the language: what is more frequent is a stop word to a search, what is rarer is not used. */
const RANKS = { first: 50, last: 20_000 } as const;

/**
 * Fills a database whose users exist: assistants, documents with live chunks and vectors, memories, a conversation and a
 * prompt each. Words are drawn by Zipf's law; the vector of a chunk is the sum of the builtin embedder's vectors of its
 * halves, scaled to unit length, which is nearly what that embedder makes of the whole. Vectors are indexed when all
 * are there, as after a restore.
 */
export async function fillWorkspace(
  url: string,
  userIds: readonly string[],
  size: WorkspaceSize,
): Promise<UserRows[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      `set synchronous_commit = off; set maintenance_work_mem = '1GB'; set work_mem = '128MB'`,
    );
    const model = await client.query<{ id: number; dimensions: number }>(
      'select id, dimensions from embedding_models where is_active',
    );
    const { id: modelId, dimensions } = model.rows[0]!;
    const rows = planRows(userIds, size);
    await storeSmallThings(client, userIds, rows);
    await storeHalves(client, dimensions);
    const index = await dropIndex(client, `chunk_embeddings_model_${modelId}_idx`);
    await storeChunks(client, userIds, rows, modelId);
    await client.query(index);
    await client.query('analyze');
    return rows.map(({ documents, ...own }) => ({ ...own, documentIds: documents.map(({ id }) => id) }));
  } finally {
    await client.end();
  }
}

interface PlannedRows extends Omit<UserRows, 'documentIds'> {
  readonly documents: readonly { readonly id: string; readonly first: number; readonly count: number }[];
}

function planRows(userIds: readonly string[], { assistants, chunks }: WorkspaceSize): PlannedRows[] {
  const ids = (count: number): string[] => Array.from({ length: count }, () => uuidv7());
  let placed = 0;
  return sharesOf(userIds.length, chunks).map((share) => {
    const documents = Array.from({ length: Math.ceil(share / CHUNKS_A_DOCUMENT) }, (_, number) => {
      const count = Math.min(CHUNKS_A_DOCUMENT, share - number * CHUNKS_A_DOCUMENT);
      placed += count;
      return { id: uuidv7(), first: placed - count, count };
    });
    return {
      assistantIds: ids(Math.round(assistants / userIds.length)),
      documents,
      memoryIds: ids(MEMORIES),
      promptId: uuidv7(),
      conversationId: uuidv7(),
    };
  });
}

/** Everything but chunks, by the rules and triggers of the tables. */
async function storeSmallThings(
  client: pg.Client,
  userIds: readonly string[],
  rows: readonly PlannedRows[],
): Promise<void> {
  const spread = <T>(of: (own: PlannedRows) => readonly T[]): [string[], T[]] => [
    rows.flatMap((own, user) => of(own).map(() => userIds[user]!)),
    rows.flatMap((own) => of(own)),
  ];
  const assistants = spread((own) => own.assistantIds);
  await client.query(
    `insert into assistants (id, user_id, slug, name)
     select id, u, 'helper-' || n, 'Helper ' || n from unnest($1::uuid[], $2::uuid[]) with ordinality as a (u, id, n)`,
    assistants,
  );
  for (const part of ['assistant_profiles', 'assistant_capabilities', 'assistant_metrics'])
    await client.query(
      `insert into ${part} (assistant_id, user_id) select id, user_id from assistants where id = any($1) on conflict do nothing`,
      [assistants[1]],
    );
  const first = rows.map(({ assistantIds }) => assistantIds[0]!);
  await client.query(
    `insert into prompts (id, user_id, slug, title, type, content)
     select id, u, 'kind', 'Kind', 'system', repeat('Be kind and brief. ', 20) from unnest($1::uuid[], $2::uuid[]) as p (u, id)`,
    spread(({ promptId }) => [promptId]),
  );
  await client.query(
    `insert into conversations (id, user_id, assistant_id, title, message_count)
     select id, u, a, 'A talk', $4 from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as c (u, id, a)`,
    [...spread(({ conversationId }) => [conversationId]), first, MESSAGES],
  );
  await client.query(
    `insert into messages (id, user_id, conversation_id, role, content)
     select gen_random_uuid(), user_id, id, case when n % 2 = 1 then 'user' else 'assistant' end, repeat('What is said here. ', 15)
     from conversations, generate_series(1, $1::int) n`,
    [MESSAGES],
  );
  await client.query(
    `insert into memories (id, user_id, assistant_id, title, event, language, token_count, fingerprint, search_vector)
     select id, u, a, 'Memory ' || n, 'What happened on day ' || n, 'english', 6, sha256(id::text::bytea),
       chunk_search_vector('english', 'Memory ' || n, 'What happened on day ' || n)
     from unnest($1::uuid[], $2::uuid[], $3::uuid[]) with ordinality as m (u, id, a, n)`,
    [
      ...spread(({ memoryIds }) => memoryIds),
      rows.flatMap(({ assistantIds, memoryIds }) => memoryIds.map(() => assistantIds[0]!)),
    ],
  );
}

/** A word of the made texts, as often as Zipf's law has it: the share of a rank is in proportion to 1 / rank. */
export const drawWord = (random: Pick<Random, 'next'>): string =>
  `w${Math.floor(RANKS.first * (RANKS.last / RANKS.first) ** random.next())}`;

async function storeHalves(client: pg.Client, dimensions: number): Promise<void> {
  const random = createRandom(7);
  const texts = Array.from(
    { length: HALVES },
    () => `${Array.from({ length: WORDS_A_HALF }, () => drawWord(random)).join(' ')}.`,
  );
  await client.query(
    'create temp table halves (n integer primary key, text text, terms tsvector, embedding vector)',
  );
  await client.query(
    `insert into halves select n - 1, t, chunk_search_vector('english', '', t), v::vector
     from unnest($1::text[], $2::text[]) with ordinality as h (t, v, n)`,
    [texts, texts.map((text) => toSql([...hashedVector(text, dimensions)]))],
  );
}

async function dropIndex(client: pg.Client, name: string): Promise<string> {
  const { rows } = await client.query<{ indexdef: string }>(
    'select indexdef from pg_indexes where indexname = $1',
    [name],
  );
  await client.query(`drop index ${name}`);
  return rows[0]!.indexdef;
}

async function storeChunks(
  client: pg.Client,
  userIds: readonly string[],
  rows: readonly PlannedRows[],
  modelId: number,
): Promise<void> {
  const planned = rows.flatMap(({ documents, assistantIds }, user) =>
    documents.map((document, number) => ({
      ...document,
      user: userIds[user]!,
      assistant: assistantIds[number % assistantIds.length]!,
    })),
  );
  await client.query(
    `create temp table planned as select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::int[])
       as p (id, user_id, assistant_id, first, count)`,
    [
      planned.map(({ id }) => id),
      planned.map(({ user }) => user),
      planned.map(({ assistant }) => assistant),
      planned.map(({ first }) => first),
      planned.map(({ count }) => count),
    ],
  );
  for (const statement of CHUNK_STATEMENTS)
    await client.query(statement.replaceAll('MODEL', String(modelId)));
}

/** Two different halves for each number up to the number of pairs. */
const PAIR = `join halves a on a.n = (p.first + s.n) % ${HALVES}
  join halves b on b.n = ((p.first + s.n) + 1 + (p.first + s.n) / ${HALVES}) % ${HALVES}`;

const CHUNK_STATEMENTS = [
  `insert into documents (id, user_id, assistant_id, title, source_type, filename, mime_type, size, sha256, language,
     status, live_revision, chunk_count, embedded_count)
   select id, user_id, assistant_id, 'Document ' || first, 'text', 'a.txt', 'text/plain', 40000,
     sha256(id::text::bytea), 'english', 'completed', 1, count, count from planned`,
  `insert into document_revisions (document_id, revision, user_id, chunk_count, embedded_count)
   select id, 1, user_id, count, count from planned`,
  `create temp table made as
   select (lpad(to_hex((extract(epoch from now()) * 1000)::bigint), 12, '0') || '70008'
       || lpad(to_hex(p.first + s.n), 15, '0'))::uuid as id,
     p.user_id, p.assistant_id, p.id as document_id, s.n as position, a.text || ' ' || b.text as text,
     a.terms || b.terms as terms, l2_normalize(a.embedding + b.embedding) as embedding
   from planned p cross join lateral generate_series(0, p.count - 1) as s (n) ${PAIR}`,
  `insert into document_chunks (id, user_id, assistant_id, document_id, revision, position, text, char_start, char_end,
     token_count, fingerprint, search_vector)
   select id, user_id, assistant_id, document_id, 1, position, text, position * 1000, position * 1000 + length(text), 300,
     sha256(text::bytea), terms from made`,
  `insert into chunk_embeddings (chunk_id, model_id, user_id, assistant_id, document_id, status, embedding)
   select id, MODEL, user_id, assistant_id, document_id, 'embedded', embedding from made`,
  `insert into text_statistics (user_id, assistant_id, language, chunk_count, token_count)
   select user_id, assistant_id, 'english', count(*), count(*) * 300 from made group by user_id, assistant_id`,
  `insert into term_statistics (user_id, term, chunk_count)
   select user_id, lexeme, count(*) from made cross join lateral unnest(terms) group by user_id, lexeme`,
  'drop table made',
];
