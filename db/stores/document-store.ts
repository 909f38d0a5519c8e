import type { Knex } from 'knex';
import { AppError } from '#shared/errors/app-error.ts';
import type { Document, DocumentStatus, Failure, SourceType } from '#shared/domain/types.ts';
import { eraseDocuments } from '../erase-documents.ts';
import { failDocument } from '../fail-document.ts';
import { publishRevision } from '../publish-revision.ts';
import { toPage } from '../page.ts';
import type { Page, PageRequest } from '../page.ts';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';

const COLUMNS = [
  'id',
  'user_id',
  'assistant_id',
  'title',
  'source_type',
  'filename',
  'mime_type',
  'size',
  'sha256',
  'language',
  'status',
  'error',
  'page_count',
  'pages_without_text',
  'pages_failed',
  'chunk_count',
  'embedded_count',
  'revision',
  'live_revision',
  'tags',
  'metadata',
  'version',
  'state',
  'created_at',
  'updated_at',
];

export interface NewDocument {
  readonly id: string;
  readonly userId: string;
  readonly assistantId: string;
  readonly title: string;
  readonly sourceType: SourceType;
  readonly filename: string;
  readonly mimeType: string;
  readonly sha256: Buffer;
  readonly language: string;
  readonly tags: readonly string[];
  readonly content: Buffer;
}

export interface DocumentFilters {
  readonly assistantId?: string;
  readonly status?: DocumentStatus;
}

export interface DocumentReader {
  find(userId: string, id: string): Promise<Document | undefined>;
  findMany(userId: string, ids: readonly string[]): Promise<Document[]>;
  findBySha256(assistantId: string, sha256: Buffer): Promise<Document | undefined>;
  /** Newest first. */
  list(userId: string, filters: DocumentFilters, page: PageRequest): Promise<Page<Document>>;
  /** The original bytes. */
  content(documentId: string): Promise<Buffer | undefined>;
  /** The extracted text that offsets refer to. */
  text(documentId: string, revision: number): Promise<string | undefined>;
}

export interface DocumentChanges {
  readonly title?: string;
  readonly tags?: readonly string[];
}

export interface DocumentWriter {
  /** Stores a document with its bytes; undefined when the assistant already has these bytes. */
  insert(document: NewDocument): Promise<Document | undefined>;
  /** @throws AppError document.not_found, precondition.failed */
  update(
    userId: string,
    id: string,
    changes: DocumentChanges,
    expectedVersion: number | null,
  ): Promise<Document>;
  /** Locks the row. */
  lock(userId: string, id: string): Promise<Document | undefined>;
  /** Marks the row deleted and removes bytes, text, chunks and vectors for good. */
  erase(id: string): Promise<void>;
  /** Ends its ingestion badly; see `failDocument`. */
  fail(id: string, failure: Failure): Promise<void>;
  /** Back to the start of the line, as a retry begins, to make this revision. */
  markQueued(id: string, revision: number): Promise<void>;
}

export function documentReader(connection: Knex): DocumentReader {
  const visible = () => connection('documents').whereNull('deleted_at');
  const one = async (query: Knex.QueryBuilder): Promise<Document | undefined> => {
    const row = await query.first<Row | undefined>(COLUMNS);
    return row && toDocument(row);
  };
  return {
    find: (userId, id) => one(visible().where({ id, user_id: userId })),
    findMany: async (userId, ids) => {
      const rows = await visible()
        .where('user_id', userId)
        .whereIn('id', [...ids])
        .select<Row[]>(COLUMNS);
      return rows.map(toDocument);
    },
    findBySha256: (assistantId, sha256) => one(visible().where({ assistant_id: assistantId, sha256 })),
    list: async (userId, filters, { limit, after }) => {
      const query = visible()
        .where('user_id', userId)
        .orderBy('id', 'desc')
        .limit(limit + 1);
      if (after !== null) void query.where('id', '<', after);
      if (filters.assistantId !== undefined) void query.where('assistant_id', filters.assistantId);
      if (filters.status !== undefined) void query.where('status', filters.status);
      const rows = await query.select<Row[]>(COLUMNS);
      return toPage(rows.map(toDocument), limit);
    },
    content: async (documentId) => {
      const row = await connection('document_files')
        .where('document_id', documentId)
        .first<{ content: Buffer } | undefined>('content');
      return row?.content;
    },
    text: async (documentId, revision) => {
      const row = await connection('document_texts')
        .where({ document_id: documentId, revision })
        .first<{ content: string } | undefined>('content');
      return row?.content;
    },
  };
}

export function documentWriter(trx: Knex.Transaction): DocumentWriter {
  const touched = { state: trx.raw('state + 1'), updated_at: trx.fn.now() };
  const visible = (userId: string, id: string) =>
    trx('documents').where({ id, user_id: userId }).whereNull('deleted_at');
  const lock = async (userId: string, id: string): Promise<Document | undefined> => {
    const row = await visible(userId, id).forUpdate().first<Row | undefined>(COLUMNS);
    return row && toDocument(row);
  };
  return {
    insert: async ({ content, tags, ...document }) => {
      const rows = await trx('documents')
        .insert({
          id: document.id,
          user_id: document.userId,
          assistant_id: document.assistantId,
          title: document.title,
          source_type: document.sourceType,
          filename: document.filename,
          mime_type: document.mimeType,
          size: content.length,
          sha256: document.sha256,
          language: document.language,
          tags: [...tags],
        })
        .onConflict(trx.raw('(assistant_id, sha256) where deleted_at is null'))
        .ignore()
        .returning<Row[]>(COLUMNS);
      const row = rows[0];
      if (row === undefined) return undefined;
      await trx('document_files').insert({ document_id: document.id, user_id: document.userId, content });
      return toDocument(row);
    },
    update: async (userId, id, changes, expectedVersion) => {
      // Locked before it is changed: a worker whose rows refer to it may be about to change it too.
      const current = await lock(userId, id);
      if (current === undefined) throw new AppError('document.not_found');
      if (expectedVersion !== null && current.version !== expectedVersion)
        throw new AppError('precondition.failed');
      const rows = await trx('documents')
        .where('id', id)
        .update({
          ...(changes.title === undefined ? {} : { title: changes.title }),
          ...(changes.tags === undefined ? {} : { tags: [...changes.tags] }),
          ...touched,
          version: trx.raw('version + 1'),
        })
        .returning<Row[]>(COLUMNS);
      const document = toDocument(rows[0] ?? {});
      if (changes.title !== undefined) await retitleChunks(trx, document);
      return document;
    },
    lock,
    erase: (id) => eraseDocuments(trx, [id]),
    fail: (id, failure) => failDocument(trx, id, failure),
    markQueued: async (id, revision) => {
      await trx('documents')
        .where('id', id)
        .update({ ...touched, status: 'queued', error: null, revision });
    },
  };
}

/** Titles take part in text search, so the chunks' search vectors follow them. */
async function retitleChunks(trx: Knex.Transaction, document: Document): Promise<void> {
  await publishRevision(trx, document.id, null);
  await trx.raw(
    `update document_chunks set search_vector = chunk_search_vector(?::regconfig, ?, text) where document_id = ?`,
    [document.language, document.title, document.id],
  );
  await publishRevision(trx, document.id, document.liveRevision);
}

function toDocument(row: Row): Document {
  const document = fromRow<Document & { sha256: unknown }>(row);
  return { ...document, sha256: (row.sha256 as Buffer).toString('hex') };
}
