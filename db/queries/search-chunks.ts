import type { Knex } from 'knex';
import { toSql } from 'pgvector';
import type { EmbeddingModel } from '#shared/domain/types.ts';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';
import { onSnapshot } from './kept-model.ts';
import { searchSql } from './search-chunks-sql.ts';
import { readScope } from './search-scope.ts';
import { expandPlan } from './text-feedback.ts';
import type { ExpandedPlan } from './text-feedback.ts';
import { planTextRanking } from './text-ranking.ts';
import type { TextPlan } from './text-ranking.ts';
import { configureWalk, inSight, isExactCheaper } from './vector-cost.ts';

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

/** Best chunks taken from each side; more of them than hits, because the fused order differs from both. */
const POOL = { least: 100, most: 1000, perHit: { chunk: 2, document: 5 } } as const;

export function chunkSearchReader(connection: Knex): ChunkSearchReader {
  return { chunks: (search) => onSnapshot(connection, (trx) => searchChunks(trx, search)) };
}

async function searchChunks(trx: Knex, search: ChunkSearch): Promise<ChunkHit[]> {
  if (search.mode !== 'text' && search.vector === undefined)
    throw new RangeError(`a search of mode ${search.mode} needs a vector`);
  const vector = search.mode === 'text' ? undefined : search.vector;
  const pool = Math.min(POOL.most, Math.max(POOL.least, search.limit * POOL.perHit[search.groupBy]));
  const { counts, terms, vectors } = await readScope(trx, { ...search, modelId: vector?.model.id });
  if (counts.scopeChunkCount === 0) return [];
  const own = planTextRanking(terms, counts);
  const rows = { scope: counts.scopeChunkCount, all: vectors, pool };
  const exact = isExactCheaper(rows);
  if (vector !== undefined && !exact) await configureWalk(trx, inSight(rows));
  const shape = {
    byText: search.mode !== 'vector' && own.candidates !== null,
    model: vector?.model,
    exact,
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
