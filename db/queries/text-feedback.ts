import type { Knex } from 'knex';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';
import { seedSql } from './search-chunks-sql.ts';
import type { SearchShape } from './search-chunks-sql.ts';
import { planTextRanking } from './text-ranking.ts';
import type { ChunkCounts, QueryTerm, TextPlan } from './text-ranking.ts';

/**
 * Chunks that a query learns from and terms it learns, as RM3 is commonly run (Lin, "The Neural Hype and Comparisons
 * Against Weak Baselines", 2019, takes ten documents; twenty terms are within the usual ten to thirty).
 */
const FEEDBACK = { chunks: 10, terms: 20 } as const;

/** A term of the best chunks, with its share among all that are kept. */
interface LearntTerm {
  readonly term: string;
  readonly share: number;
  readonly chunkCount: number;
}

/** The plan of the second look, and what its best text score is scaled to. */
export interface ExpandedPlan extends TextPlan {
  /** The best text score of the query by its own words, 0..1. */
  readonly bestOwn: number;
}

/**
 * Plans a second look at the text with the words of the best passages of the first: pseudo-relevance feedback by the
 * relevance model RM3 (Lavrenko and Croft, "Relevance-Based Language Models", 2001; Abdul-Jaleel et al., "UMass at TREC
 * 2004"). A term counts
 *
 *   (1 - weight) * count(t, q) / |q| + weight * P(t | R)
 *   P(t | R) = sum over the best chunks of tf(t, c) / |c| * score(c) / sum of their scores
 *
 * and is weighed by its idf as ever. Words of passages that hardly fit must not make them fit: the caller scales the
 * scores so that the best one is what the query reached by its own words.
 *
 * @param bindings of the statement of the first look
 * @returns undefined when no chunk has a word of the query
 */
export async function expandPlan(
  trx: Knex,
  search: { readonly shape: SearchShape; readonly bindings: Record<string, Knex.Value> },
  query: readonly QueryTerm[],
  counts: ChunkCounts,
  weight: number,
): Promise<ExpandedPlan | undefined> {
  // eslint-disable-next-line no-restricted-syntax -- written by learnSql from constants
  const { rows } = await trx.raw<{ rows: Row[] }>(learnSql(search.shape), {
    ...search.bindings,
    seeds: FEEDBACK.chunks,
    learnt: FEEDBACK.terms,
  });
  const learnt = rows.map((row) => fromRow<LearntTerm & { best: number }>(row));
  const bestOwn = learnt[0]?.best;
  if (bestOwn === undefined) return undefined;
  return { ...planTextRanking(expandQuery(query, learnt, weight), counts), bestOwn };
}

/** Mixes the terms of a query with learnt ones; the counts of the result add up to 1. */
export function expandQuery(
  query: readonly QueryTerm[],
  learnt: readonly LearntTerm[],
  weight: number,
): QueryTerm[] {
  const length = query.reduce((sum, { count }) => sum + count, 0);
  const all = learnt.reduce((sum, { share }) => sum + share, 0);
  const terms = new Map(
    query.map((term) => [term.term, { ...term, count: ((1 - weight) * term.count) / length }]),
  );
  for (const { term, share, chunkCount } of learnt) {
    const own = terms.get(term);
    const count = (own?.count ?? 0) + (weight * share) / all;
    terms.set(term, own === undefined ? { term, count, chunkCount, learnt: true } : { ...own, count });
  }
  return [...terms.values()];
}

/** The terms that say most about the best chunks by text. Every row carries the best score as well. */
function learnSql(shape: SearchShape): string {
  return `
    with seeds as materialized (${seedSql(shape)}),
    words as (
      select s.score, l.lexeme as term, cardinality(l.positions)::float8 as count,
        sum(cardinality(l.positions)) over (partition by s.id) as length
      from seeds s join document_chunks c on c.id = s.id cross join lateral unnest(c.search_vector) l
      where s.score > 0
    ),
    learnt as (
      select term, sum(score * count / length) as share from words
      group by term order by share desc, term limit :learnt
    )
    select learnt.term, learnt.share, coalesce(t.chunk_count, 0) as chunk_count, (select max(score) from seeds) as best
    from learnt left join term_statistics t on t.user_id = :userId and t.term = learnt.term`;
}
