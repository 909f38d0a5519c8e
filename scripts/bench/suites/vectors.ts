import { startTestApp } from '#tests/support/test-app.ts';
import type { BenchContext, BenchMode, BenchSuite, Figure, Plot } from '../suite.ts';
import { openBareSearch } from '../vectors/bare-search.ts';
import { DOCUMENT_PASSAGES } from '../vectors/fill-corpus.ts';
import { makePassages } from '../vectors/made-passages.ts';
import { measureScope } from '../vectors/measure-scope.ts';
import type { QuestionCounts, ScopeMeasures } from '../vectors/measure-scope.ts';
import { readRealPassages } from '../vectors/real-passages.ts';
import { makeVectorCorpus } from '../vectors/vector-corpus.ts';
import type { CorpusPlan, VectorCorpus } from '../vectors/vector-corpus.ts';

const MILLION = 1_000_000;
const SIZES: Readonly<Record<BenchMode, readonly number[]>> = {
  quick: [10_000],
  default: [10_000, 100_000],
  full: [10_000, 100_000, MILLION],
};

/** Shares of the rows that an assistant has. */
const SHARES = [0.0001, 0.01, 0.5];

const QUESTIONS: QuestionCounts = { asked: 100, compared: 100 };
/** Comparing a million vectors takes seconds. */
const OF_A_MILLION: QuestionCounts = { asked: 100, compared: 40 };

/** One size, or the real text. */
export interface CorpusMeasures {
  readonly name: string;
  readonly corpus: Pick<VectorCorpus, 'rows' | 'fillSeconds' | 'indexSeconds' | 'indexBytes'>;
  readonly scopes: readonly ScopeMeasures[];
}

/** How fast and how completely vectors are found, from ten thousand to a million of them. */
export const vectors: BenchSuite = {
  name: 'vectors',
  title: 'Vector search at scale',
  run: async (context) => {
    const made = makePassages();
    const measured: CorpusMeasures[] = [];
    for (const rows of SIZES[context.mode])
      measured.push(await measureCorpus(context, countOf(rows), { ...made, rows, shares: SHARES }));
    const real = context.mode === 'quick' ? undefined : readRealPassages(context.data, DOCUMENT_PASSAGES);
    const ofText =
      real && (await measureCorpus(context, `real text, ${countOf(real.rows)}`, { ...real, shares: [] }));
    return {
      figures: [...[...measured, ...(ofText ? [ofText] : [])].flatMap(figuresOf), ...growthFigures(measured)],
      plots: [latencyPlot(measured)],
      notes: NOTES,
    };
  },
};

const NOTES = [
  'Made passages: 20,000 made words, 2,000 topics of 80 words; 40 words a passage, 24 of the topic of its document and 16 of all words, by Zipf’s law; questions are 8 words of a topic. Vectors are those of the builtin embedder, 768 dimensions. All rows belong to one user. Real text: the sentences of the Cranfield abstracts alone and by two and three, asked with the questions of the collection.',
  'Each of 100 questions asks `POST /search` for ten hits by vector, one at a time, everything in memory. Bare SQL are all statements of such a request (session, assistant, search, log), as they were noted down, one after the other on one connection; those of the search alone are given beside. Recall@10 is held against comparing all vectors of the scope.',
  'Rows are put into the tables directly and the index is made afterwards, with `maintenance_work_mem` of 4 GB and one parallel worker or two. [ADR 36](adr/0036-vector-search-at-scale.md) says what was chosen by these figures.',
];

const countOf = (rows: number): string => `${rows.toLocaleString('en')} rows`;

async function measureCorpus(context: BenchContext, name: string, plan: CorpusPlan): Promise<CorpusMeasures> {
  // In this process, for what it asks the database is noted down; requests come one at a time, so neither waits for the other.
  await using app = await startTestApp({ NODE_ENV: 'development', PUBLIC_URL: 'http://localhost' });
  const corpus = await makeVectorCorpus(app, plan);
  context.log(
    `${name}: filled in ${corpus.fillSeconds.toFixed(0)} s, index made in ${corpus.indexSeconds.toFixed(0)} s`,
  );
  return { name, corpus, scopes: await measureScopes(corpus, (line) => context.log(`${name}, ${line}`)) };
}

export async function measureScopes(
  corpus: VectorCorpus,
  log: (line: string) => void,
): Promise<ScopeMeasures[]> {
  await using bare = await openBareSearch(corpus);
  const scopes: ScopeMeasures[] = [];
  for (const scope of corpus.scopes) {
    const counts = corpus.rows < MILLION ? QUESTIONS : OF_A_MILLION;
    const measures = await measureScope(corpus, bare, scope, counts);
    const { recall, http } = measures;
    log(`${scope.name}: recall@10 ${recall.toFixed(4)}, p95 ${http.p95.toFixed(1)} ms`);
    scopes.push(measures);
  }
  return scopes;
}

export function figuresOf({ name, corpus, scopes }: CorpusMeasures): Figure[] {
  return [
    {
      name: `${name}, index made`,
      value: corpus.indexSeconds / 60,
      unit: 'min',
      better: 'lower',
      ...(corpus.rows >= MILLION && { bar: { of: 'value', atMost: 120 } as const }),
    },
    {
      name: `${name}, size of the index`,
      value: corpus.indexBytes / 1024 ** 2,
      unit: 'MiB',
      better: 'lower',
    },
    ...scopes.flatMap(({ scope, recall, http, sql, search }): Figure[] => [
      {
        name: `${name}, ${scope.name}, recall@10`,
        value: recall,
        unit: '',
        better: 'higher',
        bar: { of: 'value', atLeast: 0.95 },
      },
      {
        name: `${name}, ${scope.name}, p50`,
        value: http.p50,
        unit: 'ms',
        better: 'lower',
        baseline: { name: 'bare SQL', value: sql.p50 },
      },
      {
        name: `${name}, ${scope.name}, p95`,
        value: http.p95,
        unit: 'ms',
        better: 'lower',
        baseline: { name: 'bare SQL', value: sql.p95 },
        bar: { of: 'ratio', atMost: 1.5 },
      },
      {
        name: `${name}, ${scope.name}, p95 of the search’s own statements`,
        value: search.p95,
        unit: 'ms',
        better: 'lower',
      },
    ]),
  ];
}

/** How much slower the largest size is than the smallest one. */
export function growthFigures(measured: readonly CorpusMeasures[]): Figure[] {
  const [smallest, largest] = [measured[0], measured.at(-1)];
  if (smallest === undefined || largest === undefined || smallest === largest) return [];
  return largest.scopes.map(({ scope, http }, index) => ({
    name: `${largest.name}, ${scope.name}, p95 beside 10,000 rows`,
    value: http.p95,
    unit: 'ms',
    better: 'lower',
    baseline: { name: smallest.name, value: smallest.scopes[index]?.http.p95 ?? NaN },
    ...(largest.corpus.rows >= MILLION && { bar: { of: 'ratio', atMost: 3 } as const }),
  }));
}

function latencyPlot(measured: readonly CorpusMeasures[]): Plot {
  const scopes = measured[0]?.scopes ?? [];
  return {
    title: 'Vector search, p95 by rows',
    xLabel: 'rows',
    yLabel: 'ms',
    xScale: 'log',
    series: scopes.map(({ scope }, index) => ({
      name: scope.name,
      points: measured.map(({ corpus, scopes: own }) => [corpus.rows, own[index]?.http.p95 ?? NaN] as const),
    })),
  };
}
