import { countTokens as countWord, setMergeCacheSize } from 'gpt-tokenizer/encoding/cl100k_base';

/** The library's own cache of 100,000 words gets a hundred times slower once it is full; a small one is as quick on prose. */
setMergeCacheSize(500);

/** Byte-pair merging is quadratic in the length of a word, so that longer runs are counted in pieces of this length. */
const LONGEST_RUN = 512;

/** With nothing disallowed, text that looks like a special token (`<|endoftext|>`) is counted as the text it is. */
const PLAIN = { disallowedSpecial: new Set<string>() };

/** What the encoding takes for a word before it merges bytes: no token goes beyond one, and a word by itself is a word. */
const WORDS =
  /'(?:[sS]|[dD]|[mM]|[tT]|[lL][lL]|[vV][eE]|[rR][eE])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s+$|\s*[\r\n]|\s+(?!\S)|\s/gu;

/** Counts of words that were met before: the same few thousand make most of a text. Some megabytes when it is full. */
const known = new Map<string, number>();
const MOST_KNOWN = 30_000;
const LONGEST_KNOWN = 24;

function countPiece(text: string): number {
  let tokens = 0;
  for (const word of text.match(WORDS) ?? []) tokens += known.get(word) ?? learn(word);
  return tokens;
}

function learn(word: string): number {
  const tokens = countWord(word, PLAIN);
  if (word.length > LONGEST_KNOWN) return tokens;
  if (known.size >= MOST_KNOWN) known.clear();
  // A slice would keep the whole text that it was cut from.
  known.set(Buffer.from(word).toString(), tokens);
  return tokens;
}

const isSpace = (unit: number): boolean => unit === 32 || (unit >= 9 && unit <= 13);
const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/**
 * Counts tokens of the encoding cl100k_base: the one of OpenAI's embedding models, a fair measure for others, and
 * quicker to load than its successor o200k_base (0.1 s and 45 MB against 0.5 s and 76 MB).
 *
 * Never throws, and takes time linear in the length of the text. Runs of more than 512 UTF-16 code units without a
 * change between space and non-space are counted in pieces, which can differ from the encoding by a token a piece.
 */
export function countTokens(text: string): number {
  if (text.length <= LONGEST_RUN) return countPiece(text);
  let tokens = 0;
  let from = 0;
  let runStart = 0;
  let inSpace = isSpace(text.charCodeAt(0));
  for (let index = 1; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (isSpace(unit) !== inSpace) {
      inSpace = !inSpace;
      runStart = index;
    } else if (index - runStart >= LONGEST_RUN && !isLowSurrogate(unit)) {
      tokens += countPiece(text.slice(from, index));
      from = index;
      runStart = index;
    }
  }
  return tokens + countPiece(text.slice(from));
}
