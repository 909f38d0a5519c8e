import type { EmbeddingModel } from '#shared/domain/types.ts';
import { indexedVector } from '../vectors.ts';
import { BM25 } from './text-ranking.ts';

/** What the statement must contain; everything else are its bindings. */
export interface MemorySearchShape {
  readonly byText: boolean;
  /** Model whose vectors are compared; undefined compares none. */
  readonly model: Pick<EmbeddingModel, 'id' | 'dimensions'> | undefined;
  /** Compares every vector in scope instead of walking the index. */
  readonly exact: boolean;
  readonly ofAssistant: boolean;
  readonly ofTypes: boolean;
  readonly ofTags: boolean;
  /** Takes in the memories of one session beside those that last. */
  readonly ofSession: boolean;
}

/**
 * Writes the statement of a search over memories, as `searchSql` does for chunks: candidates of both sides, both scores
 * for each, fused and cut. No text of a client is part of it; see `searchMemories` for the bindings.
 */
export function memorySearchSql(shape: MemorySearchShape): string {
  const places = [shape.byText ? textPlaces(shape) : undefined, vectorPlaces(shape)].filter(
    (sql) => sql !== undefined,
  );
  if (places.length === 0) places.push('select null::uuid as id where false');
  const model = shape.model;
  return `
    with candidates as materialized (${places.join('\n      union\n      ')}),
    scored as materialized (
      select m.id, ${textScore} as text_score,
        ${model === undefined ? 'null::float8' : 'coalesce(greatest(0, 1 - (e.embedding <=> :queryVector::vector)), 0)'} as vector_score
      from candidates join memories m on m.id = candidates.id
      ${model === undefined ? '' : `left join memory_embeddings e on e.memory_id = m.id and e.model_id = ${model.id}`}
    ),
    fused as (
      select scored.*, least(1, coalesce(:vectorWeight::float8 * vector_score, 0) + (1 - :vectorWeight::float8) * text_score) as score
      from scored
    )
    select id as memory_id, score, vector_score, text_score from fused
    where score >= :minScore::float8 order by score desc, id limit :limit`;
}

/** BM25 over its bound; see `planTextRanking`. */
const textScore = `coalesce((
        select sum(w.weight * f.tf / (f.tf + ${BM25.k1} * (1 - ${BM25.b} + ${BM25.b} * m.token_count / :averageTokens::float8)))
        from unnest(:terms::tsquery[], :weights::float8[]) as w (term, weight)
        cross join lateral (select term_frequency(m.search_vector, w.term) as tf) f
        where f.tf > 0), 0)`;

function scope({ ofAssistant, ofTypes, ofTags, ofSession }: MemorySearchShape, owned: string): string {
  return [
    `${owned}.user_id = :userId`,
    ...(ofAssistant ? [`${owned}.assistant_id = :assistantId`] : []),
    ...(ofTypes ? ['m.type = any(:types::text[])'] : []),
    ...(ofTags ? ['m.tags @> :tags::text[]'] : []),
    'm.is_active',
    ofSession ? '(m.session_id is null or m.session_id = :sessionId)' : 'm.session_id is null',
  ].join(' and ');
}

/** Memories scored by text: where even the rarest word of a query stands in more of them, any so many will do. */
const MOST_SCORED = 5000;

function textPlaces(shape: MemorySearchShape): string {
  return `(select id from (
         select m.id, ${textScore} as score from (
           select m.id, m.search_vector, m.token_count from memories m
           where ${scope(shape, 'm')} and m.search_vector @@ :candidates::tsquery limit ${MOST_SCORED}) m
         ) t order by score desc, id limit :pool)`;
}

function vectorPlaces(shape: MemorySearchShape): string | undefined {
  if (shape.model === undefined) return undefined;
  const { column, type } = indexedVector(shape.model, 'e.embedding');
  // Without the cast the planner cannot use the model's index and reads the rows of the scope.
  const distance = shape.exact
    ? 'e.embedding <=> :queryVector::vector'
    : `${column} <=> :queryVector::${type}`;
  return `(select id from (select m.id, ${distance} as distance
         from memory_embeddings e join memories m on m.id = e.memory_id
         where e.model_id = ${shape.model.id} and e.status = 'embedded' and ${scope(shape, 'e')}
         ${shape.exact ? '' : 'order by distance limit :pool'}) v order by distance, id limit :pool)`;
}
