import type { ChunkHit } from '#db/queries/search-chunks.ts';
import type { SearchAnswer } from './search-service.ts';

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

/** How an answer came about. */
export const searchMetaView = ({ tookMs, embeddingModel, degraded }: Omit<SearchAnswer, 'hits'>) => ({
  took_ms: Math.round(tookMs * 100) / 100,
  embedding_model: embeddingModel,
  ...(degraded ? { degraded: true } : {}),
});

const rounded = (score: number): number => Math.round(score * 1e6) / 1e6;
