import { isUtf8 } from 'node:buffer';
import { AppError } from '#shared/errors/app-error.ts';

/** C0 controls other than tab, line feed, form feed and carriage return, and DEL: signs of a binary file. */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL = /[\x00-\x08\x0b\x0e-\x1f\x7f]/;

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

function encodingOf(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

/** Whether the bytes begin with a byte order mark, which only text does. */
export function hasTextMark(bytes: Uint8Array): boolean {
  return encodingOf(bytes) !== 'utf-8' || (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf);
}

/**
 * Reads the bytes of a text file: UTF-8 with or without a byte order mark, or UTF-16 with one. The mark is left out;
 * everything else is kept as it stands, line ends included.
 *
 * @throws AppError `document.empty` for no bytes or nothing but white space; `document.encoding_invalid` for invalid
 * sequences, unpaired surrogates, NUL and other control characters (a form feed is fine)
 */
export function decodeText(bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AppError('document.encoding_invalid', { cause });
  }
  if (CONTROL.test(text))
    throw new AppError('document.encoding_invalid', { detail: 'The text has control characters in it' });
  if (text.trim() === '') throw new AppError('document.empty');
  return text;
}

/** Characters that {@link startOfText} returns at most. */
const START = 16;

/**
 * Holds the bytes of a text file against the rules of `decodeText` without making a text of all of them, which for large
 * files is most of the work and leaves as much memory behind.
 *
 * @returns the first characters that are no white space, sixteen at most
 * @throws AppError as `decodeText` does
 */
export function startOfText(bytes: Uint8Array): string {
  const start = bytes.findIndex((byte) => byte !== 32 && (byte < 9 || byte > 13));
  const first = bytes[start] ?? 0;
  // Beyond ASCII there is white space too, and marks; whatever is wrong with the bytes, the other way knows its name.
  if (first <= 32 || first >= 127 || !isUtf8(bytes) || hasControls(bytes))
    return decodeText(bytes).trimStart().slice(0, START);
  const beginning = new TextDecoder().decode(bytes.subarray(start, start + 4 * START));
  return beginning.slice(0, START);
}

/** Whether there are bytes that are `CONTROL` in UTF-8: looks at four at a time, and closer where one is below 32 or 127. */
function hasControls(bytes: Uint8Array): boolean {
  const from = (4 - (bytes.byteOffset % 4)) % 4;
  if (bytes.length < from) return anyControl(bytes, 0, bytes.length);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + from, (bytes.length - from) >> 2);
  if (anyControl(bytes, 0, from) || anyControl(bytes, from + words.length * 4, bytes.length)) return true;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? 0;
    const deleted = word ^ 0x7f7f7f7f;
    // The highest bit of a byte is left where it was below 32 (first), or 127 (second).
    const marks = ((word - 0x20202020) & ~word) | ((deleted - 0x01010101) & ~deleted);
    if ((marks & 0x80808080) !== 0 && anyControl(bytes, from + index * 4, from + index * 4 + 4)) return true;
  }
  return false;
}

function anyControl(bytes: Uint8Array, from: number, to: number): boolean {
  for (let index = from; index < to; index++) {
    const byte = bytes[index] ?? 0;
    if (byte === 127 || byte < 9 || byte === 11 || (byte > 13 && byte < 32)) return true;
  }
  return false;
}
