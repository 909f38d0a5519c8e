import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readBeirCollection } from './beir-collection.ts';
import type { BeirCollection } from './beir-collection.ts';
import { registerBenchAccount } from './bench-client.ts';
import type { BenchClient } from './bench-client.ts';
import { measure } from './retrieval-metrics.ts';

/**
 * Measures retrieval on a collection in BEIR layout, through the running API and worker:
 *
 *   npm run bench:retrieval -- --corpus DIR [--url http://127.0.0.1:3000]
 *
 * Everything happens in an account of its own, whose documents are deleted at the end.
 */
const UPLOADS_AT_ONCE = 8;
const SEARCHES_AT_ONCE = 2;
const MODES = ['vector', 'text', 'hybrid'] as const;

interface Loaded {
  /** Document id of the API -> ids of the collection; texts that are the same become one document. */
  readonly ids: ReadonlyMap<string, readonly string[]>;
  /** Error code -> documents that were refused with it. */
  readonly refused: ReadonlyMap<string, number>;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { corpus: { type: 'string' }, url: { type: 'string', default: 'http://127.0.0.1:3000' } },
  });
  if (values.corpus === undefined)
    throw new Error('usage: npm run bench:retrieval -- --corpus DIR [--url URL]');
  const collection = readBeirCollection(values.corpus);
  const client = await registerBenchAccount(values.url);
  const assistant = await client.send<{ id: string }>('POST', '/assistants', { name: 'Retrieval bench' });
  const started = performance.now();
  const loaded = await load(client, collection, assistant.data.id);
  try {
    const failed = await waitUntilSearchable(client);
    const seconds = (performance.now() - started) / 1000;
    printLoading(collection, loaded, failed, seconds);
    for (const mode of MODES) await ask(client, collection, loaded, mode);
  } finally {
    await inParallel([...loaded.ids.keys()], UPLOADS_AT_ONCE, (id) =>
      client.send('DELETE', `/documents/${id}`),
    );
    await client.send('DELETE', `/assistants/${assistant.data.id}`);
  }
}

async function load(client: BenchClient, collection: BeirCollection, assistantId: string): Promise<Loaded> {
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
  return { ids, refused };
}

/** Waits until no document of the account is on its way; returns how many of them have failed. */
async function waitUntilSearchable(client: BenchClient): Promise<number> {
  const some = async (status: string): Promise<number> =>
    (await client.send<unknown[]>('GET', `/documents?status=${status}&limit=100`)).data.length;
  while ((await some('queued')) + (await some('processing')) > 0) await pause(1000);
  return some('failed');
}

async function ask(
  client: BenchClient,
  collection: BeirCollection,
  loaded: Loaded,
  mode: (typeof MODES)[number],
): Promise<void> {
  const rankings = new Map<string, readonly string[]>();
  const times: number[] = [];
  await inParallel([...collection.queries], SEARCHES_AT_ONCE, async ([queryId, query]) => {
    const started = performance.now();
    const answer = await client.send<{ document_id: string }[]>('POST', '/search', {
      query,
      mode,
      limit: 100,
      group_by: 'document',
    });
    if (answer.status !== 200) throw new Error(`search: ${answer.status} ${answer.code ?? ''}`);
    times.push(performance.now() - started);
    rankings.set(
      queryId,
      answer.data.flatMap((hit) => loaded.ids.get(hit.document_id) ?? []),
    );
  });
  const { ndcgAt10, recallAt100, map } = measure(rankings, collection.judgements);
  times.sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(0);
  console.log(
    `${mode.padEnd(7)} nDCG@10 ${ndcgAt10.toFixed(4)}  recall@100 ${recallAt100.toFixed(4)}  MAP ${map.toFixed(4)}  (p50 ${at(0.5)} ms, p95 ${at(0.95)} ms)`,
  );
}

function printLoading(collection: BeirCollection, loaded: Loaded, failed: number, seconds: number): void {
  const refused = [...loaded.refused].map(([code, count]) => `${count} x ${code}`).join(', ') || 'none';
  const duplicates = [...loaded.ids.values()].reduce((sum, same) => sum + same.length - 1, 0);
  console.log(
    `${collection.documents.length} documents in ${seconds.toFixed(1)} s: ${loaded.ids.size} taken in, refused: ${refused}, ` +
      `same text as another: ${duplicates}, failed: ${failed}${failed === 100 ? ' or more' : ''}; ${collection.queries.size} queries`,
  );
}

async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const rest = items.values();
  const lane = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

await main();
