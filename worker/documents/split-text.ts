import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PageSpan } from '#shared/domain/extracted-text.ts';
import { fingerprint } from '#shared/domain/fingerprint.ts';
import type { TextChunk } from '#shared/domain/text-chunk.ts';
import { textUnits } from '#shared/domain/text-units.ts';
import { ChunkPacker } from './chunk-packer.ts';

/** Short, for a transaction of this process waits for the end of it at every statement, and others for that transaction. */
const TURN_MS = 5;

export interface SplitOptions {
  /** Most tokens in a chunk; at least 16. */
  readonly sizeTokens: number;
  /** Most tokens of the end of a chunk that the next one begins with. */
  readonly overlapTokens: number;
}

/**
 * Splits a text into chunks that follow its headings, paragraphs and sentences. Pure, and linear in the length of the
 * text. `text.slice(charStart, charEnd)` is the text of the chunk; every character but white space is in a chunk.
 *
 * @param pages spans in reading order; none for a text without pages
 */
export function splitText(text: string, pages: readonly PageSpan[], options: SplitOptions): TextChunk[] {
  const steps = splitSteps(text, pages, options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * The same as `splitText`, letting other work of the process have its turn at least every 5 ms: a long text takes seconds.
 *
 * @throws the signal's reason when it aborts
 */
export async function splitTextInTurns(
  text: string,
  pages: readonly PageSpan[],
  options: SplitOptions,
  signal: AbortSignal,
): Promise<TextChunk[]> {
  const steps = splitSteps(text, pages, options);
  for (let turnEnds = performance.now() + TURN_MS; ;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() < turnEnds) continue;
    await nextTurn();
    signal.throwIfAborted();
    turnEnds = performance.now() + TURN_MS;
  }
}

function* splitSteps(
  text: string,
  pages: readonly PageSpan[],
  options: SplitOptions,
): Generator<void, TextChunk[]> {
  const packer = new ChunkPacker(text, options.sizeTokens, options.overlapTokens);
  for (const unit of textUnits(text)) {
    yield;
    yield* packer.add(unit);
  }
  const pagesOf = pageFinder(pages);
  return packer.finish().map(({ start, end, tokens }, position) => {
    const passage = text.slice(start, end);
    return {
      position,
      text: passage,
      charStart: start,
      charEnd: end,
      ...pagesOf(start, end),
      tokenCount: tokens,
      fingerprint: fingerprint(passage),
    };
  });
}

/** Finds first and last page of ranges that come in order of their starts. */
function pageFinder(pages: readonly PageSpan[]) {
  let first = 0;
  return (start: number, end: number): Pick<TextChunk, 'pageFrom' | 'pageTo'> => {
    while (first < pages.length && (pages[first]?.charEnd ?? 0) <= start) first++;
    let last = first;
    while (last + 1 < pages.length && (pages[last + 1]?.charStart ?? 0) < end) last++;
    return { pageFrom: pages[first]?.page ?? null, pageTo: pages[last]?.page ?? null };
  };
}
