/** How often a query has a term, and in how many of the user's live chunks it stands. */
export interface QueryTerm {
  readonly term: string;
  /** A fraction where the query was expanded. */
  readonly count: number;
  readonly chunkCount: number;
  /** Not a word of the query itself. */
  readonly learnt?: boolean;
}

/** A user's live chunks; `scopeChunkCount` counts those that the search may answer with. */
export interface ChunkCounts {
  readonly chunkCount: number;
  readonly tokenCount: number;
  readonly scopeChunkCount: number;
}

/** What the database is asked: which chunks to score, and how. */
export interface TextPlan {
  /** Text of a tsquery that every candidate matches; null when nothing can match. */
  readonly candidates: string | null;
  /** Texts of the single-term tsqueries that are scored. */
  readonly terms: readonly string[];
  /** Share of each of them in the best possible score; together at most 1. */
  readonly weights: readonly number[];
  /** Mean tokens of a chunk. */
  readonly averageTokens: number;
}

/** BM25's constants, as Robertson and Zaragoza recommend them ("The Probabilistic Relevance Framework", 2009). */
export const BM25 = { k1: 1.2, b: 0.75 } as const;

/** Chunks one search scores by text: up to so many are found by their rarest words, whatever the size of the corpus. */
const MOST_CANDIDATES = 3000;

/** Terms of a query that are scored; a pasted page is well described by its 64 most telling words. */
const MOST_TERMS = 64;

/**
 * Plans ranking by BM25 divided by its upper bound, so that scores lie in 0..1 and mean the same for every query:
 *
 *   score(q, c) = sum over terms of w(t) * tf / (tf + k1 * (1 - b + b * tokens(c) / mean tokens))
 *   w(t) = count(t, q) * idf(t) / sum of the same over all terms of the query
 *   idf(t) = ln(1 + (N - df + 0.5) / (df + 0.5))
 *
 * N and df count all live chunks of the user, however narrow the scope, so a score does not depend on the scope. A term
 * that stands nowhere keeps its share of the denominator: no chunk answers that part of the query.
 *
 * Candidates are chunks with one of the rarest terms. Frequent terms only add to the score of those once enough chunks
 * are found, which leaves the order of small corpora exact and bounds the work in large ones (the idea of MaxScore:
 * Turtle and Flood, "Query evaluation: strategies and optimizations", 1995). Learnt terms find candidates only where the
 * query's own leave room.
 */
export function planTextRanking(query: readonly QueryTerm[], counts: ChunkCounts): TextPlan {
  const weighed = query.map((term) => ({
    ...term,
    weight: term.count * inverseDocumentFrequency(term.chunkCount, counts.chunkCount),
  }));
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  const scored = weighed
    .filter(({ chunkCount }) => chunkCount > 0)
    .sort((a, b) => b.weight - a.weight || (a.term < b.term ? -1 : 1))
    .slice(0, MOST_TERMS);
  const selective = selectiveTerms(scored, counts);
  return {
    candidates: selective.length === 0 ? null : selective.map(quoteTerm).join(' | '),
    terms: scored.map(({ term }) => quoteTerm(term)),
    weights: scored.map(({ weight }) => weight / total),
    averageTokens: Math.max(1, counts.tokenCount / Math.max(1, counts.chunkCount)),
  };
}

function inverseDocumentFrequency(chunkCount: number, all: number): number {
  // A search may see counts of a moment later than its terms; df is never more than N here.
  const df = Math.min(chunkCount, all);
  return Math.log(1 + (all - df + 0.5) / (df + 0.5));
}

function selectiveTerms(terms: readonly QueryTerm[], counts: ChunkCounts): string[] {
  // In a narrow scope only that share of the chunks that have a term can be candidates.
  const share = counts.scopeChunkCount / Math.max(1, counts.chunkCount);
  const selective: string[] = [];
  let candidates = 0;
  const ownFirst = (term: QueryTerm): number => (term.learnt === true ? 1 : 0);
  for (const { term, chunkCount } of [...terms].sort(
    (a, b) => ownFirst(a) - ownFirst(b) || a.chunkCount - b.chunkCount,
  )) {
    candidates += chunkCount * share;
    if (selective.length > 0 && candidates > MOST_CANDIDATES) break;
    selective.push(term);
  }
  return selective;
}

/** Writes a lexeme as a term of a tsquery's text form, whatever characters it has. */
function quoteTerm(lexeme: string): string {
  return `'${lexeme.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
