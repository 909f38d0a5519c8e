/** What PDFium puts for a hyphen at the end of a line; it leaves the line break out. */
const LINE_END_HYPHEN = /(?<before>.?)\uFFFE(?<after>.?)/gsu;

/** NUL and halves of surrogate pairs are the two things PostgreSQL cannot store in a text. */

const UNSTORABLE = /\0|\p{Surrogate}/gu;

/**
 * Makes the raw text of a PDF page storable and searchable, and otherwise leaves it as it stands.
 *
 * Line ends become LF. A word divided at the end of a line is joined again ("Übungsauf-" + "gaben"); the hyphen stays
 * where it is likely to be the word's own, before a capital letter or a digit ("Schwarz-Weiß", "2019-2021").
 */
export function normalizePageText(raw: string): string {
  return raw
    .replace(/\r\n?/g, '\n')
    .replace(
      LINE_END_HYPHEN,
      (_all, before: string, after: string) => `${before}${hyphen(before, after)}${after}`,
    )
    .replace(/\uFFFE/g, '')
    .replace(UNSTORABLE, '');
}

function hyphen(before: string, after: string): string {
  if (!/[\p{L}\p{N}]/u.test(before) || !/[\p{L}\p{N}]/u.test(after)) return '';
  return /\p{L}/u.test(before) && /[\p{Ll}\p{Lo}]/u.test(after) ? '' : '-';
}
