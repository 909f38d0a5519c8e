import type { JobHandlers } from '#shared/queue/consumer.ts';
import { chunkDocument } from './documents/chunk-document.ts';
import type { ChunkDocumentDeps } from './documents/chunk-document.ts';
import { embedChunks } from './documents/embed-chunks.ts';
import type { EmbedChunksDeps } from './documents/embed-chunks.ts';

/** One line a job. */
export const createHandlers = (deps: ChunkDocumentDeps & EmbedChunksDeps): JobHandlers => ({
  'document.chunk': chunkDocument(deps),
  'document.embed': embedChunks(deps),
});
