import { stemmer } from 'stemmer';

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

/** Share of a word's weight that all its n-grams have together. */
const SUBWORD_WEIGHT = 0.5;
const NGRAM_SIZES = [3, 4, 5];

/** Letters, marks and digits; of longer runs, such as base64, the beginning is enough. */
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const LONGEST_WORD = 64;

/** Scripts written without spaces, where a run of letters is a sentence and not a word. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}]/u;

/**
 * Reads the weighted features of a text: each word's stem, and its character n-grams (3 to 5, with marked word ends, as
 * in Bojanowski et al., "Enriching Word Vectors with Subword Information", 2017), so that unknown endings, compounds and
 * misspellings still meet. A feature that stands `n` times weighs `1 + ln n`.
 *
 * A text of stop words alone keeps them; one without any word is read as one word of its visible characters.
 *
 * @returns feature -> weight; empty only for a text without a visible character
 */
export function textFeatures(text: string): Map<string, number> {
  const words = contentWords(text);
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const features = new Map<string, { count: number; weight: number }>();
  const add = (feature: string, count: number, weight: number): void => {
    const known = features.get(feature);
    features.set(feature, { count: (known?.count ?? 0) + count, weight: known?.weight ?? weight });
  };
  for (const [word, count] of counts) {
    add(`w${word}`, count, 1);
    const letters = Array.from(`<${word}>`);
    for (const size of NGRAM_SIZES) {
      const grams = letters.length - size + 1;
      for (let start = 0; start < grams; start++)
        add(`n${letters.slice(start, start + size).join('')}`, count, SUBWORD_WEIGHT / Math.sqrt(grams));
    }
  }
  return new Map(
    [...features].map(([feature, { count, weight }]) => [feature, weight * (1 + Math.log(count))]),
  );
}

function contentWords(text: string): string[] {
  const plain = text.normalize('NFKC').toLowerCase();
  const words = (plain.match(WORD) ?? []).flatMap(splitUnspaced).map((word) => cut(word));
  const content = words.filter((word) => !STOP_WORDS.has(word)).map(stemOf);
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

/** The stemmer knows English; words of other alphabets stay as they are. */
const stemOf = (word: string): string => (/^[a-z]+$/.test(word) ? stemmer(word) : word);
