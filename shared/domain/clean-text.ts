/**
 * What a line of text that people read must not hold: control characters, lone surrogates, and the characters that turn
 * the direction of text, by which "gpj.exe" can be made to look like "exe.jpg" (Unicode Technical Report 36).
 */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;
const BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;

/** Composes a text (NFC) and takes out what cannot be seen. */
export const printable = (text: string): string => text.normalize('NFC').replace(UNPRINTABLE, '');

/** Several lines: as {@link printable}, with tabs and line feeds, without space around it. */
export const cleanBlock = (text: string): string =>
  text
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .split(/([\n\t])/)
    .map((part) => (part === '\n' || part === '\t' ? part : printable(part)))
    .join('')
    .trim();

/** One line: as {@link printable}, with line breaks and tabs as spaces and without space around it. */
export const cleanLine = (text: string): string => printable(text.replace(BREAKS, ' ')).trim();
