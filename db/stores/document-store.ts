import type { Knex } from 'knex';
import { AppError } from '#shared/errors/app-error.ts';
import type { Document, DocumentStatus, Failure, NewVersion } from '#shared/domain/types.ts';
import { describeDocument } from '../describe-document.ts';
import { eraseDocuments } from '../erase-documents.ts';
import { failDocument } from '../fail-document.ts';
import { publishRevision } from '../publish-revision.ts';
import { toPage } from '../page.ts';
import type { Page, PageRequest } from '../page.ts';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';
import { insertFile } from './document-file-store.ts';
import type { NewFileRow } from './document-file-store.ts';

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

/** The columns of a document, with the file that is to take the place of the live one. */
const columns = (connection: Knex) => [
  ...COLUMNS,
  connection.raw(
    `(select jsonb_build_object('revision', f.revision, 'filename', f.filename, 'mimeType', f.mime_type,
        'size', f.size, 'sha256', encode(f.sha256, 'hex'))
      from document_files f where f.document_id = documents.id and f.revision > documents.live_revision
      order by f.revision desc limit 1) as new_version`,
  ),
];

export interface NewDocument extends NewFileRow {
  readonly id: string;
  readonly userId: string;
  readonly assistantId: string;
  readonly title: string;
  readonly language: string;
  readonly tags: readonly string[];
}

export interface DocumentFilters {
  readonly assistantId?: string;
  readonly status?: DocumentStatus;
}

export interface DocumentReader {
  find(userId: string, id: string): Promise<Document | undefined>;
  findMany(userId: string, ids: readonly string[]): Promise<Document[]>;
  /** The document that has a file of these bytes: the live one, or one that is to take its place. */
  findBySha256(assistantId: string, sha256: Buffer): Promise<Document | undefined>;
  /** Newest first. */
  list(userId: string, filters: DocumentFilters, page: PageRequest): Promise<Page<Document>>;
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
  /** Counts an edit of a client and brings a document back to what its live revision is. */
  restoreLive(id: string): Promise<void>;
  countEdit(id: string): Promise<void>;
  /** Makes a revision the one that search reads, and removes those before it with their files. */
  publish(id: string, revision: number): Promise<void>;
}

export function documentReader(connection: Knex): DocumentReader {
  const visible = () => connection('documents').whereNull('deleted_at');
  const one = async (query: Knex.QueryBuilder): Promise<Document | undefined> => {
    const row = await query.first<Row | undefined>(columns(connection));
    return row && toDocument(row);
  };
  return {
    find: (userId, id) => one(visible().where({ id, user_id: userId })),
    findMany: async (userId, ids) => {
      const rows = await visible()
        .where('user_id', userId)
        .whereIn('id', [...ids])
        .select<Row[]>(columns(connection));
      return rows.map(toDocument);
    },
    findBySha256: (assistantId, sha256) =>
      one(
        visible().where(
          'id',
          connection('document_files').where({ assistant_id: assistantId, sha256 }).select('document_id'),
        ),
      ),
    list: async (userId, filters, { limit, after }) => {
      const query = visible()
        .where('user_id', userId)
        .orderBy('id', 'desc')
        .limit(limit + 1);
      if (after !== null) void query.where('id', '<', after);
      if (filters.assistantId !== undefined) void query.where('assistant_id', filters.assistantId);
      if (filters.status !== undefined) void query.where('status', filters.status);
      const rows = await query.select<Row[]>(columns(connection));
      return toPage(rows.map(toDocument), limit);
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
    const row = await visible(userId, id).forUpdate().first<Row | undefined>(columns(trx));
    return row && toDocument(row);
  };
  return {
    insert: async (document) => {
      const rows = await trx('documents')
        .insert({
          id: document.id,
          user_id: document.userId,
          assistant_id: document.assistantId,
          title: document.title,
          source_type: document.sourceType,
          filename: document.filename,
          mime_type: document.mimeType,
          size: document.content.length,
          sha256: document.sha256,
          language: document.language,
          tags: [...document.tags],
        })
        .onConflict(trx.raw('(assistant_id, sha256) where deleted_at is null'))
        .ignore()
        .returning<Row[]>(columns(trx));
      const row = rows[0];
      if (row === undefined) return undefined;
      const made = toDocument(row);
      if (await insertFile(trx, made, document)) return made;
      // Another document is about to have these bytes.
      await trx('documents').where('id', made.id).delete();
      return undefined;
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
        .returning<Row[]>(columns(trx));
      return toDocument(rows[0] ?? {});
    },
    lock,
    erase: (id) => eraseDocuments(trx, [id]),
    fail: (id, failure) => failDocument(trx, id, failure),
    markQueued: async (id, revision) => {
      await trx('documents')
        .where('id', id)
        .update({ ...touched, status: 'queued', error: null, revision });
    },
    restoreLive: async (id) => {
      await trx.raw(
        `update documents set revision = live_revision, error = null, state = state + 1, updated_at = now(),
           status = case when embedded_count < chunk_count or pages_failed <> '{}' then 'partial' else 'completed' end
         where id = ?`,
        [id],
      );
    },
    countEdit: async (id) => {
      await trx('documents')
        .where('id', id)
        .update({ ...touched, version: trx.raw('version + 1') });
    },
    publish: async (id, revision) => {
      await publishRevision(trx, id, revision);
      // Before the first there is nothing.
      if (revision > 1) await dropBefore(trx, id, revision);
      await describeDocument(trx, id);
    },
  };
}

/** Deletes what belongs to the revisions before one; its file may be that of an earlier one. */
async function dropBefore(trx: Knex.Transaction, id: string, revision: number): Promise<void> {
  for (const table of ['document_chunks', 'document_texts', 'document_revisions'])
    await trx(table).where('document_id', id).where('revision', '<', revision).delete();
  await trx.raw(
    `delete from document_files where document_id = :id and revision <
       (select max(revision) from document_files where document_id = :id and revision <= :revision)`,
    { id, revision },
  );
}

function toDocument(row: Row): Document {
  const document = fromRow<Document & { sha256: unknown }>(row);
  const newVersion = (row.new_version ?? null) as NewVersion | null;
  return { ...document, newVersion, sha256: (row.sha256 as Buffer).toString('hex') };
}
