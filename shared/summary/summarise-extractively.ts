import { countTokens } from '../domain/token-counter.ts';
import type { EmbedOptions, Embedder } from '../embedding/embedder.ts';
import { centrality, chooseDiverse, compareAll } from './rank-sentences.ts';
import { sentencesOf } from './sentences-of.ts';
import type { Sentence, SummaryText } from './sentences-of.ts';

/** A sentence of a summary, with the text that it was taken from. */
export interface PickedSentence {
  readonly id: string;
  readonly sentence: string;
  /** How central it is among all sentences, 0..1, relative to the most central. */
  readonly score: number;
  /** Where it stands among all sentences of the texts; they are read in this order. */
  readonly place: number;
}

export interface ExtractiveSummary {
  /** The picked sentences in reading order, one a line; empty for texts without a word. */
  readonly summary: string;
  /** Best first. */
  readonly picked: readonly PickedSentence[];
}

export interface SummariseOptions extends EmbedOptions {
  readonly embedder: Embedder;
  /** Sentences of the summary. */
  readonly maxSentences: number;
  /** Characters of the summary. */
  readonly maxChars: number;
  /** Called with what will be embedded, before it is: for quotas. What it throws ends the call. */
  readonly beforeEmbedding?: (tokens: number) => Promise<void>;
}

/** Sentences that are compared with each other; time grows with the square (400: about 0.1 s). */
const MOST_SENTENCES = 400;

/** What a summary is recorded as made by, where no model wrote it. */
export const EXTRACTIVE = 'extractive';

/**
 * Summarises texts by their most central sentences, quoted as they are: no model writes a word. The same texts and
 * vectors always give the same summary.
 *
 * @throws whatever the embedder throws
 */
export async function summariseExtractively(
  texts: readonly SummaryText[],
  { embedder, maxSentences, maxChars, beforeEmbedding, ...embed }: SummariseOptions,
): Promise<ExtractiveSummary> {
  const sentences = sentencesOf(texts, MOST_SENTENCES).filter(({ text }) => text.length <= maxChars);
  if (sentences.length === 0) return { summary: '', picked: [] };
  const { order, scores } = await rank(sentences, maxSentences, maxChars, async (contents) => {
    await beforeEmbedding?.(contents.reduce((sum, text) => sum + countTokens(text), 0));
    return embedder.embedDocuments(contents, embed);
  });
  const reading = [...order].sort((a, b) => a - b);
  return {
    summary: reading.map((index) => sentences[index]?.text ?? '').join('\n'),
    picked: order.map((index) => ({
      id: sentences[index]?.id ?? '',
      sentence: sentences[index]?.text ?? '',
      score: scores[index] ?? 0,
      place: index,
    })),
  };
}

type Vectors = (texts: readonly string[]) => Promise<readonly Float32Array[]>;

/** Indices of the sentences of the summary, best first, and the scores of all. */
async function rank(
  sentences: readonly Sentence[],
  maxSentences: number,
  maxChars: number,
  vectorsOf: Vectors,
): Promise<{ readonly order: readonly number[]; readonly scores: Float64Array }> {
  const whole = sentences.reduce((sum, { text }) => sum + text.length + 1, -1);
  // Where everything has room there is nothing to choose, and no provider to be paid.
  if (sentences.length <= maxSentences && whole <= maxChars)
    return { order: [...sentences.keys()], scores: new Float64Array(sentences.length).fill(1) };
  const similarities = compareAll(await vectorsOf(sentences.map(({ text }) => text)));
  const scores = centrality(similarities);
  let room = maxChars;
  const order = chooseDiverse(scores, similarities, maxSentences, (index) => {
    const length = (sentences[index]?.text.length ?? 0) + (room < maxChars ? 1 : 0);
    if (length > room) return false;
    room -= length;
    return true;
  });
  return { order, scores };
}
