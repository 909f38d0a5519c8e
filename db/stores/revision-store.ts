import type { Knex } from 'knex';
import type { ExtractedText } from '#shared/domain/extracted-text.ts';
import type { Document, DocumentRevision } from '#shared/domain/types.ts';
import { describeDocument } from '../describe-document.ts';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';

const COLUMNS = [
  'revision',
  'page_count',
  'pages_without_text',
  'pages_failed',
  'chunk_count',
  'embedded_count',
  'extract_started_at',
  'extract_finished_at',
  'chunk_started_at',
  'chunk_finished_at',
  'embed_started_at',
  'embed_finished_at',
  'verify_started_at',
  'verify_finished_at',
];

/** What a revision is of: a document, and which one of its revisions. */
export type RevisionOf = Pick<Document, 'id' | 'userId' | 'revision'>;

export interface RevisionReader {
  find(documentId: string, revision: number): Promise<DocumentRevision | undefined>;
  /** By document: the revisions that are being made of the user's documents, or were last. */
  latestOf(userId: string, documentIds: readonly string[]): Promise<Map<string, DocumentRevision>>;
  /** The text that was extracted for a revision, if that stage is over. */
  extracted(documentId: string, revision: number): Promise<ExtractedText | undefined>;
}

export interface RevisionWriter {
  /** Notes that a revision is being read from the start: what is known of later stages is over. */
  beginExtract(document: RevisionOf): Promise<void>;
  /** Stores the text of a revision: a further attempt goes on from here. */
  finishExtract(document: RevisionOf, extracted: ExtractedText): Promise<void>;
  /** Gives a revision the text of another one, as if it had just been extracted. */
  copyText(document: RevisionOf, from: number): Promise<void>;
  /**
   * Adds to the vectors of the model that searches use; they are counted when all are there.
   *
   * @param since when the first chunk began to be embedded
   */
  noteEmbedded(document: RevisionOf, added: number, since: Date): Promise<void>;
  beginVerify(document: RevisionOf): Promise<void>;
  finishVerify(document: RevisionOf): Promise<void>;
}

export function revisionReader(connection: Knex): RevisionReader {
  const find = async (documentId: string, revision: number): Promise<DocumentRevision | undefined> => {
    const row = await connection('document_revisions')
      .where({ document_id: documentId, revision })
      .first<Row | undefined>(COLUMNS);
    return row && fromRow<DocumentRevision>(row);
  };
  return {
    find,
    latestOf: async (userId, documentIds) => {
      const rows = await connection('document_revisions as r')
        .join('documents as d', (join) => {
          join.on('d.id', 'r.document_id').andOn('d.revision', 'r.revision');
        })
        .where('d.user_id', userId)
        .whereRaw('d.id = any(?)', [[...documentIds]])
        .select<Row[]>('r.document_id', ...COLUMNS.map((column) => `r.${column}`));
      return new Map(
        rows.map(({ document_id: id, ...row }) => [id as string, fromRow<DocumentRevision>(row)]),
      );
    },
    extracted: async (documentId, revision) => {
      const known = await find(documentId, revision);
      if (known === undefined || known.extractFinishedAt === null) return undefined;
      const row = await connection('document_texts')
        .where({ document_id: documentId, revision })
        .first<{ content: string; pages: ExtractedText['pages'] } | undefined>('content', 'pages');
      const { pageCount, pagesWithoutText, pagesFailed } = known;
      return row && { text: row.content, pages: row.pages, pageCount, pagesWithoutText, pagesFailed };
    },
  };
}

export function revisionWriter(trx: Knex.Transaction): RevisionWriter {
  const write = async ({ id, userId, revision }: RevisionOf, changes: Row): Promise<void> => {
    await trx('document_revisions')
      .insert({ document_id: id, user_id: userId, revision, ...changes })
      .onConflict(['document_id', 'revision'])
      .merge(changes);
  };
  return {
    beginExtract: (document) =>
      write(document, {
        extract_started_at: trx.fn.now(),
        extract_finished_at: null,
        chunk_started_at: null,
        chunk_finished_at: null,
        embed_started_at: null,
        embed_finished_at: null,
        verify_started_at: null,
        verify_finished_at: null,
      }),
    finishExtract: async (document, extracted) => {
      await trx('document_texts')
        .insert({
          document_id: document.id,
          revision: document.revision,
          user_id: document.userId,
          content: extracted.text,
          pages: JSON.stringify(extracted.pages),
        })
        .onConflict(['document_id', 'revision'])
        .merge();
      await write(document, {
        page_count: extracted.pageCount,
        pages_without_text: [...extracted.pagesWithoutText],
        pages_failed: [...extracted.pagesFailed],
        extract_finished_at: trx.fn.now(),
        chunk_started_at: trx.fn.now(),
      });
      await describeDocument(trx, document.id);
    },
    copyText: async ({ id, userId, revision }, from) => {
      const values = { id, userId, revision, from };
      await trx.raw(
        `insert into document_texts (document_id, revision, user_id, content, pages)
         select document_id, :revision, user_id, content, pages from document_texts
         where document_id = :id and user_id = :userId and revision = :from
         on conflict (document_id, revision) do update set content = excluded.content, pages = excluded.pages`,
        values,
      );
      await trx.raw(
        `insert into document_revisions (document_id, revision, user_id, page_count, pages_without_text, pages_failed,
           extract_started_at, extract_finished_at, chunk_started_at)
         select document_id, :revision, user_id, page_count, pages_without_text, pages_failed, now(), now(), now()
         from document_revisions where document_id = :id and user_id = :userId and revision = :from
         on conflict (document_id, revision) do nothing`,
        values,
      );
    },
    noteEmbedded: async ({ id, revision }, added, since) => {
      await trx.raw(
        `update document_revisions set embedded_count = embedded_count + ?,
           embed_started_at = coalesce(embed_started_at, ?)
         where document_id = ? and revision = ?`,
        [added, since, id, revision],
      );
      await trx.raw(
        `update documents set embedded_count = embedded_count + ?, state = state + 1, updated_at = now()
         where id = ? and live_revision is null and revision = ?`,
        [added, id, revision],
      );
    },
    beginVerify: (document) => write(document, { verify_started_at: trx.fn.now(), verify_finished_at: null }),
    finishVerify: (document) => write(document, { verify_finished_at: trx.fn.now() }),
  };
}
