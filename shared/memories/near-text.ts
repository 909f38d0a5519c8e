import { textFeatures } from '../embedding/text-features.ts';

/** Keys of a text; the more of their features two texts share, the likelier they have a key in common. */
const BANDS = 24;
const HASHES_PER_BAND = 4;

/**
 * Reads the keys under which texts that nearly say the same are found by an index: MinHash over the features of the text
 * (words, and parts of words), in bands (Broder, "On the Resemblance and Containment of Documents", 1997; Leskovec,
 * Rajaraman, Ullman, "Mining of Massive Datasets", chapter 3). Two texts whose features overlap by a Jaccard index of j
 * have a key in common with probability 1 - (1 - j^4)^24: 0.9998 for j = 0.74, which is about a similarity of 0.85, and
 * 0.002 for j = 0.1, as unrelated texts of one language have it.
 *
 * Stored: whoever changes this, or the features, must make the keys of all memories anew.
 *
 * @returns 24 signed 32-bit numbers; none for a text without a visible character
 */
export function nearKeys(text: string): number[] {
  const hashes = Array.from(textFeatures(text).keys(), hashOf);
  if (hashes.length === 0) return [];
  const least = new Int32Array(BANDS * HASHES_PER_BAND).fill(0x7fffffff);
  for (const hash of hashes)
    for (let index = 0; index < least.length; index += 1) {
      const value = mixed(hash ^ Math.imul(index + 1, 0x9e3779b1));
      if (value < (least[index] ?? 0)) least[index] = value;
    }
  return Array.from({ length: BANDS }, (_, band) => {
    let key = mixed(band + 1);
    for (let index = band * HASHES_PER_BAND; index < (band + 1) * HASHES_PER_BAND; index += 1)
      key = mixed(key ^ (least[index] ?? 0));
    return key;
  });
}

/**
 * Cosine of the weighted features of two texts: 1 for the same words in any order, case and punctuation, 0 for texts
 * that share not even parts of words. It compares words and not meaning.
 */
export function textSimilarity(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let product = 0;
  for (const [feature, weight] of a) product += weight * (b.get(feature) ?? 0);
  const length = Math.sqrt(squares(a) * squares(b));
  return length === 0 ? 0 : Math.min(1, product / length);
}

function squares(features: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const weight of features.values()) sum += weight * weight;
  return sum;
}

/** FNV-1a over UTF-16 code units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return mixed(hash);
}

/** The finaliser of MurmurHash3. */
function mixed(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
