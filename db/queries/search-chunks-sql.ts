import type { EmbeddingModel } from '#shared/domain/types.ts';
import { indexedVector } from '../vectors.ts';
import { BM25 } from './text-ranking.ts';

/** What the statement must contain; everything else are its bindings. */
export interface SearchShape {
  readonly byText: boolean;
  /** Model whose vectors are compared; undefined compares none. */
  readonly model: Pick<EmbeddingModel, 'id' | 'dimensions'> | undefined;
  /** Compares every vector in scope instead of walking the index. */
  readonly exact: boolean;
  readonly ofAssistant: boolean;
  readonly ofDocuments: boolean;
  readonly grouped: boolean;
  /** The best text score is given; all are scaled to it. */
  readonly scaled: boolean;
}

/** Chunks that one document may bring into the pool of a grouped search, so that a long one does not fill it. */
const CHUNKS_PER_DOCUMENT = 3;

/**
 * Writes the search statement: candidates of both sides, both scores for each, fused, cut, and only then the texts read.
 * No text of a client is part of it; see `searchChunks` for the bindings.
 */
export function searchSql(shape: SearchShape): string {
  const places = [shape.byText ? textPlaces(shape) : undefined, vectorPlaces(shape)].filter(
    (sql) => sql !== undefined,
  );
  if (places.length === 0) places.push('select null::uuid as id where false');
  const model = shape.model;
  return `
    with candidates as materialized (${places.join('\n      union\n      ')}),
    scored as materialized (
      select c.id, c.document_id, ${textScore} as text_score,
        ${model === undefined ? 'null::float8' : 'coalesce(greatest(0, 1 - (e.embedding <=> :queryVector::vector)), 0)'} as vector_score
      from candidates join document_chunks c on c.id = candidates.id
      ${model === undefined ? '' : `left join chunk_embeddings e on e.chunk_id = c.id and e.model_id = ${model.id}`}
    ),
    ranked as (${shape.scaled ? scaledText : 'select * from scored'}),
    fused as (
      select ranked.*, least(1, coalesce(:vectorWeight::float8 * vector_score, 0) + (1 - :vectorWeight::float8) * text_score) as score
      from ranked
    ),
    best as (
      select * from (${shape.grouped ? 'select distinct on (document_id) * from fused order by document_id, score desc, id' : 'select * from fused'}) f
      where score >= :minScore::float8 order by score desc, id limit :limit
    )
    select c.id as chunk_id, c.document_id, d.title as document_title, c.text, c.page_from, c.page_to, c.char_start,
      c.char_end, best.score, best.vector_score, best.text_score
    from best join document_chunks c on c.id = best.id join documents d on d.id = c.document_id
    order by best.score desc, best.id`;
}

/** The order stays; a query that was expanded by its best passages must not score more than by its own words,
 * and what has all of these keeps the score that it has by them. */
const scaledText = `
      select id, document_id, vector_score,
        greatest(own.score, coalesce(text_score * :bestText::float8 / nullif(max(text_score) over (), 0), 0)) as text_score
      from scored left join unnest(:coveringIds::uuid[], :coveringScores::float8[]) as own (chunk_id, score)
        on own.chunk_id = scored.id`;

/** BM25 over its bound; see `planTextRanking`. */
const textScore = `coalesce((
        select sum(w.weight * f.tf / (f.tf + ${BM25.k1} * (1 - ${BM25.b} + ${BM25.b} * c.token_count / :averageTokens::float8)))
        from unnest(:terms::tsquery[], :weights::float8[]) as w (term, weight)
        cross join lateral (select term_frequency(c.search_vector, w.term) as tf) f
        where f.tf > 0), 0)`;

const LIVE = 'd.deleted_at is null and c.revision = d.live_revision';

function owned({ ofAssistant, ofDocuments }: SearchShape, rows: string): string {
  return [
    `${rows}.user_id = :userId`,
    ...(ofAssistant ? [`${rows}.assistant_id = :assistantId`] : []),
    ...(ofDocuments ? [`${rows}.document_id = any(:documentIds::uuid[])`] : []),
  ].join(' and ');
}

const scope = (shape: SearchShape, rows: string): string => `${owned(shape, rows)} and ${LIVE}`;

function textPlaces(shape: SearchShape): string {
  return `(select id from ${best(shape, 'score desc', scoredByText(shape), ':pool')} b)`;
}

/** Writes the query for the best chunks by text alone: `id` and `score` of `:seeds` of them. */
export function seedSql(shape: SearchShape): string {
  return `select id, score from ${best(shape, 'score desc', scoredByText(shape), ':seeds')} b`;
}

const scoredByText = (shape: SearchShape): string =>
  `select c.id, c.document_id, ${textScore} as score
       from document_chunks c join documents d on d.id = c.document_id
       where ${scope(shape, 'c')} and c.search_vector @@ :candidates::tsquery`;

function vectorPlaces(shape: SearchShape): string | undefined {
  if (shape.model === undefined) return undefined;
  const nearest =
    shape.exact && !shape.grouped ? nearestLive(shape, shape.model) : byDistance(shape, shape.model);
  return `(select id from ${best(shape, 'distance', nearest, ':pool')} b)`;
}

/** Compares first and asks only of the nearest whether they are live: that is another table for each. */
function nearestLive(shape: SearchShape, model: NonNullable<SearchShape['model']>): string {
  return `select c.id, c.document_id, e.distance
       from (
         select e.chunk_id, e.embedding <=> :queryVector::vector as distance from chunk_embeddings e
         where e.model_id = ${model.id} and e.status = 'embedded' and ${owned(shape, 'e')}
         order by distance) e
       join document_chunks c on c.id = e.chunk_id join documents d on d.id = c.document_id
       where ${LIVE} order by e.distance limit :pool`;
}

function byDistance(shape: SearchShape, model: NonNullable<SearchShape['model']>): string {
  const { column, type } = indexedVector(model, 'e.embedding');
  // Without the cast the planner cannot use the model's index and reads the rows of the scope.
  const distance = shape.exact
    ? 'e.embedding <=> :queryVector::vector'
    : `${column} <=> :queryVector::${type}`;
  return `select c.id, c.document_id, ${distance} as distance
       from chunk_embeddings e join document_chunks c on c.id = e.chunk_id join documents d on d.id = c.document_id
       where e.model_id = ${model.id} and e.status = 'embedded' and ${scope(shape, 'e')}
       ${shape.exact ? '' : 'order by distance limit :pool'}`;
}

/** The best rows, so many as the binding says, in a grouped search of a few a document. */
function best(shape: SearchShape, order: string, rows: string, limit: ':pool' | ':seeds'): string {
  const ranked = shape.grouped
    ? `select *, row_number() over (partition by document_id order by ${order}, id) as place from (${rows}) r`
    : `select *, 1 as place from (${rows}) r`;
  return `(select * from (${ranked}) p where place <= ${CHUNKS_PER_DOCUMENT} order by ${order}, id limit ${limit})`;
}
