import type { Knex } from 'knex';
import { toSql } from 'pgvector';
import type { EmbeddingModel } from '#shared/domain/types.ts';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';
import { assertKept, onSnapshot } from './kept-model.ts';
import { searchSql } from './search-chunks-sql.ts';
import { expandPlan } from './text-feedback.ts';
import type { ExpandedPlan } from './text-feedback.ts';
import { planTextRanking } from './text-ranking.ts';
import type { ChunkCounts, QueryTerm, TextPlan } from './text-ranking.ts';

export type SearchMode = 'hybrid' | 'vector' | 'text';

export interface ChunkSearch {
  readonly userId: string;
  readonly assistantId?: string | undefined;
  readonly documentIds?: readonly string[] | undefined;
  readonly mode: SearchMode;
  readonly query: string;
  /** The embedded query and the model that made it; needed by all modes but `text`. */
  readonly vector?: { readonly model: EmbeddingModel; readonly values: ArrayLike<number> } | undefined;
  /** Share of the vector score in the hybrid score, 0..1. */
  readonly vectorWeight: number;
  /** What the words of the best passages weigh beside the query's own, 0..1; 0 looks only once. */
  readonly feedbackWeight: number;
  /** Most hits, 1..200. */
  readonly limit: number;
  /** `document` answers with the best chunk of each document. */
  readonly groupBy: 'chunk' | 'document';
  /** Least score of a hit, 0..1. */
  readonly minScore?: number | undefined;
}

export interface ChunkHit {
  readonly chunkId: string;
  readonly documentId: string;
  readonly documentTitle: string;
  readonly text: string;
  readonly pageFrom: number | null;
  readonly pageTo: number | null;
  readonly charStart: number;
  readonly charEnd: number;
  /** All scores lie in 0..1. */
  readonly score: number;
  /** Cosine similarity, 0 below zero and without a vector; null when no vectors were compared. */
  readonly vectorScore: number | null;
  readonly textScore: number;
}

export interface ChunkSearchReader {
  /**
   * Answers one search over the live chunks of a user, best first.
   *
   * The best chunks by cosine similarity and the best by BM25 are found apart; then both scores are computed for all of
   * them, and the hybrid score is `vectorWeight * vector + (1 - vectorWeight) * text`: the convex combination of scores
   * scaled by their bounds, not by what a query happens to find (Bruch, Gai, Ingber, "An Analysis of Fusion Functions
   * for Hybrid Retrieval", 2023). With `feedbackWeight` the text is ranked twice, see `expandPlan`.
   *
   * All of it reads one snapshot: of a document one revision, and the vectors of one model, which is kept complete.
   *
   * @throws RangeError when a mode needs a vector and there is none
   * @throws StaleModelError when the vectors of the query's model are being dropped
   */
  chunks(search: ChunkSearch): Promise<ChunkHit[]>;
}

/** Up to so many vectors are compared one by one: exact, and at that size as fast as the index. */
const MOST_EXACT_VECTORS = 5000;

/** Best chunks taken from each side; more of them than hits, because the fused order differs from both. */
const POOL = { least: 100, most: 1000, perHit: { chunk: 2, document: 5 } } as const;

export function chunkSearchReader(connection: Knex): ChunkSearchReader {
  return { chunks: (search) => onSnapshot(connection, (trx) => searchChunks(trx, search)) };
}

async function searchChunks(trx: Knex, search: ChunkSearch): Promise<ChunkHit[]> {
  if (search.mode !== 'text' && search.vector === undefined)
    throw new RangeError(`a search of mode ${search.mode} needs a vector`);
  const counts = await countChunks(trx, search);
  if (counts.scopeChunkCount === 0) return [];
  const terms = await readTerms(trx, search);
  const own = planTextRanking(terms, counts);
  const vector = search.mode === 'text' ? undefined : search.vector;
  if (vector !== undefined) await assertKept(trx, vector.model.id);
  const pool = Math.min(POOL.most, Math.max(POOL.least, search.limit * POOL.perHit[search.groupBy]));
  await configure(trx, pool);
  const shape = {
    byText: search.mode !== 'vector' && own.candidates !== null,
    model: vector?.model,
    exact: counts.scopeChunkCount <= MOST_EXACT_VECTORS,
    ofAssistant: search.assistantId !== undefined,
    ofDocuments: search.documentIds !== undefined,
    grouped: search.groupBy === 'document',
    scaled: false,
  };
  const expanded =
    shape.byText && search.feedbackWeight > 0
      ? await expandPlan(
          trx,
          { shape, bindings: bindings(search, own, pool) },
          terms,
          counts,
          search.feedbackWeight,
        )
      : undefined;
  const sql = searchSql({ ...shape, scaled: expanded !== undefined });
  // eslint-disable-next-line no-restricted-syntax -- written by searchSql from constants and numbers of the database
  const result = await trx.raw<{ rows: Row[] }>(sql, bindings(search, expanded ?? own, pool));
  return result.rows.map((row) => fromRow<ChunkHit>(row));
}

