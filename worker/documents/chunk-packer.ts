import { countTokens } from '#shared/domain/token-counter.ts';
import type { TextUnit } from '#shared/domain/text-units.ts';
import { cutSentence } from './cut-sentence.ts';

export interface ChunkRange {
  readonly start: number;
  readonly end: number;
  readonly tokens: number;
}

/** A unit with the tokens it adds, the white space before it included unless it is the first. */
interface PackedUnit extends TextUnit {
  readonly tokens: number;
  /** Whether its tokens are the same behind the units before it as by themselves. */
  readonly exact: boolean;
}

/** No token of prose is longer on average: what has more code units than this per token is cut without counting. */
const CHARS_PER_TOKEN = 16;
/** A code unit makes at most three tokens: UTF-8 has three bytes for it. */
const TOKENS_PER_CHAR = 3;
/** What the first word of a unit may have more when the space before it is taken away, and far more than it has. */
const FIRST_WORD = 32;
/** Space, tabs and form feeds: a word of the encoding may begin with one, but none goes on across it, as across a line end. */
const isWordEnd = (unit: number): boolean => unit === 32 || unit === 9 || unit === 11 || unit === 12;

/**
 * Packs units, in order, into chunks of at most `size` tokens. A chunk that does not begin with a heading repeats up to
 * `overlap` tokens of whole units from the end of the one before; a heading never ends a chunk unless nothing follows.
 */
export class ChunkPacker {
  readonly chunks: ChunkRange[] = [];
  readonly #text: string;
  readonly #size: number;
  readonly #overlap: number;
  /** What the next chunk is made of: first the repeated units, then the new ones. */
  #units: PackedUnit[] = [];
  #repeated = 0;
  #tokens = 0;
  /** What was counted last: the same is often asked twice. */
  #last: ChunkRange = { start: 0, end: 0, tokens: 0 };

  constructor(text: string, size: number, overlap: number) {
    this.#text = text;
    this.#size = size;
    this.#overlap = overlap;
  }

