import { stemmer } from 'stemmer';

/** Share of a word's weight that all its n-grams have together. */
const SUBWORD_WEIGHT = 0.5;
const NGRAM_SIZES = [3, 4, 5];

/** What one word has: numbers of features, and what each weighs by itself. */
export interface WordFeatures {
  readonly numbers: readonly number[];
  readonly weights: readonly number[];
}

/** Some 30 MB when both are full; prose has a few thousand words, and ids, code or base64 come without end. */
const MOST_WORDS = 20_000;
const MOST_FEATURES = 150_000;

/**
 * Features by number, with what was worked out for words before: the same few thousand words make most of every text. What it
 * answers does not depend on what it remembers.
 */
export class FeatureTable {
  readonly names: string[] = [];
  /** As {@link hash32} gives them, by number. */
  readonly hashes: number[] = [];
  /** How often each feature stands in the text that is being read; zero in between. */
  readonly counts: number[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #words = new Map<string, WordFeatures>();
  readonly #stems = new Map<string, string>();

  /** To be called between two texts: numbers of before are worth nothing afterwards, when there was too much of them. */
  tidy(): void {
    if (this.#stems.size > MOST_WORDS) this.#stems.clear();
    if (this.#words.size <= MOST_WORDS && this.names.length <= MOST_FEATURES) return;
    for (const list of [this.names, this.hashes, this.counts]) list.length = 0;
    this.#numbers.clear();
    this.#words.clear();
  }

  /** The stemmer knows English; words of other alphabets stay as they are. */
  stemOf(word: string): string {
    const known = this.#stems.get(word);
    if (known !== undefined) return known;
    const stem = /^[a-z]+$/.test(word) ? stemmer(word) : word;
    this.#stems.set(copyOf(word), stem);
    return stem;
  }

  /** Of a stem: itself, and its character n-grams with marked ends. */
  featuresOf(word: string): WordFeatures {
    const known = this.#words.get(word);
    if (known !== undefined) return known;
    const numbers = [this.#number(`w${word}`)];
    const weights = [1];
    const letters = Array.from(`<${word}>`);
    for (const size of NGRAM_SIZES) {
      const grams = letters.length - size + 1;
      for (let start = 0; start < grams; start++) {
        numbers.push(this.#number(`n${letters.slice(start, start + size).join('')}`));
        weights.push(SUBWORD_WEIGHT / Math.sqrt(grams));
      }
    }
    const features = { numbers, weights };
    this.#words.set(copyOf(word), features);
    return features;
  }

  #number(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.names.push(name) - 1;
    this.hashes.push(hash32(name));
    this.counts.push(0);
    this.#numbers.set(name, number);
    return number;
  }
}

/** A slice would keep the whole text that it was cut from. */
const copyOf = (text: string): string => Buffer.from(text).toString();

/** FNV-1a over UTF-16 code units, mixed by the finaliser of MurmurHash3. */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
