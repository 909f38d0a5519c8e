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
}

/** No token of prose is longer on average: what has more code units than this per token is cut without counting. */
const CHARS_PER_TOKEN = 16;
/** A code unit makes at most three tokens: UTF-8 has three bytes for it. */
const TOKENS_PER_CHAR = 3;

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

  constructor(text: string, size: number, overlap: number) {
    this.#text = text;
    this.#size = size;
    this.#overlap = overlap;
  }

  /** Adds a unit; stops in between when that takes many steps, for the caller to do other things. */
  *add(unit: TextUnit): Generator<void, void> {
    if (unit.heading && this.#tokens * 2 >= this.#size && this.#hasNewBody())
      this.#close(this.#bodyLength(), false);
    if (this.#isTooLong(unit) || !this.#place(unit)) yield* this.#addInPieces(unit);
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
    this.#units.push({ ...unit, tokens });
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
    return { ...range, tokens: this.#count(range.start, range.end) };
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

  #tokensAfterLast(unit: TextUnit): number {
    const from = this.#units.at(-1)?.end ?? unit.start;
    return unit.start - from > this.#size * CHARS_PER_TOKEN ? Infinity : this.#count(from, unit.end);
  }

  #count(start: number, end: number): number {
    return countTokens(this.#text.slice(start, end));
  }
}
