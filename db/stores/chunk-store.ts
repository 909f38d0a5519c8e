import type { Knex } from 'knex';
import { toSql } from 'pgvector';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '#shared/errors/app-error.ts';
import type { Document, DocumentChunk, EmbeddingModel } from '#shared/domain/types.ts';
import type { TextChunk } from '#shared/domain/text-chunk.ts';
import { describeDocument } from '../describe-document.ts';
import { recount } from '../publish-revision.ts';
import { toPage } from '../page.ts';
import type { Page, PageRequest } from '../page.ts';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';

/** Rows one INSERT may carry: PostgreSQL takes 65,535 bindings. */
const INSERT_BATCH = 500;

export interface ChunkText {
  readonly id: string;
  readonly position: number;
  readonly text: string;
  readonly tokenCount: number;
}

/** A chunk to be looked for by its own text, with its vector. */
export interface ChunkSample {
  readonly id: string;
  readonly text: string;
  readonly vector: readonly number[];
}

export interface ChunkReader {
  /** The chunks of a document's revision in order, with the state of their vectors of the model that searches use. */
  list(documentId: string, revision: number, page: PageRequest): Promise<Page<DocumentChunk>>;
  /** In no order. */
  findMany(userId: string, ids: readonly string[]): Promise<DocumentChunk[]>;
  /** Texts at positions `from` to `to` (exclusive) that have no vector of this model yet. */
  withoutVector(
    documentId: string,
    revision: number,
    modelId: number,
    from: number,
    to: number,
  ): Promise<ChunkText[]>;
  /** First, middle and last of the chunks that have a vector of this model. */
  samples(documentId: string, revision: number, modelId: number): Promise<ChunkSample[]>;
}

export interface ChunkWriter {
  /** Stores the chunks of a revision, in place of what an earlier attempt stored. */
  replace(document: Document, chunks: readonly TextChunk[]): Promise<void>;
  /**
   * Brings what text search knows of the chunks at positions `from` to `to` (exclusive), of every revision, in line with
   * the document's title.
   *
   * @returns whether there are chunks from `to` on
   */
  retitle(document: Document, from: number, to: number): Promise<boolean>;
  /**
   * Stores vectors, at most one for a chunk and model. Returns how many were not there before.
   *
   * @throws AppError embedding.dimension_mismatch when a vector is not as long as the model says
   */
  embed(document: Document, model: EmbeddingModel, vectors: readonly ChunkVector[]): Promise<number>;
}

export interface ChunkVector {
  readonly chunkId: string;
  readonly vector: ArrayLike<number>;
}

/** What lists show, but for the state of the vector. */
const SHOWN = [
  'c.id',
  'c.document_id',
  'c.position',
  'c.text',
  'c.page_from',
  'c.page_to',
  'c.char_start',
  'c.char_end',
  'c.token_count',
];

export function chunkReader(connection: Knex): ChunkReader {
  const embeddedBy = (modelId: Knex.Value | Knex.Raw) =>
    connection('document_chunks as c').leftJoin('chunk_embeddings as e', (join) => {
      join.on('e.chunk_id', 'c.id').andOn('e.model_id', connection.raw('?', [modelId]));
    });
  const withVectors = (documentId: string, revision: number, modelId: Knex.Value | Knex.Raw) =>
    embeddedBy(modelId).where({ 'c.document_id': documentId, 'c.revision': revision }).orderBy('c.position');
  const searched = () => connection.raw('(select id from embedding_models where is_active)');
  const shown = () => [...SHOWN, connection.raw(`coalesce(e.status, 'pending') as embedding_status`)];
  return {
    list: async (documentId, revision, { limit, after }) => {
      const rows = await withVectors(documentId, revision, searched())
        .where('c.position', '>', after === null ? -1 : Number(after))
        .limit(limit + 1)
        .select<Row[]>(shown());
      const chunks = rows.map((row) => fromRow<DocumentChunk>(row));
      return toPage(chunks, limit, (chunk) => String(chunk.position));
    },
    findMany: async (userId, ids) => {
      const rows = await embeddedBy(searched())
        .where('c.user_id', userId)
        .whereRaw('c.id = any(?)', [[...ids]])
        .select<Row[]>(shown());
      return rows.map((row) => fromRow<DocumentChunk>(row));
    },
    withoutVector: async (documentId, revision, modelId, from, to) =>
      withVectors(documentId, revision, modelId)
        .where('c.position', '>=', from)
        .where('c.position', '<', to)
        .whereRaw(`e.status is distinct from 'embedded'`)
        .select<ChunkText[]>('c.id', 'c.position', 'c.text', 'c.token_count as tokenCount'),
    samples: async (documentId, revision, modelId) => {
      const { rows } = await connection.raw<{ rows: { id: string; text: string; vector: string }[] }>(
        `with embedded as (
           select e.chunk_id, row_number() over (order by c.position) as place, count(*) over () as number
           from document_chunks c join chunk_embeddings e on e.chunk_id = c.id
           where c.document_id = ? and c.revision = ? and e.model_id = ? and e.status = 'embedded')
         select c.id, c.text, e.embedding::text as vector
         from embedded s join document_chunks c on c.id = s.chunk_id
         join chunk_embeddings e on e.chunk_id = c.id and e.model_id = ?
         where s.place in (1, (s.number + 1) / 2, s.number) order by s.place`,
        [documentId, revision, modelId, modelId],
      );
      return rows.map(({ vector, ...sample }) => ({ ...sample, vector: JSON.parse(vector) as number[] }));
    },
  };
}

