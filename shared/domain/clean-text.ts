/**
 * What a line of text that people read must not hold: control characters, lone surrogates, and the characters that turn
 * the direction of text, by which "gpj.exe" can be made to look like "exe.jpg" (Unicode Technical Report 36).
 */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;
const BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;

/** Composes a text (NFC) and takes out what cannot be seen. */
export const printable = (text: string): string => text.normalize('NFC').replace(UNPRINTABLE, '');

/** One line: as {@link printable}, with line breaks and tabs as spaces and without space around it. */
export const cleanLine = (text: string): string => printable(text.replace(BREAKS, ' ')).trim();

/** Several lines: line breaks are `\n`, tabs stay, other control characters go, and space around the whole. */
export const cleanParagraphs = (text: string): string =>
  text
    .split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/)
    .map((line) => line.split('\t').map(printable).join('\t'))
    .join('\n')
    .trim();
