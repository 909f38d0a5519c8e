import type { RecordedQuery } from '#tests/support/query-recorder.ts';
import { percentile } from '../percentile.ts';
import { HITS } from './bare-search.ts';
import type { BareSearch, BareTimes } from './bare-search.ts';
import type { VectorCorpus, VectorScope } from './vector-corpus.ts';

/** Milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
}

export interface ScopeMeasures {
  readonly scope: VectorScope;
  /** Share of the ten nearest that the search has found, on average. */
  readonly recall: number;
  readonly http: Latency;
  /** All statements of such a request, alone. */
  readonly sql: Latency;
  /** Of these, those of the search itself. */
  readonly search: Latency;
}

export interface QuestionCounts {
  /** Asked and timed. */
  readonly asked: number;
  /** Of these, held against exact search. */
  readonly compared: number;
}

/** Similarities are sent as they are, but two of the same text may change places. */
const EQUAL = 1e-6;

/**
 * Asks the same questions through HTTP and by bare SQL, in turns, so that both see the same machine. Each is asked once before,
 * when the statements are noted down.
 */
export async function measureScope(
  corpus: VectorCorpus,
  bare: BareSearch,
  scope: VectorScope,
  { asked, compared }: QuestionCounts,
): Promise<ScopeMeasures> {
  const questions = Array.from({ length: asked }, (_, index) => corpus.question(index));
  // The first of all leaves a job behind, which the others find.
  await ask(corpus, scope, corpus.question(0));
  const noted: (readonly RecordedQuery[])[] = [];
  for (const question of questions) noted.push(await bare.note(() => ask(corpus, scope, question)));
  await bare.forget();
  const [http, bareTimes, recalls] = [[] as number[], [] as BareTimes[], [] as number[]];
  for (const [index, question] of questions.entries()) {
    const askBare = async (): Promise<void> => void bareTimes.push(await bare.time(noted[index] ?? []));
    // Whoever comes second finds the pages in memory.
    if (index % 2 === 0) await askBare();
    const { milliseconds, similarities } = await ask(corpus, scope, question);
    http.push(milliseconds);
    if (index % 2 === 1) await askBare();
    if (index < compared) recalls.push(recallOf(similarities, await bare.exact(question, scope)));
  }
  return {
    scope,
    recall: recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length,
    http: latencyOf(http),
    sql: latencyOf(bareTimes.map(({ request }) => request)),
    search: latencyOf(bareTimes.map(({ search }) => search)),
  };
}

async function ask(
  { client }: VectorCorpus,
  { assistantId }: VectorScope,
  query: string,
): Promise<{ readonly milliseconds: number; readonly similarities: readonly number[] }> {
  const started = performance.now();
  const response = await client.post('search', {
    query,
    mode: 'vector',
    limit: HITS,
    ...(assistantId !== undefined && { assistant_id: assistantId }),
  });
  const milliseconds = performance.now() - started;
  if (response.status !== 200) throw new Error(`search: ${response.status}`);
  const { data: hits } = response.body as { data: readonly { vector_score: number }[] };
  return { milliseconds, similarities: hits.map((hit) => hit.vector_score) };
}

/** A hit counts when it is as near as the last one of the nearest. */
export function recallOf(found: readonly number[], nearest: readonly number[]): number {
  const least = (nearest.at(-1) ?? 0) - EQUAL;
  const hits = found.filter((similarity) => similarity >= Math.max(0, least)).length;
  return Math.min(hits, nearest.length) / Math.max(1, nearest.length);
}

function latencyOf(times: readonly number[]): Latency {
  const ascending = times.toSorted((a, b) => a - b);
  return { p50: percentile(ascending, 0.5), p95: percentile(ascending, 0.95) };
}
