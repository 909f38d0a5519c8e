/** Longer lines are sentences, whatever they look like. */
const LONGEST_HEADING = 100;

const MARKDOWN = /^#{1,6}\s+\S/;
const UNDERLINE = /^(?:={3,}|-{3,})$/;
/** "2.3 Methods", "IV. Results", "A.1 Proofs"; "1. Mix the flour." ends like a sentence and is an item of a list. */
const NUMBERED = /^(?:\d{1,3}(?:\.\d{1,3})*\.?|[IVXLC]{1,6}\.|[A-Z](?:\.\d{1,3})+)\s+\p{Lu}/u;
const NAMED = /^(?:chapter|section|part|appendix|kapitel|abschnitt|teil|anhang|chapitre)\s+[\dIVXLCA-Z]/iu;
const CLOSED = /[.!?:;,…]["'”’»)\]]*$/u;
const CAPITAL_START = /^["'“‘«(]?[\p{Lu}\p{N}]/u;

/**
 * Guesses whether a line is a heading: by Markdown marks, numbering or capitals, or because it is short, stands alone
 * between blank lines and does not end like a sentence.
 *
 * @param line without surrounding white space
 * @param alone whether the lines before and after are blank or missing
 */
export function isHeading(line: string, alone: boolean): boolean {
  if (line === '' || line.length > LONGEST_HEADING) return false;
  if (MARKDOWN.test(line) || UNDERLINE.test(line)) return true;
  if (CLOSED.test(line)) return false;
  if (NUMBERED.test(line) || NAMED.test(line) || isCapitals(line)) return true;
  return alone && CAPITAL_START.test(line);
}

/** At least two words or six letters, all of them capitals. */
function isCapitals(line: string): boolean {
  const letters = line.replace(/[^\p{L}]/gu, '');
  return (letters.length >= 6 || /\p{L}\s+\p{L}{2,}/u.test(line)) && /^\p{Lu}+$/u.test(letters);
}
