import type { JobHandlers } from '#shared/queue/consumer.ts';
import { chunkDocument } from './documents/chunk-document.ts';
import type { ChunkDocumentDeps } from './documents/chunk-document.ts';
import { embedChunks } from './documents/embed-chunks.ts';
import type { EmbedChunksDeps } from './documents/embed-chunks.ts';
import { reindexDocument } from './documents/reindex-document.ts';
import { verifyDocument } from './documents/verify-document.ts';
import type { VerifyDocumentDeps } from './documents/verify-document.ts';
import { buildEmbeddings } from './embedding/build-embeddings.ts';
import type { BuildEmbeddingsDeps } from './embedding/build-embeddings.ts';
import { dropEmbeddings } from './embedding/drop-embeddings.ts';
import { exportAccount } from './maintenance/export-account.ts';
import type { ExportAccountDeps } from './maintenance/export-account.ts';
import { purgeAccount } from './maintenance/purge-account.ts';

/** One line a job. */
export const createHandlers = (
  deps: ChunkDocumentDeps & EmbedChunksDeps & VerifyDocumentDeps & BuildEmbeddingsDeps & ExportAccountDeps,
): JobHandlers => ({
  'document.chunk': chunkDocument(deps),
  'document.embed': embedChunks(deps),
  'document.verify': verifyDocument(deps),
  'document.reindex': reindexDocument(deps),
  'embedding.build': buildEmbeddings(deps),
  'embedding.drop': dropEmbeddings(deps),
  'account.export': exportAccount(deps),
  'account.purge': purgeAccount(deps),
});
