import knex from 'knex';
import type { Knex } from 'knex';
import pg from 'pg';
import { chunkSearchReader } from '#db/queries/search-chunks.ts';
import { hashedVector } from '#shared/embedding/builtin-embedder.ts';
import { recordQueries } from '#tests/support/query-recorder.ts';
import type { RecordedQuery } from '#tests/support/query-recorder.ts';
import type { VectorCorpus, VectorScope } from './vector-corpus.ts';

/** A search without the product around it: its statements alone, one after the other on one connection. */
export interface BareSearch extends AsyncDisposable {
  /** The statements that the product sends for a question, found out by sending them once. */
  statements(question: string, scope: VectorScope): Promise<readonly RecordedQuery[]>;
  /** Milliseconds that they take. */
  time(statements: readonly RecordedQuery[]): Promise<number>;
  /** Similarities of the ten nearest vectors, by comparing all of the scope. */
  exact(question: string, scope: VectorScope): Promise<number[]>;
}

/** Hits that a search asks for. */
export const HITS = 10;

export async function openBareSearch(corpus: VectorCorpus): Promise<BareSearch> {
  const { databaseUrl, userId, model } = corpus;
  const connection = knex({ client: 'pg', connection: databaseUrl, pool: { min: 1, max: 1 } });
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await connection.raw('select 1');
  const values = (question: string): Float32Array => hashedVector(question, model.dimensions);
  return {
    statements: async (question, { assistantId }) => {
      using recorder = recordQueries();
      await chunkSearchReader(connection).chunks({
        userId,
        assistantId,
        mode: 'vector',
        query: question,
        vector: {
          model: { ...model, provider: 'builtin', name: 'hashed-words-1', baseUrl: null },
          values: values(question),
        },
        vectorWeight: 1,
        feedbackWeight: 0,
        limit: HITS,
        groupBy: 'chunk',
      });
      return [...recorder.queries];
    },
    time: async (statements) => {
      const started = performance.now();
      // eslint-disable-next-line no-restricted-syntax -- the product's own statements, as it has sent them
      for (const { text, values: bound } of statements) await client.query(text, [...bound]);
      return performance.now() - started;
    },
    exact: (question, scope) => exact(connection, corpus, scope, values(question)),
    [Symbol.asyncDispose]: async () => {
      await client.end();
      await connection.destroy();
    },
  };
}

/** The index is over another expression than this, so nothing but comparing all remains. */
async function exact(
  connection: Knex,
  { userId, model }: VectorCorpus,
  { assistantId }: VectorScope,
  vector: Float32Array,
): Promise<number[]> {
  const { rows } = await connection.raw<{ rows: { similarity: number }[] }>(
    `select 1 - (embedding <=> :near::vector) as similarity from chunk_embeddings
     where model_id = :model and user_id = :userId and (:assistantId::uuid is null or assistant_id = :assistantId::uuid)
     order by embedding <=> :near::vector limit :hits`,
    {
      near: JSON.stringify([...vector]),
      model: model.id,
      userId,
      assistantId: assistantId ?? null,
      hits: HITS,
    },
  );
  return rows.map(({ similarity }) => similarity);
}
