/** Relevance judgements of one query: document id -> grade; only grades above 0 count. */
export type Judgements = ReadonlyMap<string, number>;

export interface Measures {
  readonly ndcgAt10: number;
  readonly recallAt100: number;
  readonly map: number;
  /** Recall after so many ranks: [rank, recall]. */
  readonly recallByRank: readonly (readonly [number, number])[];
}

const RANKS = [1, 2, 5, 10, 20, 50, 100] as const;

/**
 * nDCG@10: DCG = sum of grade(i) / log2(i + 1) over ranks i = 1..10, divided by that of the ideal order (Jarvelin and
 * Kekalainen, "Cumulated gain-based evaluation of IR techniques", 2002, in the linear form that trec_eval uses).
 */
export function ndcgAt10(ranking: readonly string[], judgements: Judgements): number {
  const gain = (grades: readonly number[]): number =>
    grades.slice(0, 10).reduce((sum, grade, index) => sum + grade / Math.log2(index + 2), 0);
  const ideal = gain([...relevant(judgements).values()].sort((a, b) => b - a));
  return ideal === 0 ? 0 : gain(ranking.map((id) => Math.max(0, judgements.get(id) ?? 0))) / ideal;
}

/** recall@k: the share of all relevant documents that are among the first k. */
export function recallAt(k: number, ranking: readonly string[], judgements: Judgements): number {
  const wanted = relevant(judgements);
  return wanted.size === 0 ? 0 : ranking.slice(0, k).filter((id) => wanted.has(id)).length / wanted.size;
}

/** Average precision: the mean, over all relevant documents, of the precision at their rank; 0 for those not found. */
export function averagePrecision(ranking: readonly string[], judgements: Judgements): number {
  const wanted = relevant(judgements);
  let found = 0;
  let sum = 0;
  for (const [index, id] of ranking.entries()) {
    if (!wanted.has(id)) continue;
    found += 1;
    sum += found / (index + 1);
  }
  return wanted.size === 0 ? 0 : sum / wanted.size;
}

/** Means over all judged queries; a query without an answer counts as 0. MAP is over the ranks that were asked for. */
export function measure(
  rankings: ReadonlyMap<string, readonly string[]>,
  judgements: ReadonlyMap<string, Judgements>,
): Measures {
  const judged = [...judgements].filter(([, grades]) => relevant(grades).size > 0);
  const mean = (of: (ranking: readonly string[], grades: Judgements) => number): number =>
    judged.reduce((sum, [query, grades]) => sum + of(rankings.get(query) ?? [], grades), 0) / judged.length;
  const meanRecall = (k: number): number => mean((ranking, grades) => recallAt(k, ranking, grades));
  return {
    ndcgAt10: mean(ndcgAt10),
    recallAt100: meanRecall(100),
    map: mean(averagePrecision),
    recallByRank: RANKS.map((rank) => [rank, meanRecall(rank)]),
  };
}

const relevant = (judgements: Judgements): Map<string, number> =>
  new Map([...judgements].filter(([, grade]) => grade > 0));
