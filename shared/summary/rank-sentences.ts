/** Chance that the walk goes on to a similar sentence instead of to any; the value of both papers. */
const DAMPING = 0.85;
const MOST_ROUNDS = 100;
const CONVERGED = 1e-6;

/** Likeness below which two sentences say nothing about each other, as most pairs of unrelated ones have a little. */
const NOISE = 0.1;

/** Weight of a sentence's rank against its likeness to what has been chosen already. */
const RANK_WEIGHT = 0.7;

/** Likeness from which a sentence repeats another, and is left out however central it is. */
const REPETITION = 0.9;

/** Cosine similarities of all pairs, row after row; 0 for what is below the noise, and for a sentence with itself. */
export interface Similarities {
  readonly count: number;
  readonly values: Float64Array;
}

/** Compares all pairs of vectors of one model. */
export function compareAll(vectors: readonly Float32Array[]): Similarities {
  const count = vectors.length;
  const values = new Float64Array(count * count);
  const lengths = vectors.map((vector) => Math.hypot(...vector));
  for (let row = 0; row < count; row++)
    for (let column = 0; column < row; column++) {
      const product = (lengths[row] ?? 0) * (lengths[column] ?? 0);
      const cosine = product === 0 ? 0 : dot(vectors[row], vectors[column]) / product;
      const value = cosine < NOISE ? 0 : Math.min(cosine, 1);
      values[row * count + column] = value;
      values[column * count + row] = value;
    }
  return { count, values };
}

function dot(a: Float32Array = new Float32Array(), b: Float32Array = new Float32Array()): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

/**
 * Ranks sentences by how central they are: the stationary distribution of a walk over sentences that prefers similar
 * ones (Mihalcea and Tarau, "TextRank: Bringing Order into Texts", 2004; Erkan and Radev, "LexRank: Graph-based Lexical
 * Centrality as Salience in Text Summarization", 2004, in its continuous form). Deterministic.
 *
 * @returns one score a sentence, 0..1, relative to the highest
 */
export function centrality({ count, values }: Similarities): Float64Array {
  const degree = new Float64Array(count);
  for (let row = 0; row < count; row++)
    for (let column = 0; column < count; column++)
      degree[row] = (degree[row] ?? 0) + (values[row * count + column] ?? 0);
  let scores = new Float64Array(count).fill(1 / (count || 1));
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = step(count, values, degree, scores);
    const change = next.reduce((sum, value, index) => sum + Math.abs(value - (scores[index] ?? 0)), 0);
    scores = next;
    if (change < CONVERGED) break;
  }
  const highest = Math.max(...scores);
  return scores.map((score) => score / (highest || 1));
}

function step(
  count: number,
  values: Float64Array,
  degree: Float64Array,
  scores: Float64Array,
): Float64Array<ArrayBuffer> {
  const next = new Float64Array(count);
  let lost = 0;
  for (let from = 0; from < count; from++) {
    const out = degree[from] ?? 0;
    const score = scores[from] ?? 0;
    // From a sentence that resembles no other the walk goes on anywhere.
    if (out === 0) lost += score;
    else
      for (let to = 0; to < count; to++)
        next[to] = (next[to] ?? 0) + (score * (values[from * count + to] ?? 0)) / out;
  }
  return next.map((value) => (1 - DAMPING) / count + DAMPING * (value + lost / count));
}

/**
 * Chooses sentences one by one, each the best in rank against its likeness to those chosen before (maximal marginal
 * relevance: Carbonell and Goldstein, "The Use of MMR, Diversity-Based Reranking", 1998). Of equals the earlier wins.
 *
 * @param fits whether a sentence still has room; asked in the order of choice
 * @returns indices in the order of choice
 */
export function chooseDiverse(
  scores: Float64Array,
  { count, values }: Similarities,
  most: number,
  fits: (index: number) => boolean,
): number[] {
  const chosen: number[] = [];
  const nearest = new Float64Array(count);
  const open = new Set(scores.keys());
  while (chosen.length < most && open.size > 0) {
    let best = -1;
    let bestValue = -Infinity;
    for (const index of open) {
      const value = RANK_WEIGHT * (scores[index] ?? 0) - (1 - RANK_WEIGHT) * (nearest[index] ?? 0);
      if (value > bestValue) [best, bestValue] = [index, value];
    }
    open.delete(best);
    if ((nearest[best] ?? 0) >= REPETITION || !fits(best)) continue;
    chosen.push(best);
    for (const index of open)
      nearest[index] = Math.max(nearest[index] ?? 0, values[best * count + index] ?? 0);
  }
  return chosen;
}
