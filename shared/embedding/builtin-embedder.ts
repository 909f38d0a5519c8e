import type { Metrics } from '../metrics/metrics.ts';
import type { Embedder } from './embedder.ts';
import { readFeatures } from './text-features.ts';

const DIMENSIONS = 768;

/** Texts embedded before the event loop gets a turn; a passage takes about half a millisecond. */
const TEXTS_A_TURN = 4;

/**
 * Makes the embedder that needs no download, key or network: the same text always gives the same vector. It compares
 * words and parts of words, not meaning. A change that alters vectors needs a new model name.
 */
export function createBuiltinEmbedder({ metrics }: { readonly metrics: Metrics }): Embedder {
  const model = { provider: 'builtin', name: 'hashed-words-1', dimensions: DIMENSIONS };
  const embedDocuments: Embedder['embedDocuments'] = async (texts, { signal }) => {
    const vectors: Float32Array[] = [];
    const stopTimer = metrics.embedderDuration.startTimer({ provider: model.provider });
    for (const text of texts) {
      if (vectors.length % TEXTS_A_TURN === 0) {
        if (vectors.length > 0) await new Promise((resolve) => setImmediate(resolve));
        signal.throwIfAborted();
      }
      vectors.push(hashedVector(text, DIMENSIONS));
    }
    stopTimer({ outcome: 'ok' });
    metrics.embedderCalls.inc({ provider: model.provider, outcome: 'ok' });
    metrics.embedderTexts.inc({ provider: model.provider }, texts.length);
    return vectors;
  };
  return {
    model,
    embedDocuments,
    embedQuery: async (text, options) => {
      const [vector] = await embedDocuments([text], options);
      return vector as Float32Array;
    },
  };
}

/**
 * Hashes a text's features into a vector of unit length: the hash of a feature chooses the component and the sign, so
 * that collisions cancel out on average (Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", 2009).
 *
 * @returns for a text without features, or whose features cancel out, the first unit vector
 */
export function hashedVector(text: string, dimensions: number): Float32Array {
  const sums = new Float64Array(dimensions);
  for (const { hash, weight } of readFeatures(text)) {
    const component = hash % dimensions;
    sums[component] = (sums[component] ?? 0) + (hash >>> 31 === 1 ? weight : -weight);
  }
  const length = lengthOf(sums);
  if (length === 0) sums[0] = 1;
  const vector = new Float32Array(dimensions);
  for (let index = 0; index < dimensions; index++) vector[index] = (sums[index] ?? 0) / (length || 1);
  return vector;
}

/** To the last bit what `Math.hypot(...values)` gives, in a tenth of the time: scaled by the largest, summed after Kahan. */
function lengthOf(values: Float64Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  if (largest === 0) return 0;
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const share = Math.abs(value) / largest;
    const square = share * share - lost;
    const next = sum + square;
    lost = next - sum - square;
    sum = next;
  }
  return Math.sqrt(sum) * largest;
}
