import type { Document, DocumentChunk, Failure } from '#shared/domain/types.ts';

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
