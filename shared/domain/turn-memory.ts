/** What is kept of a message: the statements in it. */
export interface MemorableTurn {
  readonly title: string;
  readonly event: string;
  /** 0..10. */
  readonly importance: number;
}

const LONGEST_EVENT = 10_000;
const LONGEST_TITLE = 200;

/** Words of a statement below which it says too little to be kept. */
const FEWEST_WORDS = 4;

const EXPLICIT = /\b(remember|don'?t forget|keep in mind|note that|from now on|always|never)\b/iu;
const ABOUT_ONESELF = /\b(i|i'm|my|mine|me|we|our|us)\b/iu;
const PARTICULAR = /\p{N}|\s\p{Lu}\p{Ll}/u;

/**
 * What of a user's message is worth remembering: its statements, not its questions. Ours: importance is 4, and more for a
 * request to remember (+3), for what the user says of themselves (+1) and for numbers and names (+1).
 *
 * @returns undefined when there is nothing
 */
export function memorable(content: string): MemorableTurn | undefined {
  const statements = [...new Intl.Segmenter('en', { granularity: 'sentence' }).segment(content)]
    .map(({ segment }) => segment.trim())
    .filter((sentence) => !/[?？؟]["”’)\s]*$/u.test(sentence) && wordsOf(sentence) >= FEWEST_WORDS);
  const event = cut(statements.join(' '), LONGEST_EVENT);
  if (event === '') return undefined;
  const importance =
    4 +
    (EXPLICIT.test(event) ? 3 : 0) +
    (ABOUT_ONESELF.test(event) ? 1 : 0) +
    (PARTICULAR.test(event) ? 1 : 0);
  return { title: cut((statements[0] ?? '').replace(/\s+/gu, ' '), LONGEST_TITLE), event, importance };
}

const wordsOf = (sentence: string): number =>
  [...new Intl.Segmenter('en', { granularity: 'word' }).segment(sentence)].filter(
    ({ isWordLike }) => isWordLike,
  ).length;

/** Never within a character. */
const cut = (text: string, length: number): string =>
  text.length <= length ? text : text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
