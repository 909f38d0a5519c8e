import { setTimeout as pause } from 'node:timers/promises';
import type { BenchClient } from '../bench-client.ts';
import type { BenchStage } from '../bench-stage.ts';
import { inParallel } from '../in-parallel.ts';
import { measureBareParts } from '../ingest/bare-parts.ts';
import { makeCorpus } from '../ingest/made-corpus.ts';
import type { CorpusFile } from '../ingest/made-corpus.ts';
import { installPeers, versionOf } from '../ingest/peer-packages.ts';
import { ingestByLangchain, ingestByMastra } from '../ingest/peers.ts';
import type { PeerRun } from '../ingest/peers.ts';
import type { BenchContext, BenchSuite, Figure } from '../suite.ts';

const UPLOADS_AT_ONCE = 8;
const SHAPES = {
  quick: { pdfs: 3, texts: 10, notes: 0 },
  default: { pdfs: 20, texts: 60, notes: 0 },
  full: { pdfs: 60, texts: 180, notes: 0 },
};
const NOTES = { quick: 100, default: 500, full: 2_000 };

/** How fast files become searchable, beside the parts of that which nobody gets around. */
export const ingest: BenchSuite = {
  name: 'ingest',
  title: 'Ingest',
  run: async (context) => {
    const files = await makeCorpus(SHAPES[context.mode]);
    const notes = await makeCorpus({ pdfs: 0, texts: 0, notes: NOTES[context.mode] });
    const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
    context.log(`${files.length} files of ${(bytes / 1e6).toFixed(1)} MB, ${notes.length} notes`);
    const peers = await measurePeers(context, files);
    const one = await measure(context, files, 1);
    const two = await measure(context, files, 2);
    const small = await measure(context, notes, 1);
    const { bare } = one;
    const bareRate = files.length / bare.total;
    const figures: Figure[] = [
      {
        name: 'documents, one worker',
        value: files.length / one.seconds,
        unit: 'documents/s',
        better: 'higher',
        baseline: { name: 'bare parts, one after the other', value: bareRate },
        bar: { of: 'ratio', atLeast: 0.6 },
      },
      {
        name: 'bytes, one worker',
        value: bytes / 1e6 / one.seconds,
        unit: 'MB/s',
        better: 'higher',
        baseline: { name: 'bare parts, one after the other', value: bytes / 1e6 / bare.total },
      },
      ...peerFigures(files.length, one.seconds, peers),
      {
        name: 'documents, two workers',
        value: files.length / two.seconds,
        unit: 'documents/s',
        better: 'higher',
        baseline: { name: 'one worker', value: files.length / one.seconds },
        note: 'at least 1.7 is the aim on 4 cores or more',
      },
      {
        name: 'notes of some sentences, one worker',
        value: notes.length / small.seconds,
        unit: 'documents/s',
        better: 'higher',
        baseline: { name: 'bare parts, one after the other', value: notes.length / small.bare.total },
      },
    ];
    return {
      figures,
      notes: [
        `${files.length} files of ${(bytes / 1e6).toFixed(1)} MB (PDFs of 20 to 100 pages and texts) make ${bare.chunks} chunks; ${notes.length} notes make ${small.bare.chunks}. Time runs from the first upload through the API until the last document is completed, which includes that its passages were found.`,
        `Bare parts of the files: PDF text ${bare.extract.toFixed(1)} s, splitting with tokens ${bare.split.toFixed(1)} s, vectors ${bare.embed.toFixed(1)} s, words and COPY into tables with the product's indexes ${bare.copy.toFixed(1)} s.`,
        `LangChain.js (splitter by tokens, PGVectorStore; ${versionOf('@langchain/textsplitters')}, ${versionOf('@langchain/community')}) and Mastra (MDocument, PgVector; ${versionOf('@mastra/rag')}, ${versionOf('@mastra/pg')}) split by the same encoding and sizes, embed with the same function and store into tables with the same kind of index, all in one process without an API, an account, text search, progress or anything to go on from after a fault. PDFium reads the PDFs for them too.`,
      ],
    };
  },
};

interface Peers {
  readonly langchain: PeerRun;
  readonly mastra: PeerRun;
}

async function measurePeers(context: BenchContext, files: readonly CorpusFile[]): Promise<Peers> {
  const folder = installPeers(context.kept);
  await using stage = await context.startStage();
  const langchain = await ingestByLangchain(folder, files, stage.database.url);
  const mastra = await ingestByMastra(folder, files, stage.database.url);
  for (const [name, { seconds, chunks }] of Object.entries({ langchain, mastra }))
    context.log(`${name}: ${seconds.toFixed(1)} s, ${chunks} chunks`);
  return { langchain, mastra };
}

/** The faster of the two is what counts. */
function peerFigures(documents: number, seconds: number, { langchain, mastra }: Peers): Figure[] {
  const isFaster = langchain.seconds <= mastra.seconds;
  const figure = (name: string, peer: PeerRun, counts: boolean): Figure => ({
    name: `documents, one worker, beside ${name}`,
    value: documents / seconds,
    unit: 'documents/s',
    better: 'higher',
    baseline: { name, value: documents / peer.seconds },
    ...(counts && { bar: { of: 'ratio', atLeast: 3 } }),
  });
  return [figure('LangChain.js', langchain, isFaster), figure('Mastra', mastra, !isFaster)];
}

async function measure(context: BenchContext, files: readonly CorpusFile[], workers: number) {
  await using stage = await context.startStage();
  for (let index = 0; index < workers; index++) await stage.startWorker();
  const client = await stage.register();
  const made = await client.send<{ id: string }>('POST', '/assistants', { name: 'Ingest bench' });
  const started = performance.now();
  await inParallel(files, UPLOADS_AT_ONCE, async (file) => {
    const answer = await client.upload('/documents', { assistant_id: made.data.id }, file);
    if (answer.status !== 202) throw new Error(`${file.name}: ${answer.status} ${answer.code ?? ''}`);
  });
  const uploaded = (performance.now() - started) / 1000;
  await waitUntilCompleted(stage, client, files.length);
  const seconds = (performance.now() - started) / 1000;
  const [model] = await stage.database.sql<{ id: number }>('select id from embedding_models where is_active');
  const bare = await measureBareParts(files, stage.database.url, model?.id ?? 0);
  context.log(
    `${workers} workers: uploaded after ${uploaded.toFixed(1)} s, searchable after ${seconds.toFixed(1)} s; bare ${bare.total.toFixed(1)} s`,
  );
  return { seconds, bare };
}

/** @throws Error when a document has failed */
async function waitUntilCompleted(
  { database }: BenchStage,
  client: BenchClient,
  count: number,
): Promise<void> {
  for (;;) {
    const [row] = await database.sql<{ completed: number; ended: number }>(
      `select count(*) filter (where status = 'completed')::int as completed,
         count(*) filter (where status in ('failed', 'partial'))::int as ended from documents`,
    );
    if ((row?.ended ?? 0) > 0) throw new Error(`${row?.ended ?? 0} documents failed`);
    if (row?.completed === count) break;
    await pause(100);
  }
  const { data } = await client.send<unknown[]>('GET', '/documents?status=completed&limit=1');
  if (data.length !== 1) throw new Error('the API does not show what is completed');
}
