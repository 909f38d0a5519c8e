import { setTimeout as pause } from 'node:timers/promises';
import type { BenchClient } from '../bench-client.ts';
import { inParallel } from '../in-parallel.ts';
import type { BeirCollection } from './beir-collection.ts';
import { measure } from './retrieval-metrics.ts';
import type { Measures } from './retrieval-metrics.ts';

const UPLOADS_AT_ONCE = 8;
const SEARCHES_AT_ONCE = 2;

export const SEARCH_MODES = ['vector', 'text', 'hybrid'] as const;
export type SearchMode = (typeof SEARCH_MODES)[number];

/** A collection in an account of its own. */
export interface LoadedCollection {
  /** Document id of the API -> ids of the collection; texts that are the same become one document. */
  readonly ids: ReadonlyMap<string, readonly string[]>;
  readonly assistantId: string;
  /** What became of the documents, in a line. */
  readonly summary: string;
  readonly seconds: number;
}

export interface ModeResult extends Measures {
  /** Time of one search, in ms, ascending. */
  readonly times: readonly number[];
}

/** Uploads every document and waits until no more are on their way. */
export async function loadCollection(
  client: BenchClient,
  collection: BeirCollection,
): Promise<LoadedCollection> {
  const started = performance.now();
  const assistant = await client.send<{ id: string }>('POST', '/assistants', { name: 'Retrieval bench' });
  const assistantId = assistant.data.id;
  const ids = new Map<string, string[]>();
  const refused = new Map<string, number>();
  await inParallel(collection.documents, UPLOADS_AT_ONCE, async ({ _id, title, text }) => {
    const answer = await client.send<{ document: { id: string } }>('POST', '/documents', {
      assistant_id: assistantId,
      title: (title ?? '').trim().slice(0, 300).trim() || 'Untitled',
      text,
    });
    if (answer.status === 200 || answer.status === 202) {
      const { id } = answer.data.document;
      ids.set(id, [...(ids.get(id) ?? []), _id]);
    } else refused.set(answer.code ?? 'unknown', (refused.get(answer.code ?? 'unknown') ?? 0) + 1);
  });
  const failed = await waitUntilSearchable(client);
  const seconds = (performance.now() - started) / 1000;
  return { ids, assistantId, seconds, summary: summaryOf(collection, ids, refused, failed) };
}

/** Deletes what {@link loadCollection} has made. */
export async function unloadCollection(client: BenchClient, loaded: LoadedCollection): Promise<void> {
  await inParallel([...loaded.ids.keys()], UPLOADS_AT_ONCE, (id) =>
    client.send('DELETE', `/documents/${id}`),
  );
  await client.send('DELETE', `/assistants/${loaded.assistantId}`);
}

/** Asks every judged query. */
export async function askAll(
  client: BenchClient,
  collection: BeirCollection,
  loaded: LoadedCollection,
  mode: SearchMode,
): Promise<ModeResult> {
  const rankings = new Map<string, readonly string[]>();
  const times: number[] = [];
  await inParallel([...collection.queries], SEARCHES_AT_ONCE, async ([queryId, query]) => {
    const { found, took } = await searchOnce(client, query, mode);
    times.push(took);
    rankings.set(
      queryId,
      found.flatMap((id) => loaded.ids.get(id) ?? []),
    );
  });
  return { ...measure(rankings, collection.judgements), times: ascending(times) };
}

/**
 * Asks every query in every mode, one search at a time and the modes in turn, so that all of them meet the same moments of the machine.
 *
 * @returns times of one search, in ms, ascending
 */
export async function timeModes(
  client: BenchClient,
  { queries }: BeirCollection,
): Promise<Readonly<Record<SearchMode, readonly number[]>>> {
  const times: Record<SearchMode, number[]> = { vector: [], text: [], hybrid: [] };
  for (const [index, query] of [...queries.values()].entries()) {
    for (let place = 0; place < SEARCH_MODES.length; place += 1) {
      const mode = SEARCH_MODES[(index + place) % SEARCH_MODES.length] ?? 'hybrid';
      times[mode].push((await searchOnce(client, query, mode)).took);
    }
  }
  return { vector: ascending(times.vector), text: ascending(times.text), hybrid: ascending(times.hybrid) };
}

async function searchOnce(
  client: BenchClient,
  query: string,
  mode: SearchMode,
): Promise<{ readonly found: readonly string[]; readonly took: number }> {
  const started = performance.now();
  const answer = await client.send<{ document_id: string }[]>('POST', '/search', {
    query,
    mode,
    limit: 100,
    group_by: 'document',
  });
  if (answer.status !== 200) throw new Error(`search: ${answer.status} ${answer.code ?? ''}`);
  return { found: answer.data.map((hit) => hit.document_id), took: performance.now() - started };
}

const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

/** Waits until no document of the account is on its way; returns how many of them have failed. */
async function waitUntilSearchable(client: BenchClient): Promise<number> {
  const some = async (status: string): Promise<number> =>
    (await client.send<unknown[]>('GET', `/documents?status=${status}&limit=100`)).data.length;
  while ((await some('queued')) + (await some('processing')) > 0) await pause(1000);
  return some('failed');
}

function summaryOf(
  { documents, queries }: BeirCollection,
  ids: ReadonlyMap<string, readonly string[]>,
  refused: ReadonlyMap<string, number>,
  failed: number,
): string {
  const refusals = [...refused].map(([code, count]) => `${count} x ${code}`).join(', ') || 'none';
  const duplicates = [...ids.values()].reduce((sum, same) => sum + same.length - 1, 0);
  return (
    `${documents.length} documents: ${ids.size} taken in, refused: ${refusals}, same text as another: ${duplicates}, ` +
    `failed: ${failed}${failed === 100 ? ' or more' : ''}; ${queries.size} queries`
  );
}
