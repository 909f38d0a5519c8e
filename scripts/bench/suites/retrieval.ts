import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readEnv } from '#shared/config/env.ts';
import type { Env } from '#shared/config/env.ts';
import { percentile } from '../percentile.ts';
import { readBeirCollection } from '../retrieval/beir-collection.ts';
import type { BeirCollection } from '../retrieval/beir-collection.ts';
import { createBm25Index } from '../retrieval/bm25.ts';
import { measure } from '../retrieval/retrieval-metrics.ts';
import type { Measures } from '../retrieval/retrieval-metrics.ts';
import { askAll, loadCollection, SEARCH_MODES, timeModes } from '../retrieval/retrieval-run.ts';
import type { ModeResult, SearchMode } from '../retrieval/retrieval-run.ts';
import { SuiteSkipped } from '../suite.ts';
import type { BenchContext, BenchSuite, Figure, Plot } from '../suite.ts';

type ModeResults = Readonly<Record<SearchMode, ModeResult>>;

/** In the quick form every so-manieth query is asked; all documents are in place all the same. */
const QUICK_STEP = 4;

/** How well search finds what people judged to be relevant: the Cranfield collection, through the real endpoint. */
export const retrieval: BenchSuite = {
  name: 'retrieval',
  title: 'Retrieval quality',
  run: async (context) => {
    const folder = join(context.data ?? '', 'cranfield');
    if (!existsSync(join(folder, 'corpus.jsonl')))
      throw new SuiteSkipped('the Cranfield collection (../shared/data/cranfield) is not here');
    const whole = readBeirCollection(folder);
    const isQuick = context.mode === 'quick';
    const collection = isQuick ? thinned(whole) : whole;
    const bm25 = rankByBm25(collection);
    const builtin = await searchAll(context, collection, {});
    const server = modelServer();
    const remote = server === undefined ? undefined : await searchAll(context, collection, server);
    return {
      figures: [
        // Another name, for figures of fewer queries are no match for those of all.
        ...qualityFigures(builtin.modes, bm25, isQuick ? `, every ${QUICK_STEP}th query` : '', !isQuick),
        ...latencyFigures(builtin.times),
        ...(remote === undefined
          ? []
          : qualityFigures(remote.modes, bm25, `, ${server?.EMBEDDING_MODEL ?? ''}`, false)),
      ],
      plots: [recallPlot(builtin.modes, bm25)],
      notes: [
        `Cranfield 1400 through \`POST /search\` with \`group_by: document\`, all settings as they come. ${builtin.summary}.`,
        'The baseline is BM25 (k1 1.2, b 0.75; Porter stems, stop words of Snowball) over title and text, computed by the benchmark itself. Latencies are those of one search at a time with 100 hits, the modes in turn.',
        'Passages, words and weight of the second look are published constants, not fitted to these queries. What holds passages with all words of a question above the others (0.9 and 0.8) was chosen with sentences of this very collection as questions; see [ADR 9](adr/0009-hybrid-ranking.md).',
      ],
    };
  },
};

const thinned = (collection: BeirCollection): BeirCollection => {
  const queries = [...collection.queries].filter((_, index) => index % QUICK_STEP === 0);
  const judgements = queries.map(([id]) => [id, collection.judgements.get(id) ?? new Map()] as const);
  return { ...collection, queries: new Map(queries), judgements: new Map(judgements) };
};

function rankByBm25({ documents, queries, judgements }: BeirCollection): Measures {
  const index = createBm25Index(
    documents.map(({ _id, title, text }) => ({ id: _id, text: `${title ?? ''} ${text}` })),
  );
  return measure(new Map([...queries].map(([id, query]) => [id, index.search(query, 100)])), judgements);
}

/** Settings of a model server, where the environment names one. */
function modelServer(): Env | undefined {
  const env = readEnv();
  if (env.EMBEDDING_PROVIDER !== 'openai') return undefined;
  return Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('EMBEDDING_')));
}

async function searchAll(context: BenchContext, collection: BeirCollection, env: Env) {
  await using stage = await context.startStage(env);
  await stage.startWorker();
  const client = await stage.register();
  const loaded = await loadCollection(client, collection);
  context.log(`${loaded.summary}; searchable after ${loaded.seconds.toFixed(1)} s`);
  const modes: Partial<Record<SearchMode, ModeResult>> = {};
  for (const mode of SEARCH_MODES) {
    modes[mode] = await askAll(client, collection, loaded, mode);
    context.log(`${mode}: nDCG@10 ${modes[mode].ndcgAt10.toFixed(4)}`);
  }
  const times = await timeModes(client, collection);
  return { modes: modes as ModeResults, times, summary: loaded.summary };
}

function qualityFigures(modes: ModeResults, bm25: Measures, suffix: string, hasBar: boolean): Figure[] {
  return SEARCH_MODES.flatMap((mode) => {
    const { ndcgAt10, recallAt100, map } = modes[mode];
    const figure = (name: string, value: number, baseline: number, atLeast?: number): Figure => ({
      name: `${mode}, ${name}${suffix}`,
      value,
      unit: '',
      better: 'higher',
      baseline: { name: 'BM25', value: baseline },
      tolerance: 0.02,
      ...(hasBar && mode === 'hybrid' && atLeast !== undefined && { bar: { of: 'value', atLeast } }),
    });
    return [
      figure('nDCG@10', ndcgAt10, bm25.ndcgAt10, 0.42),
      figure('recall@100', recallAt100, bm25.recallAt100, 0.78),
      figure('MAP', map, bm25.map),
    ];
  });
}

const recallPlot = (modes: ModeResults, bm25: Measures): Plot => ({
  title: 'Recall by rank',
  xLabel: 'first ranks',
  yLabel: 'recall',
  xScale: 'log',
  series: [
    ...SEARCH_MODES.map((mode) => ({ name: mode, points: modes[mode].recallByRank })),
    { name: 'BM25', points: bm25.recallByRank },
  ],
});

/** What the second look of hybrid search costs shows beside the search by words alone. */
function latencyFigures(times: Readonly<Record<SearchMode, readonly number[]>>): Figure[] {
  const of = (mode: SearchMode, share: number): number => percentile(times[mode], share);
  return [0.5, 0.95].flatMap((share) =>
    (['vector', 'hybrid'] as const).map((mode) => ({
      name: `${mode}, latency p${share * 100}`,
      value: of(mode, share),
      unit: 'ms',
      better: 'lower',
      baseline: { name: 'text', value: of('text', share) },
      tolerance: 0.5,
      ...(mode === 'hybrid' && share === 0.5 && { bar: { of: 'ratio', atMost: 2 } }),
    })),
  );
}
