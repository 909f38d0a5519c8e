import pg from 'pg';
import { hashedVector } from '#shared/embedding/builtin-embedder.ts';
import { recordQueries } from '#tests/support/query-recorder.ts';
import type { RecordedQuery } from '#tests/support/query-recorder.ts';
import type { VectorCorpus, VectorScope } from './vector-corpus.ts';

/** Hits that a search asks for. */
export const HITS = 10;

/** Milliseconds. */
export interface BareTimes {
  /** All statements of a request. */
  readonly request: number;
  /** Of these, the ones between the beginning and the end of the search. */
  readonly search: number;
}

/** What a request asks the database, without the product around it: one statement after the other on one connection. */
export interface BareSearch extends AsyncDisposable {
  /** Notes down what the product sends while it does this. */
  note(request: () => Promise<unknown>): Promise<readonly RecordedQuery[]>;
  /** Takes back what the noted requests have written, for it is written again when they are timed. */
  forget(): Promise<void>;
  time(statements: readonly RecordedQuery[]): Promise<BareTimes>;
  /** Similarities of the ten nearest vectors, by comparing all of the scope. */
  exact(question: string, scope: VectorScope): Promise<number[]>;
}

export async function openBareSearch({ databaseUrl, userId, model }: VectorCorpus): Promise<BareSearch> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  return {
    note: async (request) => {
      using recorder = recordQueries();
      await request();
      return [...recorder.queries];
    },
    forget: async () => {
      await client.query('delete from retrievals where user_id = $1', [userId]);
    },
    time: async (statements) => {
      const started = performance.now();
      let search = 0;
      let begun: number | undefined;
      for (const { text, values } of statements) {
        if (/^begin .*read only/i.test(text)) begun = performance.now();
        // eslint-disable-next-line no-restricted-syntax -- the product's own statements, as it has sent them
        await client.query(text, [...values]);
        if (begun === undefined || !/^commit/i.test(text)) continue;
        search = performance.now() - begun;
        begun = undefined;
      }
      return { request: performance.now() - started, search };
    },
    exact: async (question, { assistantId }) => {
      const vector = hashedVector(question, model.dimensions);
      // The index is over another expression than this, so nothing but comparing all remains.
      const { rows } = await client.query<{ similarity: number }>(
        `select 1 - (embedding <=> $1::vector) as similarity from chunk_embeddings
         where model_id = $2 and user_id = $3 and ($4::uuid is null or assistant_id = $4::uuid)
         order by embedding <=> $1::vector limit $5`,
        [JSON.stringify([...vector]), model.id, userId, assistantId ?? null, HITS],
      );
      return rows.map(({ similarity }) => similarity);
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}
