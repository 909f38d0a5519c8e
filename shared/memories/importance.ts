import type { MemoryType, SourceRole } from '../domain/memory.ts';

export interface Judged {
  readonly event: string;
  readonly type: MemoryType;
  readonly sourceRole: SourceRole;
  readonly emotion: string | null;
}

/** Words that say that something is to be kept, or holds without exception. */
const MARKERS =
  /\b(important(?:ly)?|remember|never|always|must|urgent|critical|essential|deadline|don['’]t forget|do not forget|note that|password|allerg\w+|birthday|anniversary|decided|promised?|agreed)\b/giu;

const FEELINGS =
  /\b(love[sd]?|hate[sd]?|afraid|scared|worr(?:y|ied|ies)|angry|happy|happily|sad|excited|proud|ashamed|frustrat\w+|disappoint\w+|grateful|delighted|furious|upset|anxious|enjoy(?:s|ed)?|dislikes?|miss(?:es|ed)?|fears?)\b/giu;

/** A name inside a sentence: a capital letter that no sentence begins with. */
const NAMES = /(?<=[\p{Ll}\p{N},;:)]\s)\p{Lu}[\p{L}\p{M}]+/gu;
const NUMBERS = /\p{N}+(?:[.,:/-]\p{N}+)*/gu;

const BY_TYPE: Readonly<Record<MemoryType, number>> = {
  note: 0,
  summary: 0.5,
  event: 0.5,
  fact: 0.5,
  insight: 1,
  task: 1,
  preference: 1,
};

/** What people say about themselves counts for more than what programs say about them. */
const BY_ROLE: Readonly<Record<SourceRole, number>> = {
  user: 1,
  assistant: 0,
  agent: 0,
  system: 0.5,
  external: 0,
};

/**
 * How much a memory matters, from 0 to 10, where nobody has said so. The same memory always gets the same number:
 *
 *   2 + role (0..1) + type (0..1)
 *     + substance: words / 25, at most 2
 *     + particulars: 0.4 for each name and number, at most 2
 *     + markers such as "remember" or "never": 1 each, at most 2
 *     + feelings: 0.5 for each such word, at most 1; with an emotion named, 1
 *
 * The word lists are English; a text in another language is judged by what is left of the formula.
 *
 * @returns with one decimal
 */
export function importanceOf({ event, type, sourceRole, emotion }: Judged): number {
  const count = (pattern: RegExp): number => event.match(pattern)?.length ?? 0;
  const words = count(/[\p{L}\p{M}\p{N}]+/gu);
  const score =
    2 +
    BY_ROLE[sourceRole] +
    BY_TYPE[type] +
    Math.min(2, words / 25) +
    Math.min(2, 0.4 * (count(NAMES) + count(NUMBERS))) +
    Math.min(2, count(MARKERS)) +
    (emotion === null ? Math.min(1, 0.5 * count(FEELINGS)) : 1);
  return Math.round(Math.min(10, score) * 10) / 10;
}
