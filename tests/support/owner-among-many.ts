import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { fillCorpus } from '#scripts/bench/vectors/fill-corpus.ts';
import type { FilledModel } from '#scripts/bench/vectors/fill-corpus.ts';
import { shelveIndexes } from '#scripts/bench/vectors/index-shelf.ts';
import { makePassages } from '#scripts/bench/vectors/made-passages.ts';
import { hashedVector } from '#shared/embedding/builtin-embedder.ts';
import { registerUser } from './http-client.ts';
import type { TestUser } from './http-client.ts';
import { startTestApp } from './test-app.ts';

const HITS = 10;
const EQUAL = 1e-6;

/** Promise 54: what an owner of a small share of all chunks gets. */
export interface OwnerSearches {
  readonly ownChunks: number;
  /** Fewest hits of any search. */
  readonly fewestHits: number;
  /** Share of the ten nearest that was found, on average. */
  readonly recall: number;
  /** Milliseconds through HTTP. */
  readonly p95: number;
  /** Hits that are somebody else's. */
  readonly foreign: number;
}

/** @param share of the chunks that is the owner's */
export async function searchAmongMany(
  chunks: number,
  share: number,
  questions: number,
): Promise<OwnerSearches> {
  await using app = await startTestApp();
  const [owner, crowd] = [await registerUser(app), await registerUser(app)];
  const ownChunks = Math.round(chunks * share);
  const client = new pg.Client({ connectionString: app.database.url });
  await client.connect();
  try {
    await fill(client, [
      { user: owner, count: ownChunks, firstDocument: 0 },
      { user: crowd, count: chunks - ownChunks, firstDocument: ownChunks },
    ]);
    return { ownChunks, ...(await askAll(client, owner, questions)) };
  } finally {
    await client.end();
  }
}

interface Part {
  readonly user: TestUser;
  readonly count: number;
  readonly firstDocument: number;
}

async function fill(client: pg.Client, parts: readonly Part[]): Promise<void> {
  const made = makePassages();
  const { rows } = await client.query<FilledModel>(
    'select id, dimensions from embedding_models where is_active',
  );
  await client.query(`set maintenance_work_mem = '1GB'`);
  const shelf = await shelveIndexes(client, ['document_chunks', 'chunk_embeddings']);
  const fillings = parts.map(async ({ user, count, firstDocument }) => {
    const { body } = await user.client.post('assistants', { name: `Librarian ${uuidv7()}` });
    return {
      userId: user.id,
      assistantId: body.data.id as string,
      count,
      text: (document: number, index: number) => made.passage(firstDocument + document, index),
    };
  });
  await fillCorpus(client, rows[0]!, await Promise.all(fillings));
  await shelf.putBack(() => true);
  await client.query('vacuum analyze');
}

async function askAll(
  client: pg.Client,
  owner: TestUser,
  questions: number,
): Promise<Omit<OwnerSearches, 'ownChunks'>> {
  const made = makePassages();
  const times: number[] = [];
  const recalls: number[] = [];
  let [fewestHits, foreign] = [Infinity, 0];
  for (let index = 0; index < questions; index++) {
    const query = made.question(index);
    const started = performance.now();
    const { body } = await owner.client.post('search', { query, mode: 'vector', limit: HITS });
    times.push(performance.now() - started);
    const hits = body.data as readonly { chunk_id: string; vector_score: number }[];
    const vector = JSON.stringify([...hashedVector(query, 768)]);
    const { rows: nearest } = await client.query<{ similarity: number }>(
      `select 1 - (embedding <=> $1::vector) as similarity from chunk_embeddings where user_id = $2
       order by embedding <=> $1::vector limit $3`,
      [vector, owner.id, HITS],
    );
    const { rows: own } = await client.query<{ id: string }>(
      'select id from document_chunks where user_id = $1 and id = any($2::uuid[])',
      [owner.id, hits.map((hit) => hit.chunk_id)],
    );
    const least = Math.max(0, nearest.at(-1)!.similarity - EQUAL);
    recalls.push(hits.filter((hit) => hit.vector_score >= least).length / HITS);
    fewestHits = Math.min(fewestHits, hits.length);
    foreign += hits.length - own.length;
  }
  return {
    fewestHits,
    foreign,
    recall: recalls.reduce((sum, recall) => sum + recall, 0) / questions,
    p95: times.toSorted((a, b) => a - b)[Math.ceil(questions * 0.95) - 1] ?? Infinity,
  };
}
