import type { JobHandlers } from '#shared/queue/consumer.ts';
import { chunkDocument } from './documents/chunk-document.ts';
import type { ChunkDocumentDeps } from './documents/chunk-document.ts';
import { embedChunks } from './documents/embed-chunks.ts';
import type { EmbedChunksDeps } from './documents/embed-chunks.ts';
import { exportAccount } from './maintenance/export-account.ts';
import type { ExportAccountDeps } from './maintenance/export-account.ts';
import { purgeAccount } from './maintenance/purge-account.ts';
import { deliverWebhook } from './webhooks/deliver-webhook.ts';
import type { DeliverWebhookDeps } from './webhooks/deliver-webhook.ts';

/** One line a job. */
export const createHandlers = (
  deps: ChunkDocumentDeps & EmbedChunksDeps & ExportAccountDeps & DeliverWebhookDeps,
): JobHandlers => ({
  'document.chunk': chunkDocument(deps),
  'document.embed': embedChunks(deps),
  'account.export': exportAccount(deps),
  'account.purge': purgeAccount(deps),
  'webhook.deliver': deliverWebhook(deps),
});
