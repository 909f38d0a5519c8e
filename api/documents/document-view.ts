import { STAGES } from '#shared/domain/types.ts';
import type { Document, DocumentChunk, DocumentRevision, Failure, Stage } from '#shared/domain/types.ts';

/** Why something failed, as clients see it. */
export const failureView = (failure: Failure | null) =>
  failure && { code: failure.code, message: failure.message, remedy: failure.remedy, stage: failure.stage };

export const documentView = (document: Document) => ({
  id: document.id,
  assistant_id: document.assistantId,
  title: document.title,
  filename: document.filename,
  mime_type: document.mimeType,
  size: document.size,
  sha256: document.sha256,
  status: document.status,
  error: failureView(document.error),
  page_count: document.pageCount,
  pages_without_text: document.pagesWithoutText,
  pages_failed: document.pagesFailed,
  chunk_count: document.chunkCount,
  embedded_count: document.embeddedCount,
  searchable: document.liveRevision !== null,
  new_version: document.newVersion && {
    filename: document.newVersion.filename,
    mime_type: document.newVersion.mimeType,
    size: document.newVersion.size,
    sha256: document.newVersion.sha256,
  },
  tags: document.tags,
  version: document.version,
  created_at: document.createdAt.toISOString(),
  updated_at: document.updatedAt.toISOString(),
});

export const chunkView = (chunk: DocumentChunk) => ({
  id: chunk.id,
  document_id: chunk.documentId,
  position: chunk.position,
  text: chunk.text,
  page_from: chunk.pageFrom,
  page_to: chunk.pageTo,
  char_start: chunk.charStart,
  char_end: chunk.charEnd,
  token_count: chunk.tokenCount,
  embedding_status: chunk.embeddingStatus,
});

/** The stages of the revision that is being made, or was last; what has not begun has no times. */
export const stagesView = (revision: DocumentRevision | undefined) =>
  STAGES.map((stage) => ({
    stage,
    started_at: revision?.[`${stage}StartedAt`]?.toISOString() ?? null,
    finished_at: revision?.[`${stage}FinishedAt`]?.toISOString() ?? null,
    ...countsOf(stage, revision),
  }));

/** Pages, chunks, vectors, and the document itself. */
function countsOf(stage: Stage, revision: DocumentRevision | undefined) {
  if (revision === undefined) return { done: 0, total: null };
  const { pageCount, pagesFailed, chunkCount, embeddedCount } = revision;
  const chunks = revision.chunkFinishedAt === null ? null : chunkCount;
  switch (stage) {
    case 'extract':
      return { done: (pageCount ?? 0) - pagesFailed.length, total: pageCount };
    case 'chunk':
      return { done: chunks ?? 0, total: chunks };
    case 'embed':
      return { done: embeddedCount, total: chunks };
    case 'verify':
      return { done: revision.verifyFinishedAt === null ? 0 : 1, total: 1 };
  }
}
