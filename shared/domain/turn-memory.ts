const LONGEST_EVENT = 10_000;

/** Words of a statement below which it says too little to be kept. */
const FEWEST_WORDS = 4;

/** What of a user's message is worth remembering: its statements, not its questions; undefined when there are none. */
export function memorable(content: string): string | undefined {
  const sentences = [...new Intl.Segmenter('en', { granularity: 'sentence' }).segment(content)];
  const statements = sentences
    .map(({ segment }) => segment.trim())
    .filter((sentence) => !/[?？؟]["”’)\s]*$/u.test(sentence) && wordsOf(sentence) >= FEWEST_WORDS)
    .join(' ');
  // Never cut within a character.
  return statements.slice(0, LONGEST_EVENT).replace(/[\uD800-\uDBFF]$/, '') || undefined;
}

const wordsOf = (sentence: string): number =>
  [...new Intl.Segmenter('en', { granularity: 'word' }).segment(sentence)].filter(
    ({ isWordLike }) => isWordLike,
  ).length;
