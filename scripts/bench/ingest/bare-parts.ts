import { once } from 'node:events';
import { PDFiumLibrary } from '@hyzyla/pdfium';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { CopyStreamQuery } from 'pg-copy-streams';
import { v7 as uuidv7 } from 'uuid';
import type { PageSpan } from '#shared/domain/extracted-text.ts';
import type { TextChunk } from '#shared/domain/text-chunk.ts';
import { hashedVector } from '#shared/embedding/builtin-embedder.ts';
import { normalizePageText } from '#worker/documents/normalize-page-text.ts';
import { splitText } from '#worker/documents/split-text.ts';
import { CHUNKING, DIMENSIONS } from './defaults.ts';
import type { CorpusFile } from './made-corpus.ts';

/** What nobody gets around who ingests these files, in seconds of one process that does one thing after the other. */
export interface BareParts {
  readonly extract: number;
  readonly split: number;
  readonly embed: number;
  readonly copy: number;
  readonly total: number;
  readonly chunks: number;
}

const COPY_CHUNKS = `copy bare_arrivals (id, user_id, assistant_id, document_id, revision, position, text, char_start, char_end,
  token_count, fingerprint) from stdin`;
const COPY_VECTORS =
  'copy bare_vectors (chunk_id, model_id, user_id, assistant_id, document_id, status, embedding) from stdin';

interface BareText {
  readonly text: string;
  readonly pages: readonly PageSpan[];
}

/**
 * Measures the parts alone: PDFium in this process, splitting with its counting of tokens, vectors, and one COPY of chunks and
 * vectors into tables with the columns and indexes of the product's.
 */
export async function measureBareParts(
  files: readonly CorpusFile[],
  databaseUrl: string,
  modelId: number,
): Promise<BareParts> {
  const [extract, texts] = await timed(() => extractAll(files));
  const [split, chunks] = await timed(() =>
    Promise.resolve(texts.map(({ text, pages }) => splitText(text, pages, CHUNKING))),
  );
  const [embed, vectors] = await timed(() =>
    Promise.resolve(chunks.map((own) => own.map(({ text }) => hashedVector(text, DIMENSIONS)))),
  );
  const copy = await copyAll(databaseUrl, modelId, chunks, vectors);
  return {
    extract,
    split,
    embed,
    copy,
    total: extract + split + embed + copy,
    chunks: chunks.reduce((sum, own) => sum + own.length, 0),
  };
}

async function timed<T>(work: () => Promise<T>): Promise<[seconds: number, result: T]> {
  const started = performance.now();
  const result = await work();
  return [(performance.now() - started) / 1000, result];
}

/** The texts of the files, PDFs read by PDFium in this process. */
export async function extractAll(files: readonly CorpusFile[]): Promise<BareText[]> {
  const library = await PDFiumLibrary.init();
  const texts: BareText[] = [];
  for (const { kind, bytes } of files) {
    if (kind === 'txt') {
      texts.push({ text: bytes.toString('utf8'), pages: [] });
      continue;
    }
    const document = await library.loadDocument(bytes);
    let text = '';
    const pages: PageSpan[] = [];
    for (const page of document.pages()) {
      const charStart = text.length;
      text += `${normalizePageText(page.getText())}\n\n`;
      pages.push({ page: page.number + 1, charStart, charEnd: text.length });
    }
    document.destroy();
    texts.push({ text, pages });
  }
  library.destroy();
  return texts;
}

/** In batches, as the product stores them, but in one transaction. */
async function copyAll(
  databaseUrl: string,
  modelId: number,
  chunks: readonly (readonly TextChunk[])[],
  vectors: readonly (readonly Float32Array[])[],
): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('create table bare_chunks (like document_chunks including all)');
    // A COPY cannot work words out on its way.
    await client.query('create temporary table bare_arrivals (like document_chunks including defaults)');
    await client.query('alter table bare_arrivals alter search_vector drop not null');
    await client.query('create table bare_vectors (like chunk_embeddings including all)');
    // eslint-disable-next-line no-restricted-syntax -- one of the constants above
    const open = (text: string): CopyStreamQuery => client.query(copyFrom(text));
    const [seconds] = await timed(async () => {
      await client.query('begin');
      const user = uuidv7();
      const ids = chunks.map((own) => own.map(() => uuidv7()));
      await copyRows(open(COPY_CHUNKS), chunkLines(chunks, ids, user));
      await client.query(
        `update bare_arrivals set search_vector = chunk_search_vector('english', 'Report', text)`,
      );
      await client.query('insert into bare_chunks select * from bare_arrivals');
      await copyRows(open(COPY_VECTORS), vectorLines(vectors, ids, user, modelId));
      await client.query('commit');
    });
    await client.query('drop table bare_chunks, bare_vectors, bare_arrivals');
    return seconds;
  } finally {
    await client.end();
  }
}

async function copyRows(stream: CopyStreamQuery, lines: Iterable<string>): Promise<void> {
  for (const line of lines) if (!stream.write(line)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'finish');
}

function* chunkLines(
  chunks: readonly (readonly TextChunk[])[],
  ids: readonly (readonly string[])[],
  user: string,
): Generator<string> {
  for (const [document, own] of chunks.entries()) {
    const documentId = uuidv7();
    for (const [index, chunk] of own.entries()) {
      const text = chunk.text.replace(/[\\\n\r\t]/g, (character) => ESCAPES[character] ?? '');
      yield `${ids[document]?.[index] ?? ''}\t${user}\t${user}\t${documentId}\t1\t${chunk.position}\t${text}\t${chunk.charStart}\t${chunk.charEnd}\t${chunk.tokenCount}\t\\\\x${chunk.fingerprint}\n`;
    }
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function* vectorLines(
  vectors: readonly (readonly Float32Array[])[],
  ids: readonly (readonly string[])[],
  user: string,
  modelId: number,
): Generator<string> {
  for (const [document, own] of vectors.entries()) {
    const documentId = uuidv7();
    for (const [index, vector] of own.entries())
      yield `${ids[document]?.[index] ?? ''}\t${modelId}\t${user}\t${user}\t${documentId}\tembedded\t[${vector.join(',')}]\n`;
  }
}
