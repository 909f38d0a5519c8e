/** A piece of a sentence, without surrounding white space. Offsets are UTF-16 code units; `end` is exclusive. */
export interface TextPiece {
  readonly start: number;
  readonly end: number;
}

type Fits = (start: number, end: number) => boolean;

const words = new Intl.Segmenter('en', { granularity: 'word' });
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** A word may be this many times longer than the pieces before it is cut. */
const LONG_WORD = 8;
const isSpaceAt = (text: string, index: number): boolean => /\s/.test(text.charAt(index));

/**
 * Cuts what is too long for a chunk into pieces that fit: at line ends, else between words, else between the visible
 * characters of a word, and only a single one that is too long by itself (stacked accents) between its code points.
 *
 * @param length wished length of a piece, in code units
 * @param fits whether a range fits into a chunk; every single code point has to
 */
export function* cutSentence(
  text: string,
  range: TextPiece,
  length: number,
  fits: Fits,
): Generator<TextPiece> {
  for (let start = range.start; start < range.end;) {
    const lineEnd = text.indexOf('\n', start);
    const end = lineEnd === -1 || lineEnd > range.end ? range.end : lineEnd;
    const line = trim(text, start, end);
    if (line.end > line.start) {
      if (fits(line.start, line.end)) yield line;
      else yield* cutLine(text, line, length, fits);
    }
    start = end + 1;
  }
}

function* cutLine(text: string, line: TextPiece, length: number, fits: Fits): Generator<TextPiece> {
  for (let start = line.start; start < line.end;) {
    let stop = wordStop(text, start, line.end, length, fits);
    while (!fits(start, stop)) stop = shorter(text, start, stop);
    const piece = trim(text, start, stop);
    if (piece.end > piece.start) yield piece;
    start = stop;
  }
}

/** The end of a piece that starts at `start`: about `length` code units on, between two words if there is a place. */
function wordStop(text: string, start: number, end: number, length: number, fits: Fits): number {
  const limit = start + length;
  if (limit >= end) return end;
  for (let index = limit; index > start; index--) if (isSpaceAt(text, index)) return index;
  const farthest = Math.min(end, start + length * LONG_WORD);
  for (let index = limit + 1; index <= farthest; index++)
    if (index === end || isSpaceAt(text, index)) {
      if (fits(start, index)) return index;
      break;
    }
  const stop = lastBoundary(words, text, start, limit);
  return stop > start && stop <= limit ? stop : lastBoundary(graphemes, text, start, limit);
}

/** About half of a range: between visible characters, else between code points. */
function shorter(text: string, start: number, stop: number): number {
  const middle = start + ((stop - start) >> 1);
  const boundary = lastBoundary(graphemes, text, start, middle);
  if (boundary > start && boundary < stop) return boundary;
  const low = text.charCodeAt(middle);
  return low >= 0xdc00 && low <= 0xdfff ? middle + 1 : Math.max(middle, start + 1);
}

/** The last boundary up to `limit`; when there is none, the first after it. */
function lastBoundary(segmenter: Intl.Segmenter, text: string, start: number, limit: number): number {
  const window = text.slice(start, limit + 64);
  let last = 0;
  for (const { index } of segmenter.segment(window)) {
    if (last > 0 && start + index > limit) break;
    last = index;
  }
  return start + (last > 0 ? last : window.length);
}

function trim(text: string, start: number, end: number): TextPiece {
  const raw = text.slice(start, end);
  const first = start + raw.length - raw.trimStart().length;
  return { start: first, end: first + raw.trim().length };
}
