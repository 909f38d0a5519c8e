import { deliveriesOf } from '#db/stores/job-store.ts';
import type { Database } from '#db/database.ts';
import type { Config } from '#shared/config/config.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Document, EmbeddingModel } from '#shared/domain/types.ts';
import type { JobContext, JobHandler } from '#shared/queue/consumer.ts';
import type { JobProducer } from '#shared/queue/producer.ts';
import type { JobPayloads } from '#shared/queue/catalog.ts';
import { extractText } from './extract-text.ts';
import type { NetworkIsolation } from './network-isolation.ts';
import { splitTextInTurns } from './split-text.ts';

export interface ChunkDocumentDeps {
  readonly database: Database;
  readonly producer: JobProducer;
  readonly isolation: NetworkIsolation;
  readonly model: EmbeddingModel;
  readonly config: Pick<Config, 'extraction' | 'chunking' | 'embedding'>;
}

/** `document.chunk`: bytes to text to chunks; stores them together with the jobs that embed them. */
export function chunkDocument(deps: ChunkDocumentDeps): JobHandler<'document.chunk'> {
  return async (payload, context) => {
    const { claim, signal } = context;
    const { read } = deps.database;
    const document = await read.documents.find(claim.job.userId, payload.document_id);
    const bytes = await read.documents.content(payload.document_id);
    if (document === undefined || bytes === undefined)
      throw new AppError('document.not_found', { stage: 'extract' });
    context.report({ stage: 'extract', done: 0, total: null });
    const extracted = await extractText(
      { bytes, kind: document.sourceType },
      {
        limits: deps.config.extraction,
        isolation: deps.isolation,
        signal,
        onProgress: (done, total) => context.report({ stage: 'extract', done, total }),
      },
    );
    context.report({ stage: 'split', done: 0, total: null });
    const chunks = await splitTextInTurns(extracted.text, extracted.pages, deps.config.chunking, signal);
    if (chunks.length === 0) throw new AppError('document.no_text', { stage: 'split' });
    signal.throwIfAborted();
    await deps.database.transaction(async (tx) => {
      await tx.jobs.assertClaimed(claim);
      // Its title, which may have changed since, takes part in text search.
      const current = await tx.documents.lock(document.userId, document.id);
      if (current === undefined) throw new AppError('document.not_found', { stage: 'split' });
      await tx.chunks.replace(current, extracted, chunks);
      const jobs = await tx.jobs.insert(embedJobs(deps, document, context, payload, chunks.length));
      await tx.jobs.succeed(claim, { chunk_count: chunks.length, page_count: extracted.pageCount });
      await tx.settleIngest(claim.job.parentId);
      tx.afterCommit(() => deps.producer.deliver(deliveriesOf(jobs)));
    });
  };
}

function embedJobs(
  deps: ChunkDocumentDeps,
  document: Document,
  { claim }: JobContext,
  payload: JobPayloads['document.chunk'],
  chunkCount: number,
) {
  const size = deps.config.embedding.batchSize;
  return Array.from({ length: Math.ceil(chunkCount / size) }, (_, index) => ({
    type: 'document.embed' as const,
    userId: document.userId,
    documentId: document.id,
    priority: claim.job.priority,
    ...(claim.job.parentId === null ? {} : { parentId: claim.job.parentId }),
    payload: {
      ...payload,
      model_id: deps.model.id,
      from: index * size,
      to: Math.min((index + 1) * size, chunkCount),
    },
  }));
}
