import { cleanLine } from '../domain/clean-text.ts';
import { fingerprint } from '../domain/fingerprint.ts';
import { textFeatures } from '../embedding/text-features.ts';
import { textSimilarity } from './near-text.ts';

const LONGEST_TITLE = 80;

/** Longest text of a memory, in UTF-16 code units. */
export const LONGEST_EVENT = 10_000;

/** One language for all texts, so that the same text is always split the same way. */
const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

const sentencesOf = (text: string): string[] =>
  Array.from(segmenter.segment(text), ({ segment }) => segment.trim()).filter((part) => part !== '');

/** The first sentence of a text, cut at a word where it is longer than 80 characters. */
export function titleFrom(text: string): string {
  const [first = text] = sentencesOf(text.slice(0, 1_000));
  const line = cleanLine(first);
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
  const merged = sentencesOf(older).map((text) => ({ text, features: textFeatures(text), isNew: false }));
  for (const text of sentencesOf(newer)) {
    const features = textFeatures(text);
    const isSame = merged.findIndex((one) => fingerprint(one.text) === fingerprint(text));
    if (isSame >= 0) continue;
    const near = merged.findIndex(
      (one) => !one.isNew && textSimilarity(one.features, features) >= similarity,
    );
    if (near >= 0) merged[near] = { text, features, isNew: true };
    else merged.push({ text, features, isNew: true });
  }
  const text = merged.map((one) => one.text).join(' ');
  return text.length > LONGEST_EVENT ? null : text;
}
