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
