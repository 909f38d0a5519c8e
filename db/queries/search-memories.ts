import type { Knex } from 'knex';
import { toSql } from 'pgvector';
import type { MemoryType } from '#shared/domain/memory.ts';
import type { EmbeddingModel } from '#shared/domain/types.ts';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';
import { assertKept, onSnapshot } from './kept-model.ts';
import type { SearchMode } from './search-chunks.ts';
import { memorySearchSql } from './search-memories-sql.ts';
import { planTextRanking } from './text-ranking.ts';
import type { ChunkCounts, QueryTerm, TextPlan } from './text-ranking.ts';
import { configureWalk, inSight } from './vector-cost.ts';

export interface MemorySearch {
  readonly userId: string;
  readonly assistantId?: string | undefined;
  readonly types?: readonly MemoryType[] | undefined;
  /** All of them. */
  readonly tags?: readonly string[] | undefined;
  /** A conversation whose own memories are searched as well; by default those of none are. */
  readonly sessionId?: string | undefined;
  readonly mode: SearchMode;
  readonly query: string;
  /** Configuration of text search that memories are written under. */
  readonly language: string;
  /** The embedded query and the model that made it; needed by all modes but `text`. */
  readonly vector?: { readonly model: EmbeddingModel; readonly values: ArrayLike<number> } | undefined;
  /** Share of the vector score in the hybrid score, 0..1. */
  readonly vectorWeight: number;
  /** Most hits, 1..100. */
  readonly limit: number;
  /** Least score of a hit, 0..1. */
  readonly minScore?: number | undefined;
}

export interface MemoryHit {
  readonly memoryId: string;
  /** All scores lie in 0..1. */
  readonly score: number;
  /** Cosine similarity, 0 below zero and without a vector; null when no vectors were compared. */
  readonly vectorScore: number | null;
  readonly textScore: number;
}

export interface MemorySearchReader {
  /**
   * Answers one search over the active memories of a user, best first, scored as the search over chunks is. A memory
   * whose vector is still to be made is found by its words.
   *
   * @throws RangeError when a mode needs a vector and there is none
   * @throws StaleModelError when the vectors of the query's model are being dropped
   */
  memories(search: MemorySearch): Promise<MemoryHit[]>;
}

/** Up to so many vectors are compared one by one: exact, and at that size as fast as the index. */
const MOST_EXACT_VECTORS = 5000;

/** Best memories taken from each side; more of them than hits, because the fused order differs from both. */
const POOL = { least: 100, perHit: 2 } as const;

/** Terms of a query whose frequency is looked up. */
const MOST_TERMS = 64;

/** How far memories are counted, all of them as well as those with a word: so a search does not get slower with them. */
const MOST_COUNTED = 10_000;

export function memorySearchReader(connection: Knex): MemorySearchReader {
  return { memories: (search) => onSnapshot(connection, (trx) => searchMemories(trx, search)) };
}

async function searchMemories(trx: Knex, search: MemorySearch): Promise<MemoryHit[]> {
  if (search.mode !== 'text' && search.vector === undefined)
    throw new RangeError(`a search of mode ${search.mode} needs a vector`);
  const counts = await countMemories(trx, search);
  if (counts.scopeChunkCount === 0) return [];
  const plan = planTextRanking(search.mode === 'vector' ? [] : await readTerms(trx, search), counts);
  const model = search.mode === 'text' ? undefined : search.vector?.model;
  if (model !== undefined) await assertKept(trx, model.id);
  const pool = Math.max(POOL.least, search.limit * POOL.perHit);
  // As for chunks; how many there are of others is not known.
  const rows = { scope: counts.scopeChunkCount, all: counts.scopeChunkCount, pool };
  await trx.raw(`select set_config('jit', 'off', true)`);
  await configureWalk(trx, inSight(rows));
  const sql = memorySearchSql({
    byText: plan.candidates !== null,
    model,
    exact: counts.scopeChunkCount <= MOST_EXACT_VECTORS,
    ofAssistant: search.assistantId !== undefined,
    ofTypes: search.types !== undefined,
    ofTags: search.tags !== undefined,
    ofSession: search.sessionId !== undefined,
  });
  // eslint-disable-next-line no-restricted-syntax -- written by memorySearchSql from constants and numbers of the database
  const result = await trx.raw<{ rows: Row[] }>(sql, bindings(search, plan, pool));
  return result.rows.map((row) => fromRow<MemoryHit>(row));
}

const bindings = (search: MemorySearch, plan: TextPlan, pool: number): Record<string, Knex.Value> => ({
  userId: search.userId,
  assistantId: search.assistantId ?? null,
  sessionId: search.sessionId ?? null,
  types: [...(search.types ?? [])],
  tags: [...(search.tags ?? [])],
  candidates: plan.candidates,
  terms: [...plan.terms],
  weights: [...plan.weights],
  averageTokens: plan.averageTokens,
  queryVector: search.vector === undefined ? null : (toSql(Array.from(search.vector.values)) as string),
  vectorWeight: { hybrid: search.vectorWeight, vector: 1, text: 0 }[search.mode],
  pool,
  limit: search.limit,
  minScore: search.minScore ?? 0,
});

async function countMemories(trx: Knex, { userId, assistantId }: MemorySearch): Promise<ChunkCounts> {
  const { rows } = await trx.raw<{ rows: Row[] }>(
    `select all_of.*, scope.* from (
       select count(*) as chunk_count, coalesce(sum(token_count), 0)::bigint as token_count from (
         select token_count from memories where user_id = :userId and is_active
         order by assistant_id limit :counted) some_of) all_of
     cross join (
       select count(*) as scope_chunk_count from (
         select assistant_id from memories where user_id = :userId and is_active
           and (:assistantId::uuid is null or assistant_id = :assistantId::uuid)
         order by assistant_id limit :counted) some_of) scope`,
    { userId, assistantId: assistantId ?? null, counted: MOST_COUNTED },
  );
  return fromRow<ChunkCounts>(rows[0] ?? {});
}

/** The lexemes of the query, and in how many of the user's active memories each stands. */
async function readTerms(trx: Knex, { userId, query, language }: MemorySearch): Promise<QueryTerm[]> {
  const { rows } = await trx.raw<{ rows: Row[] }>(
    `select t.lexeme as term, cardinality(t.positions) as count, found.count as chunk_count
     from (select lexeme, positions from unnest(to_tsvector(:language::regconfig, translate(:query::text, '/-', '  ')))
       order by length(lexeme) desc, lexeme limit :terms) t
     cross join lateral (select count(*) from (
       select from memories m
       where m.user_id = :userId and m.is_active
         and m.search_vector @@ concat('''', replace(replace(t.lexeme, '\\', '\\\\'), '''', ''''''), '''')::tsquery
       limit :counted) few) found`,
    { userId, language, query: query.replaceAll('\0', ' '), terms: MOST_TERMS, counted: MOST_COUNTED },
  );
  return rows.map((row) => fromRow<QueryTerm>(row));
}
