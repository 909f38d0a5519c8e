/** Places of the table, a power of two, and how many of them may be taken before it is emptied. */
const PLACES = 2 ** 16;
const MOST = 30_000;
/** Code units of all words together. */
const ROOM = MOST * 12;

/**
 * Remembers a small number for words that are parts of longer texts, and finds them there without cutting them out: a hash
 * table with open addressing whose keys lie one behind the other. A million words take some 10 ms, a tenth of what a `Map` of
 * cut-out strings takes. When it is full it forgets everything.
 */
export class KnownWords {
  readonly #hashes = new Int32Array(PLACES);
  readonly #starts = new Int32Array(PLACES);
  readonly #lengths = new Uint8Array(PLACES);
  readonly #values = new Uint8Array(PLACES);
  readonly #units = new Uint16Array(ROOM);
  #count = 0;
  #used = 0;

  /** The number of `text.slice(start, end)`; -1 when it is not known. @param hash as {@link extendHash} makes it, unit by unit */
  find(text: string, start: number, end: number, hash: number): number {
    for (let place = placeOf(hash); this.#lengths[place] !== 0; place = (place + 1) & (PLACES - 1))
      if (this.#hashes[place] === hash && this.#isAt(place, text, start, end))
        return this.#values[place] as number;
    return -1;
  }

  /** @param value 0..255; a word of more than 255 code units, or of none, is not kept */
  learn(text: string, start: number, end: number, hash: number, value: number): void {
    const length = end - start;
    if (length === 0 || length > 255 || value > 255) return;
    if (this.#count >= MOST || this.#used + length > ROOM) this.#forget();
    let place = placeOf(hash);
    while (this.#lengths[place] !== 0) place = (place + 1) & (PLACES - 1);
    this.#hashes[place] = hash;
    this.#starts[place] = this.#used;
    this.#lengths[place] = length;
    this.#values[place] = value;
    for (let index = start; index < end; index++) this.#units[this.#used++] = text.charCodeAt(index);
    this.#count++;
  }

  #isAt(place: number, text: string, start: number, end: number): boolean {
    if (this.#lengths[place] !== end - start) return false;
    const from = (this.#starts[place] as number) - start;
    for (let index = start; index < end; index++)
      if (this.#units[from + index] !== text.charCodeAt(index)) return false;
    return true;
  }

  #forget(): void {
    this.#lengths.fill(0);
    this.#count = 0;
    this.#used = 0;
  }
}

/** The hash of no unit at all. */
export const NO_HASH = 0x811c9dc5 | 0;

/** FNV-1a over UTF-16 code units. */
export const extendHash = (hash: number, unit: number): number => Math.imul(hash ^ unit, 0x01000193);

const placeOf = (hash: number): number => (hash ^ (hash >>> 15)) & (PLACES - 1);