function bindings(
  search: ChunkSearch,
  plan: TextPlan & Partial<ExpandedPlan>,
  pool: number,
): Record<string, Knex.Value> {
  const weight = { hybrid: search.vectorWeight, vector: 1, text: 0 }[search.mode];
  return {
    userId: search.userId,
    assistantId: search.assistantId ?? null,
    documentIds: [...(search.documentIds ?? [])],
    candidates: plan.candidates,
    terms: [...plan.terms],
    weights: [...plan.weights],
    averageTokens: plan.averageTokens,
    bestText: plan.bestText ?? null,
    coveringIds: plan.covering?.map(({ id }) => id) ?? [],
    coveringScores: plan.covering?.map(({ score }) => score) ?? [],
    queryVector: search.vector === undefined ? null : (toSql(Array.from(search.vector.values)) as string),
    vectorWeight: weight,
    pool,
    limit: search.limit,
    minScore: search.minScore ?? 0,
  };
}

/** Counts kept by `publishRevision`, one row for each assistant and language. */
async function countChunks(trx: Knex, search: ChunkSearch): Promise<ChunkCounts> {
  const rows = await trx('text_statistics')
    .where('user_id', search.userId)
    .select<{ assistant_id: string; chunk_count: number; token_count: number }[]>(
      'assistant_id',
      'chunk_count',
      'token_count',
    );
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const chunkCount = sum(rows.map((row) => row.chunk_count));
  const inAssistant = sum(
    rows
      .filter((row) => search.assistantId === undefined || row.assistant_id === search.assistantId)
      .map((row) => row.chunk_count),
  );
  const inDocuments =
    search.documentIds === undefined
      ? inAssistant
      : await countDocumentChunks(trx, search, search.documentIds);
  return {
    chunkCount,
    tokenCount: sum(rows.map((row) => row.token_count)),
    scopeChunkCount: Math.min(inAssistant, inDocuments),
  };
}

async function countDocumentChunks(trx: Knex, search: ChunkSearch, ids: readonly string[]): Promise<number> {
  const row = await trx('documents')
    .where('user_id', search.userId)
    .whereIn('id', [...ids])
    .whereNotNull('live_revision')
    .sum<{ sum: number | string | null }[]>({ sum: 'chunk_count' })
    .first();
  return Number(row?.sum ?? 0);
}

/** The lexemes of the query in each language that the user's documents have. */
async function readTerms(trx: Knex, search: ChunkSearch): Promise<QueryTerm[]> {
  const result = await trx.raw<{ rows: Row[] }>(
    `select q.term, q.count, coalesce(s.chunk_count, 0) as chunk_count
     from (
       select lexeme.lexeme as term, max(cardinality(lexeme.positions)) as count
       from (select distinct language from text_statistics where user_id = :userId and chunk_count > 0) l
       cross join lateral unnest(to_tsvector(l.language::regconfig, translate(:query::text, '/-', '  '))) as lexeme
       group by lexeme.lexeme
     ) q
     left join term_statistics s on s.user_id = :userId and s.term = q.term`,
    { userId: search.userId, query: search.query.replaceAll('\0', ' ') },
  );
  return result.rows.map((row) => fromRow<QueryTerm>(row));
}

async function configure(trx: Knex, pool: number): Promise<void> {
  // Compiling a query of some milliseconds takes longer than running it. An iterative scan reads on until enough rows
  // pass the filters, where a plain one would stop at ef_search rows of anybody's (pgvector 0.8).
  await trx.raw(
    `select set_config('jit', 'off', true), set_config('hnsw.iterative_scan', 'relaxed_order', true),
       set_config('hnsw.ef_search', ?, true), set_config('hnsw.max_scan_tuples', '100000', true)`,
    [String(pool)],
  );
}
