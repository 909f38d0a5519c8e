import { parseArgs } from 'node:util';
import { registerBenchAccount } from './bench-client.ts';
import { percentile } from './percentile.ts';
import { readBeirCollection } from './retrieval/beir-collection.ts';
import { askAll, loadCollection, SEARCH_MODES, unloadCollection } from './retrieval/retrieval-run.ts';

/**
 * Measures retrieval on a collection in BEIR layout, through the running API and worker:
 *
 *   npm run bench:retrieval -- --corpus DIR [--url http://127.0.0.1:3000]
 *
 * Everything happens in an account of its own, whose documents are deleted at the end.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { corpus: { type: 'string' }, url: { type: 'string', default: 'http://127.0.0.1:3000' } },
  });
  if (values.corpus === undefined)
    throw new Error('usage: npm run bench:retrieval -- --corpus DIR [--url URL]');
  const collection = readBeirCollection(values.corpus);
  const client = await registerBenchAccount(values.url);
  const loaded = await loadCollection(client, collection);
  try {
    console.log(`${loaded.seconds.toFixed(1)} s  ${loaded.summary}`);
    for (const mode of SEARCH_MODES) {
      const { ndcgAt10, recallAt100, map, times } = await askAll(client, collection, loaded, mode);
      const at = (share: number): string => percentile(times, share).toFixed(0);
      console.log(
        `${mode.padEnd(7)} nDCG@10 ${ndcgAt10.toFixed(4)}  recall@100 ${recallAt100.toFixed(4)}  MAP ${map.toFixed(4)}  (p50 ${at(0.5)} ms, p95 ${at(0.95)} ms)`,
      );
    }
  } finally {
    await unloadCollection(client, loaded);
  }
}

await main();
