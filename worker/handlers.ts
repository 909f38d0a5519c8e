import type { JobHandlers } from '#shared/queue/consumer.ts';
import { measureAssistant } from './assistants/measure-assistant.ts';
import { archiveConversations } from './conversations/archive-conversations.ts';
import type { ArchiveConversationsDeps } from './conversations/archive-conversations.ts';
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
import { embedMemory } from './memories/embed-memory.ts';
import type { EmbedMemoryDeps } from './memories/embed-memory.ts';
import { rebuildChain } from './memories/rebuild-chain.ts';
import { summariseChain } from './memories/summarise-chain.ts';
import type { SummariseChainDeps } from './memories/summarise-chain.ts';
import { exportAccount } from './maintenance/export-account.ts';
import type { ExportAccountDeps } from './maintenance/export-account.ts';
import { purgeAccount } from './maintenance/purge-account.ts';
import { writeReflection } from './reflections/write-reflection.ts';
import type { WriteReflectionDeps } from './reflections/write-reflection.ts';
import { deliverWebhook } from './webhooks/deliver-webhook.ts';
import type { DeliverWebhookDeps } from './webhooks/deliver-webhook.ts';

/** One line a job. */
export const createHandlers = (
  deps: ChunkDocumentDeps &
    EmbedChunksDeps &
    VerifyDocumentDeps &
    BuildEmbeddingsDeps &
    EmbedMemoryDeps &
    SummariseChainDeps &
    WriteReflectionDeps &
    ExportAccountDeps &
    ArchiveConversationsDeps &
    DeliverWebhookDeps,
): JobHandlers => ({
  'document.chunk': chunkDocument(deps),
  'document.embed': embedChunks(deps),
  'document.verify': verifyDocument(deps),
  'document.reindex': reindexDocument(deps),
  'embedding.build': buildEmbeddings(deps),
  'embedding.drop': dropEmbeddings(deps),
  'reflection.write': writeReflection(deps),
  'memory.embed': embedMemory(deps),
  'chain.rebuild': rebuildChain(deps),
  'chain.summarise': summariseChain(deps),
  'assistant.measure': measureAssistant(deps),
  'account.export': exportAccount(deps),
  'account.purge': purgeAccount(deps),
  'conversation.archive': archiveConversations(deps),
  'webhook.deliver': deliverWebhook(deps),
});