  /** Adds a unit; stops in between when that takes many steps, for the caller to do other things. */
  *add(unit: TextUnit): Generator<void, void> {
    if (unit.heading && this.#tokens * 2 >= this.#size && this.#hasNewBody())
      this.#close(this.#bodyLength(), false);
    if ((!this.#isShort(unit) && this.#isTooLong(unit)) || !this.#place(unit)) yield* this.#addInPieces(unit);
  }

  finish(): readonly ChunkRange[] {
    while (this.#units.length > this.#repeated) this.#close(this.#units.length, false);
    return this.chunks;
  }

  *#addInPieces(unit: TextUnit): Generator<void, void> {
    const length = Math.min(64, Math.max(8, this.#size >> 2));
    const fits = (start: number, end: number): boolean => !this.#isTooLong({ start, end });
    for (const piece of cutSentence(this.#text, unit, length, fits)) {
      const part = { ...piece, heading: unit.heading };
      yield;
      while (!this.#place(part)) this.#close(this.#units.length, false);
    }
  }

  /** @returns false when only headings are waiting and the unit is too long to stand behind them in one piece */
  #place(unit: TextUnit): boolean {
    let tokens = this.#tokensAfterLast(unit);
    if (this.#tokens + tokens > this.#size && this.#hasNewBody()) {
      this.#close(this.#bodyLength(), true);
      tokens = this.#tokensAfterLast(unit);
    }
    if (this.#repeated > 0 && this.#tokens + tokens > this.#size) {
      this.#restart(this.#units, this.#repeated, tokens);
      tokens = this.#tokensAfterLast(unit);
    }
    if (this.#tokens + tokens > this.#size) return false;
    const exact = isWordEnd(this.#text.charCodeAt(this.#units.at(-1)?.end ?? unit.start));
    this.#units.push({ ...unit, tokens, exact });
    this.#tokens += tokens;
    return true;
  }

  /** Makes a chunk of the first `count` units, or of fewer if they are too many after all; the rest begins the next. */
  #close(count: number, repeat: boolean): void {
    let first = 0;
    let end = count;
    let chunk = this.#range(first, end);
    while (chunk.tokens > this.#size) {
      // The sum of the parts is an estimate: a few tokens may differ where units meet.
      if (end > this.#repeated + 1) end--;
      else first++;
      chunk = this.#range(first, end);
    }
    this.chunks.push(chunk);
    const rest = this.#units.slice(end);
    const repeated =
      rest[0]?.heading === true || (!repeat && rest.length === 0) ? [] : this.#tail(first + 1, end);
    this.#restart([...repeated, ...rest], repeated.length);
  }

  #range(first: number, end: number): ChunkRange {
    const range = { start: this.#units[first]?.start ?? 0, end: this.#units[end - 1]?.end ?? 0 };
    return { ...range, tokens: this.#sum(first, end) ?? this.#count(range.start, range.end) };
  }

  /** The tokens of units, where they add up. */
  #sum(first: number, end: number): number | undefined {
    const { start, end: firstEnd, tokens } = this.#units[first] as PackedUnit;
    let sum = first === 0 ? tokens : this.#count(start, firstEnd);
    for (let index = first + 1; index < end; index++) {
      const unit = this.#units[index] as PackedUnit;
      if (!unit.exact) return undefined;
      sum += unit.tokens;
    }
    return sum;
  }

  /** The last units before `end`, from `first` on at the earliest, that make at most `overlap` tokens. */
  #tail(first: number, end: number): PackedUnit[] {
    let tokens = 0;
    let from = end;
    while (from > first && (tokens += this.#units[from - 1]?.tokens ?? 0) <= this.#overlap) from--;
    while (from < end && this.#range(from, end).tokens > this.#overlap) from++;
    return this.#units.slice(from, end);
  }

  /** Begins with the given units, without the repeated ones that would not leave room for so many more tokens. */
  #restart(units: readonly PackedUnit[], repeated: number, room = 0): void {
    let from = 0;
    let others = units.reduce((sum, unit) => sum + unit.tokens, 0);
    let alone = 0;
    for (; from < units.length; from++) {
      const { start, end, tokens } = units[from] as PackedUnit;
      alone = this.#count(start, end);
      others -= tokens;
      if (from >= repeated || alone + others + room <= this.#size) break;
    }
    this.#units = units.slice(from).map((unit, index) => (index === 0 ? { ...unit, tokens: alone } : unit));
    this.#tokens = this.#units.reduce((sum, unit) => sum + unit.tokens, 0);
    this.#repeated = Math.max(0, repeated - from);
  }

  #hasNewBody(): boolean {
    return this.#bodyLength() > this.#repeated;
  }

  /** How many units there are before the headings at the end. */
  #bodyLength(): number {
    return this.#units.findLastIndex((unit) => !unit.heading) + 1;
  }

  #isTooLong({ start, end }: { readonly start: number; readonly end: number }): boolean {
    const length = end - start;
    if (length * TOKENS_PER_CHAR <= this.#size) return false;
    return length > this.#size * CHARS_PER_TOKEN || this.#count(start, end) > this.#size;
  }

  /** Whether a unit is so short that it need not be counted by itself; what is counted for it is needed next. */
  #isShort(unit: TextUnit): boolean {
    return this.#tokensAfterLast(unit) + FIRST_WORD <= this.#size;
  }

  #tokensAfterLast(unit: TextUnit): number {
    const from = this.#units.at(-1)?.end ?? unit.start;
    return unit.start - from > this.#size * CHARS_PER_TOKEN ? Infinity : this.#count(from, unit.end);
  }

  #count(start: number, end: number): number {
    if (this.#last.start !== start || this.#last.end !== end)
      this.#last = { start, end, tokens: countTokens(this.#text, start, end) };
    return this.#last.tokens;
  }
}
