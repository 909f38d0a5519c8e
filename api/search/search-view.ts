import type { ChunkHit } from '#db/queries/search-chunks.ts';

/** A hit as clients see it; scores with six decimals. */
export const hitView = (hit: ChunkHit) => ({
  chunk_id: hit.chunkId,
  document_id: hit.documentId,
  document_title: hit.documentTitle,
  text: hit.text,
  page_from: hit.pageFrom,
  page_to: hit.pageTo,
  char_start: hit.charStart,
  char_end: hit.charEnd,
  score: rounded(hit.score),
  vector_score: hit.vectorScore === null ? null : rounded(hit.vectorScore),
  text_score: rounded(hit.textScore),
});

const rounded = (score: number): number => Math.round(score * 1e6) / 1e6;