export function chunkWriter(trx: Knex.Transaction): ChunkWriter {
  return {
    replace: async (document, chunks) => {
      const revision = { document_id: document.id, revision: document.revision };
      await trx('document_chunks').where(revision).delete();
      for (let start = 0; start < chunks.length; start += INSERT_BATCH)
        await trx('document_chunks').insert(
          chunks.slice(start, start + INSERT_BATCH).map((chunk) => chunkRow(trx, document, chunk)),
        );
      await trx('document_revisions')
        .where(revision)
        .update({ chunk_count: chunks.length, embedded_count: 0, chunk_finished_at: trx.fn.now() });
      await describeDocument(trx, document.id);
    },
    retitle: async (document, from, to) => {
      await recount(trx, document, { from, to }, async () => {
        await trx.raw(
          `update document_chunks c set search_vector = chunk_search_vector(?::regconfig, ?, c.text)
           where document_id = ? and position >= ? and position < ?`,
          [document.language, document.title, document.id, from, to],
        );
      });
      const last = await trx('document_chunks')
        .where('document_id', document.id)
        .where('position', '>=', to)
        .first<Row | undefined>('id');
      return last !== undefined;
    },
    embed: async (document, model, vectors) => {
      for (const { vector } of vectors)
        if (vector.length !== model.dimensions)
          throw new AppError('embedding.dimension_mismatch', {
            detail: `The model ${model.name} gave ${vector.length} dimensions instead of ${model.dimensions}.`,
            stage: 'embed',
          });
      if (vectors.length === 0) return 0;
      const rows = await trx('chunk_embeddings')
        .insert(vectors.map((item) => vectorRow(document, model, item)))
        .onConflict(['chunk_id', 'model_id'])
        .merge(['status', 'embedding', 'error', 'updated_at'])
        .whereNot('chunk_embeddings.status', 'embedded')
        .returning<Row[]>('chunk_id');
      return rows.length;
    },
  };
}

function chunkRow(trx: Knex.Transaction, document: Document, chunk: TextChunk): Row {
  return {
    id: uuidv7(),
    user_id: document.userId,
    assistant_id: document.assistantId,
    document_id: document.id,
    revision: document.revision,
    position: chunk.position,
    text: chunk.text,
    page_from: chunk.pageFrom,
    page_to: chunk.pageTo,
    char_start: chunk.charStart,
    char_end: chunk.charEnd,
    token_count: chunk.tokenCount,
    fingerprint: Buffer.from(chunk.fingerprint, 'hex'),
    search_vector: trx.raw('chunk_search_vector(?::regconfig, ?, ?)', [
      document.language,
      document.title,
      chunk.text,
    ]),
  };
}

const vectorRow = (document: Document, model: EmbeddingModel, { chunkId, vector }: ChunkVector): Row => ({
  chunk_id: chunkId,
  model_id: model.id,
  user_id: document.userId,
  assistant_id: document.assistantId,
  document_id: document.id,
  status: 'embedded',
  embedding: toSql(Array.from(vector)),
  error: null,
});
