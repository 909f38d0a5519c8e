import { FeatureTable } from './feature-table.ts';

/** Words that say nothing about what an English text is about. */
const STOP_WORDS: ReadonlySet<string> = new Set(
  `a about above after again against all also am an and any are as at be because been before being below between both
  but by can cannot could did do does doing down during each few for from further had has have having he her here hers
  herself him himself his how however i if in into is it its itself may me might more most must my myself no nor not of
  off on once only or other our ours ourselves out over own same shall she should so some such than that the their
  theirs them themselves then there these they this those through to too under until up upon us very was we were what
  when where whether which while who whom whose why will with within without would you your yours yourself
  yourselves`.split(/\s+/),
);

/** Letters, marks and digits; of longer runs, such as base64, the beginning is enough. */
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const LONGEST_WORD = 64;

/** Scripts written without spaces, where a run of letters is a sentence and not a word. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}]/u;

/** A feature of a text: what it is called, how it hashes, what it weighs. */
export interface TextFeature {
  readonly name: string;
  /** 32 bits, well mixed. */
  readonly hash: number;
  readonly weight: number;
}

const table = new FeatureTable();

/**
 * Reads the weighted features of a text: each word's stem, and its character n-grams (3 to 5, with marked word ends, as
 * in Bojanowski et al., "Enriching Word Vectors with Subword Information", 2017), so that unknown endings, compounds and
 * misspellings still meet. A feature that stands `n` times weighs `1 + ln n`.
 *
 * A text of stop words alone keeps them; one without any word is read as one word of its visible characters.
 *
 * @returns each feature once, in the order in which they come first; empty only for a text without a visible character
 */
export function readFeatures(text: string): TextFeature[] {
  const { names, hashes, counts } = table;
  const met: number[] = [];
  const weights: number[] = [];
  for (const [word, count] of countWords(text)) {
    const features = table.featuresOf(word);
    for (let index = 0; index < features.numbers.length; index++) {
      const number = features.numbers[index] ?? 0;
      const before = counts[number] ?? 0;
      if (before === 0) {
        met.push(number);
        weights.push(features.weights[index] ?? 0);
      }
      counts[number] = before + count;
    }
  }
  const read = met.map((number, index) => ({
    name: names[number] ?? '',
    hash: hashes[number] ?? 0,
    weight: (weights[index] ?? 0) * (1 + Math.log(counts[number] ?? 1)),
  }));
  for (const number of met) counts[number] = 0;
  table.tidy();
  return read;
}

/** The same as feature -> weight. */
export const textFeatures = (text: string): Map<string, number> =>
  new Map(readFeatures(text).map(({ name, weight }) => [name, weight]));

function countWords(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of contentWords(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function contentWords(text: string): string[] {
  const plain = text.normalize('NFKC').toLowerCase();
  const words = (plain.match(WORD) ?? []).flatMap(splitUnspaced).map((word) => cut(word));
  const content = words.filter((word) => !STOP_WORDS.has(word)).map((word) => table.stemOf(word));
  // Single letters are mostly initials, plural marks and list numbers.
  const telling = content.filter((word) => !/^[a-z]$/.test(word));
  if (telling.length > 0) return telling;
  if (words.length > 0) return words;
  const symbols = plain.replace(/\s+/g, '');
  return symbols === '' ? [] : [cut(symbols)];
}

const cut = (word: string): string => (word.length > LONGEST_WORD ? word.slice(0, LONGEST_WORD) : word);

/** Pairs of neighbouring characters stand in for words where there are no spaces. */
function splitUnspaced(run: string): string[] {
  if (!UNSPACED.test(run)) return [run];
  const letters = Array.from(run);
  return letters.length < 3
    ? [run]
    : letters.slice(1).map((letter, index) => `${letters[index] ?? ''}${letter}`);
}
