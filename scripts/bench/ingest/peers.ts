import pg from 'pg';
import { hashedVector } from '#shared/embedding/builtin-embedder.ts';
import { extractAll } from './bare-parts.ts';
import { CHUNKING, DIMENSIONS } from './defaults.ts';
import type { CorpusFile } from './made-corpus.ts';
import { langchainSplitters, loadPeer } from './peer-packages.ts';

/** What another does with the files, and how long it took. */
export interface PeerRun {
  readonly seconds: number;
  readonly chunks: number;
}

interface LangchainDocument {
  readonly pageContent: string;
  readonly metadata: object;
}

interface LangchainStore {
  createHnswIndex(options: { readonly dimensions: number }): Promise<void>;
  addVectors(vectors: number[][], documents: LangchainDocument[]): Promise<void>;
  end(): Promise<void>;
}

interface LangchainModule {
  readonly PGVectorStore: {
    initialize(embeddings: object, options: object): Promise<LangchainStore>;
  };
}

interface MastraVector {
  createIndex(options: object): Promise<void>;
  upsert(options: object): Promise<unknown>;
  disconnect(): Promise<void>;
}

interface MastraChunks {
  chunk(options: object): Promise<{ readonly text: string }[]>;
}

const embed = (text: string): number[] => Array.from(hashedVector(text, DIMENSIONS));

/**
 * The files through LangChain's splitter by tokens and its PGVectorStore with an HNSW index, one file after the other. PDFium
 * reads the PDFs for it, which is quicker than what it has itself; it keeps no words, statistics or state of jobs.
 */
export async function ingestByLangchain(
  folder: string,
  files: readonly CorpusFile[],
  databaseUrl: string,
): Promise<PeerRun> {
  const { byTokens } = langchainSplitters(folder, () => 0, CHUNKING);
  const { PGVectorStore } = loadPeer<LangchainModule>(folder, '@langchain/community/vectorstores/pgvector');
  const store = await PGVectorStore.initialize(
    { embedDocuments: (texts: string[]) => Promise.resolve(texts.map(embed)) },
    { postgresConnectionOptions: { connectionString: databaseUrl }, tableName: 'langchain_chunks' },
  );
  await store.createHnswIndex({ dimensions: DIMENSIONS });
  const started = performance.now();
  const texts = await extractAll(files);
  let chunks = 0;
  for (const [index, { text }] of texts.entries()) {
    const own = await byTokens.splitText(text);
    const documents = own.map((pageContent) => ({ pageContent, metadata: { file: files[index]?.name } }));
    await store.addVectors(own.map(embed), documents);
    chunks += own.length;
  }
  const seconds = (performance.now() - started) / 1000;
  await store.end();
  await dropTables(databaseUrl);
  return { seconds, chunks };
}

/** The same through Mastra's MDocument and PgVector. */
export async function ingestByMastra(
  folder: string,
  files: readonly CorpusFile[],
  databaseUrl: string,
): Promise<PeerRun> {
  const { MDocument } = loadPeer<{ MDocument: { fromText(text: string): MastraChunks } }>(
    folder,
    '@mastra/rag',
  );
  const { PgVector } = loadPeer<{ PgVector: new (options: object) => MastraVector }>(folder, '@mastra/pg');
  const store = new PgVector({ id: 'bench', connectionString: databaseUrl });
  const indexName = 'mastra_chunks';
  await store.createIndex({
    indexName,
    dimension: DIMENSIONS,
    metric: 'cosine',
    indexConfig: { type: 'hnsw' },
  });
  const started = performance.now();
  const texts = await extractAll(files);
  let chunks = 0;
  for (const { text } of texts) {
    const own = await MDocument.fromText(text).chunk({
      strategy: 'token',
      maxSize: CHUNKING.sizeTokens,
      overlap: CHUNKING.overlapTokens,
      encodingName: 'cl100k_base',
    });
    const passages = own.map((chunk) => chunk.text);
    await store.upsert({
      indexName,
      vectors: passages.map(embed),
      metadata: passages.map((passage) => ({ text: passage })),
    });
    chunks += own.length;
  }
  const seconds = (performance.now() - started) / 1000;
  await store.disconnect();
  await dropTables(databaseUrl);
  return { seconds, chunks };
}

async function dropTables(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('drop table if exists langchain_chunks, mastra_chunks');
  } finally {
    await client.end();
  }
}
