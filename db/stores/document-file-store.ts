import type { Knex } from 'knex';
import type { Document, SourceType } from '#shared/domain/types.ts';
import { describeDocument } from '../describe-document.ts';

/** A file as it was uploaded. */
export interface NewFileRow {
  readonly sourceType: SourceType;
  readonly filename: string;
  readonly mimeType: string;
  readonly sha256: Buffer;
  readonly content: Buffer;
}

export interface DocumentFile {
  readonly sourceType: SourceType;
  readonly filename: string;
  readonly content: Buffer;
}

export interface DocumentFileReader {
  /** The file that a revision is made of: the newest that is not of a later revision. */
  find(documentId: string, revision: number): Promise<DocumentFile | undefined>;
}

export interface DocumentFileWriter {
  /** Stores the file of a document's revision; false when the assistant already has these bytes. */
  insert(
    document: Pick<Document, 'id' | 'userId' | 'assistantId' | 'revision'>,
    file: NewFileRow,
  ): Promise<boolean>;
  /**
   * Forgets whatever was made beside the live revision, or of the first one: file, text, chunks. Where there is no live
   * one nothing is left; a new file must follow.
   */
  discardNew(document: Pick<Document, 'id' | 'liveRevision'>): Promise<void>;
}

export function documentFileReader(connection: Knex): DocumentFileReader {
  return {
    find: (documentId, revision) =>
      connection('document_files')
        .where('document_id', documentId)
        .where('revision', '<=', revision)
        .orderBy('revision', 'desc')
        .first<DocumentFile | undefined>('source_type as sourceType', 'filename', 'content'),
  };
}

export function documentFileWriter(trx: Knex.Transaction): DocumentFileWriter {
  return {
    insert: async (document, file) => {
      if (!(await insertFile(trx, document, file))) return false;
      await describeDocument(trx, document.id);
      return true;
    },
    discardNew: async ({ id, liveRevision }) => {
      for (const table of ['document_chunks', 'document_texts', 'document_files', 'document_revisions'])
        await trx(table)
          .where('document_id', id)
          .where('revision', '>', liveRevision ?? 0)
          .delete();
    },
  };
}

/**
 * As {@link DocumentFileWriter.insert}, for a document whose row says already what this file is: of a new one there is
 * nothing to describe anew.
 */
export async function insertFile(
  trx: Knex.Transaction,
  document: Pick<Document, 'id' | 'userId' | 'assistantId' | 'revision'>,
  file: NewFileRow,
): Promise<boolean> {
  // The driver copies what it sends into one buffer, and copies that again for whatever follows large bytes: they come last.
  const { rowCount } = await trx.raw<{ rowCount: number }>(
    `insert into document_files
       (document_id, revision, user_id, assistant_id, source_type, filename, mime_type, size, sha256, content)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (assistant_id, sha256) do nothing`,
    [
      document.id,
      document.revision,
      document.userId,
      document.assistantId,
      file.sourceType,
      file.filename,
      file.mimeType,
      file.content.length,
      file.sha256,
      file.content,
    ],
  );
  if (rowCount === 0) return false;
  await trx('document_revisions')
    .insert({ document_id: document.id, user_id: document.userId, revision: document.revision })
    .onConflict(['document_id', 'revision'])
    .ignore();
  return true;
}
