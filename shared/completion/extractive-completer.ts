import { textFeatures } from '../embedding/text-features.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Completer, CompletionRequest, Passage } from './completer.ts';

/** What is answered when nothing was found that could be quoted. */
export const NOTHING_FOUND =
  'I have found nothing about this in the documents and memories of this assistant.';

const INTRODUCTION = 'This is what the sources say:';

/** Sentences of an answer, and characters of one of them. */
const MOST_QUOTES = 3;
const LONGEST_QUOTE = 600;

/** Sentences of one passage that are looked at. */
const MOST_SENTENCES = 200;

/** A sentence is quoted if it fits the question at least this well, compared with the best one. */
const WORTH_QUOTING = 0.5;

/**
 * Makes the completer that needs no model, key or network. It says nothing of its own: an answer is made of sentences of
 * the passages, verbatim and cited, or says that there are none. The same request always gets the same answer.
 */
export function createExtractiveCompleter({ metrics }: { readonly metrics: Metrics }): Completer {
  const provider = 'extractive';
  const end = {
    provider,
    model: null,
    // Nothing was sent to a model, so nothing was used.
    usage: { promptTokens: 0, completionTokens: 0, estimated: false },
    finish: 'stop',
  } as const;
  const answer = (request: CompletionRequest, signal: AbortSignal): string[] => {
    signal.throwIfAborted();
    const stopTimer = metrics.completerDuration.startTimer({ provider, outcome: 'ok' });
    const lines = answerLines(request);
    stopTimer();
    metrics.completerCalls.inc({ provider, outcome: 'ok' });
    return lines;
  };
  return {
    provider,
    usesModel: false,
    stream: async function* (request, { signal }) {
      for (const line of answer(request, signal)) {
        // A turn of the event loop between lines lets a client that has gone away be noticed.
        await new Promise((resolve) => setImmediate(resolve));
        signal.throwIfAborted();
        yield line;
      }
      return end;
    },
    complete: (request, { signal }) =>
      new Promise((resolve) => resolve({ ...end, text: answer(request, signal).join('') })),
  };
}

interface Quote {
  readonly n: number;
  /** Place among all sentences, for an order that never changes. */
  readonly place: number;
  readonly text: string;
  readonly fit: number;
}

function answerLines({ question, passages }: CompletionRequest): string[] {
  const quotes = chooseQuotes(question, passages);
  if (quotes.length === 0) return [NOTHING_FOUND];
  return [INTRODUCTION, ...quotes.map(({ n, text }) => `\n\n“${text}” [${n}]`)];
}

/** The sentences that have most in common with the question, in the order of the passages. */
function chooseQuotes(question: string, passages: readonly Passage[]): Quote[] {
  const wanted = textFeatures(question);
  const sentences = passages.flatMap(({ n, text }) => sentencesOf(text).map((sentence) => ({ n, sentence })));
  const seen = new Set<string>();
  const quotes = sentences
    .map(({ n, sentence }, place) => ({ n, place, text: sentence, fit: fitOf(wanted, sentence) }))
    .filter(({ text }) => !seen.has(text) && seen.add(text))
    .sort((a, b) => b.fit - a.fit || a.place - b.place);
  const best = quotes[0];
  if (best === undefined) return [];
  // Passages found by meaning may share no word with the question; then the best passage speaks for itself.
  const chosen =
    best.fit === 0
      ? [best]
      : quotes.filter(({ fit }) => fit >= best.fit * WORTH_QUOTING).slice(0, MOST_QUOTES);
  return chosen.sort((a, b) => a.place - b.place);
}

function sentencesOf(text: string): string[] {
  const segments = new Intl.Segmenter('en', { granularity: 'sentence' }).segment(text);
  const sentences: string[] = [];
  for (const { segment } of segments) {
    const sentence = segment.replace(/\s+/gu, ' ').trim();
    if (/[\p{L}\p{N}]/u.test(sentence)) sentences.push(shortened(sentence));
    if (sentences.length === MOST_SENTENCES) break;
  }
  return sentences;
}

/** Cut between words where there are any, never within a character. */
function shortened(sentence: string): string {
  if (sentence.length <= LONGEST_QUOTE) return sentence;
  const cut = sentence.slice(0, LONGEST_QUOTE).replace(/[\uD800-\uDBFF]$/, '');
  return `${/^(.{300,})\s/su.exec(cut)?.[1] ?? cut} …`;
}

/** Cosine of the features, with the length of the question left out: it is the same for all. */
function fitOf(wanted: ReadonlyMap<string, number>, sentence: string): number {
  let shared = 0;
  let length = 0;
  for (const [feature, weight] of textFeatures(sentence)) {
    shared += weight * (wanted.get(feature) ?? 0);
    length += weight * weight;
  }
  return length === 0 ? 0 : shared / Math.sqrt(length);
}
