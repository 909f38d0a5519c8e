import { fingerprint } from '../domain/fingerprint.ts';
import { textUnits } from '../domain/text-units.ts';

/** A text to be summarised, such as a memory or a passage. */
export interface SummaryText {
  /** Under which its sentences are cited. */
  readonly id: string;
  readonly text: string;
}

export interface Sentence {
  readonly id: string;
  readonly text: string;
}

/** Of fewer letters and digits a sentence says nothing by itself. */
const TELLING = 12;

/** A sentence that is longer, as in a list without full stops, is cut at a space. */
const LONGEST = 600;

/**
 * Takes texts apart into sentences that can stand alone: without headings, scraps and repetitions, in reading order. A
 * text that has nothing else keeps its headings and scraps.
 *
 * @param most sentences in all; of more, as many at even distances, so that every part of the texts is heard
 */
export function sentencesOf(texts: readonly SummaryText[], most: number): Sentence[] {
  const seen = new Set<string>();
  const sentences: Sentence[] = [];
  for (const { id, text } of texts)
    for (const sentence of unitsOf(text)) {
      const key = fingerprint(sentence);
      if (seen.has(key)) continue;
      seen.add(key);
      sentences.push({ id, text: sentence });
    }
  if (sentences.length <= most) return sentences;
  return Array.from(
    { length: most },
    (_, index) => sentences[Math.floor((index * sentences.length) / most)],
  ).filter((sentence) => sentence !== undefined);
}

function unitsOf(text: string): string[] {
  const units = [...textUnits(text)];
  const shown = units.map(({ start, end, heading }) => ({
    heading,
    text: clip(text.slice(start, end).replace(/\s+/gu, ' '), LONGEST),
  }));
  const telling = shown.filter((unit) => !unit.heading && lettersOf(unit.text) >= TELLING);
  return (telling.length > 0 ? telling : shown).map((unit) => unit.text);
}

const lettersOf = (text: string): number => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;

/** The text if it is short enough, else its beginning up to a space, with an ellipsis. */
export function clip(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const beginning = text.slice(0, longest - 1);
  const space = beginning.lastIndexOf(' ');
  // A cut through a surrogate pair would leave half a character.
  const cut = space > longest / 2 ? beginning.slice(0, space) : beginning.replace(/[\ud800-\udbff]$/u, '');
  return `${cut}…`;
}
