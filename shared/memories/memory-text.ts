import { cleanLine } from '../domain/clean-text.ts';
import { fingerprint } from '../domain/fingerprint.ts';
import { textUnits } from '../domain/text-units.ts';
import { textFeatures } from '../embedding/text-features.ts';
import { textSimilarity } from './near-text.ts';

const LONGEST_TITLE = 80;

/** Longest text of a memory, in UTF-16 code units. */
export const LONGEST_EVENT = 10_000;

/** The first sentence of a text, cut at a word where it is longer than 80 characters. */
export function titleFrom(text: string): string {
  const [first] = textUnits(text.slice(0, 1_000));
  const line = cleanLine(first === undefined ? text : text.slice(first.start, first.end));
  if (line.length <= LONGEST_TITLE) return line;
  const cut = line.slice(0, LONGEST_TITLE - 1).replace(/[\ud800-\udbff]$/, '');
  const space = cut.lastIndexOf(' ');
  return `${(space > LONGEST_TITLE / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}

/**
 * Makes one text of two that nearly say the same: the older one, then the sentences of the newer one that are not among
 * its own. A sentence that only words one of them otherwise takes its place, since it is the newer.
 *
 * @param similarity from which two sentences are the same
 * @returns null when both do not fit into one memory
 */
export function mergeTexts(older: string, newer: string, similarity: number): string | null {
  const merged = sentencesOf(older).map((one) => ({ ...one, isNew: false }));
  for (const { text } of sentencesOf(newer)) {
    if (merged.some((one) => fingerprint(one.text) === fingerprint(text))) continue;
    const features = textFeatures(text);
    const near = merged.find(
      (one) => !one.isNew && textSimilarity(textFeatures(one.text), features) >= similarity,
    );
    if (near === undefined) merged.push({ before: ' ', text, isNew: true });
    else Object.assign(near, { text, isNew: true });
  }
  const text = merged.map((one) => one.before + one.text).join('');
  return text.length > LONGEST_EVENT ? null : text;
}

/** The sentences of a text, each with the space before it. */
function sentencesOf(text: string): { readonly before: string; readonly text: string }[] {
  let end = 0;
  return Array.from(textUnits(text), (unit) => {
    const before = text.slice(end, unit.start);
    end = unit.end;
    return { before, text: text.slice(unit.start, unit.end) };
  });
}
