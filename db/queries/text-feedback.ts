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

/**
 * A chunk that has this much of the query by weight covers it: most likely it is what was asked for. It keeps its own score
 * at least, and beside it chunks that only resemble the best ones come to that share of it at most.
 */
const COVERING = { least: 0.9, othersAtMost: 0.8 } as const;

/** A term of the best chunks, with its share among all that are kept. */
interface LearntTerm {
  readonly term: string;
  readonly share: number;
  readonly chunkCount: number;
}

/** A chunk of the first look. */
interface Seed {
  readonly id: string;
  readonly score: number;
  /** How much of the query's weight stands in it, 0..1. */
  readonly covered: number;
}

/** The plan of the second look, and what its best text score is scaled to. */
export interface ExpandedPlan extends TextPlan {
  /** What the best text score of the second look is scaled to, 0..1. */
  readonly bestText: number;
  /** Chunks that cover the query, with their text scores by its own words. */
  readonly covering: readonly Pick<Seed, 'id' | 'score'>[];
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
  const learnt = rows.map((row) => fromRow<LearntTerm & { seeds: readonly Seed[] }>(row));
  const seeds = learnt[0]?.seeds ?? [];
  if (seeds.length === 0) return undefined;
  const bestOwn = Math.max(...seeds.map(({ score }) => score));
  const covering = seeds.filter(({ covered }) => covered >= COVERING.least);
  return {
    ...planTextRanking(expandQuery(query, learnt, weight), counts),
    bestText: covering.length === 0 ? bestOwn : bestOwn * COVERING.othersAtMost,
    covering,
  };
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

/** The terms that say most about the best chunks by text; every row has all of these as well. */
function learnSql(shape: SearchShape): string {
  return `
    with seeds as materialized (
      select s.id, s.score, c.search_vector, (
        select coalesce(sum(w.weight), 0) from unnest(:terms::tsquery[], :weights::float8[]) as w (term, weight)
        where c.search_vector @@ w.term) as covered
      from (${seedSql(shape)}) s join document_chunks c on c.id = s.id
    ),
    words as (
      select s.score, l.lexeme as term, cardinality(l.positions)::float8 as count,
        sum(cardinality(l.positions)) over (partition by s.id) as length
      from seeds s cross join lateral unnest(s.search_vector) l
      where s.score > 0
    ),
    learnt as (
      select term, sum(score * count / length) as share from words
      group by term order by share desc, term limit :learnt
    )
    select learnt.term, learnt.share, coalesce(t.chunk_count, 0) as chunk_count,
      (select json_agg(json_build_object('id', id, 'score', score, 'covered', covered)) from seeds) as seeds
    from learnt left join term_statistics t on t.user_id = :userId and t.term = learnt.term`;
}
