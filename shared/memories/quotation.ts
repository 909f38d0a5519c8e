/** Shorter texts stand in anything; of them only the very same text is a quotation. */
const FEWEST_WORDS = 4;

/** Share of the word pairs of a text that must stand in the other one. */
const SHARE = { quoted: 0.75, quoting: 0.9 } as const;

/** So many times the length of what it quotes may a text have, and still say nothing else. */
const LONGEST_FRAME = 1.5;

const NUMBERS = /\p{N}+(?:[.,:/-]\p{N}+)*/gu;

/**
 * Whether a text says only what a source says: as a piece of it, or the whole of it with a few words around, such as
 * "According to the handbook: ...". Words in their order count; case and punctuation do not. A number that the source does
 * not have is news, however much of the rest is known.
 */
export function quotes(text: string, source: string): boolean {
  const [own, others] = [wordPairs(text), wordPairs(source)];
  if (own.size < FEWEST_WORDS - 1) return false;
  const numbers = new Set(source.match(NUMBERS));
  if (text.match(NUMBERS)?.some((number) => !numbers.has(number)) === true) return false;
  let shared = 0;
  for (const pair of own) if (others.has(pair)) shared += 1;
  if (shared >= SHARE.quoted * own.size) return true;
  return (
    others.size >= FEWEST_WORDS - 1 &&
    shared >= SHARE.quoting * others.size &&
    own.size <= LONGEST_FRAME * others.size
  );
}

function wordPairs(text: string): Set<string> {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return new Set(words.slice(1).map((word, index) => `${words[index] ?? ''} ${word}`));
}
