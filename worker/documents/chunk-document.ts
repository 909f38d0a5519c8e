import { deliveriesOf } from '#db/stores/job-store.ts';
import type { Database, Transaction } from '#db/database.ts';
import type { Config } from '#shared/config/config.ts';
import type { ExtractedText } from '#shared/domain/extracted-text.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Document, EmbeddingModel } from '#shared/domain/types.ts';
import type { JobContext, JobHandler } from '#shared/queue/consumer.ts';
import type { JobProducer } from '#shared/queue/producer.ts';
import type { JobPayloads } from '#shared/queue/catalog.ts';
import type { Turns } from '#worker/turns.ts';
import { extractText } from './extract-text.ts';
import type { NetworkIsolation } from './network-isolation.ts';
import type { PdfWatch } from './pdf-watch.ts';
import { splitTextInTurns } from './split-text.ts';

export interface ChunkDocumentDeps {
  readonly database: Database;
  readonly producer: JobProducer;
  readonly isolation: NetworkIsolation;
  readonly pdfWatch: PdfWatch;
  /** For what keeps the database busy, the indexing of words and vectors: one at a time leaves room for searches. */
  readonly indexing: Turns;
  readonly config: Pick<Config, 'extraction' | 'chunking' | 'embedding'>;
}

/** `document.chunk`: bytes to text to chunks; stores them together with the jobs that embed them. */
export function chunkDocument(deps: ChunkDocumentDeps): JobHandler<'document.chunk'> {
  return async (payload, context) => {
    const { claim, signal } = context;
    const found = await deps.database.read.documents.find(claim.job.userId, payload.document_id);
    if (found === undefined) throw new AppError('document.not_found', { stage: 'extract' });
    const document = { ...found, revision: payload.revision };
    const { extracted, isStored } = await textOf(deps, document, context);
    context.report({ stage: 'chunk', done: 0, total: null });
    const chunks = await splitTextInTurns(extracted.text, extracted.pages, deps.config.chunking, signal);
    if (chunks.length === 0) {
      if (!isStored)
        await asClaimed(deps, document, context, (tx) =>
          tx.revisions.noteExtracted(document, extracted, begunAt(context)),
        );
      throw new AppError('document.no_text', { stage: 'chunk' });
    }
    await deps.indexing.transaction(signal, async (tx) => {
      await tx.jobs.assertClaimed(claim);
      // Its title, which may have changed since, takes part in text search.
      const current = await tx.documents.lock(document.userId, document.id);
      if (current === undefined) throw new AppError('document.not_found', { stage: 'chunk' });
      if (!isStored) await tx.revisions.noteExtracted(document, extracted, begunAt(context));
      await tx.chunks.replace({ ...current, revision: payload.revision }, chunks);
      const models = await tx.read.embeddingModels.wanted();
      const jobs = await tx.jobs.insert(
        models.flatMap((model, index) => embedJobs(deps, context, payload, chunks.length, model, index > 0)),
      );
      await tx.jobs.succeed(claim, { chunk_count: chunks.length, page_count: extracted.pageCount });
      const due = await tx.settleIngest(claim.job.parentId);
      tx.afterCommit(() => deps.producer.deliver(deliveriesOf([...jobs, ...due])));
    });
  };
}

const begunAt = ({ claim }: JobContext): Date => claim.job.startedAt ?? new Date();

interface TextOfRevision {
  readonly extracted: ExtractedText;
  readonly isStored: boolean;
}

/**
 * The text of the revision's file: extracted now, or by an attempt before, which need not be repeated. What takes long is
 * stored at once; a plain text is read in no time, and is stored together with its chunks.
 */
async function textOf(
  deps: ChunkDocumentDeps,
  document: Document,
  context: JobContext,
): Promise<TextOfRevision> {
  const { read } = deps.database;
  const known = await read.revisions.extracted(document.id, document.revision);
  if (known !== undefined) return { extracted: known, isStored: true };
  context.report({ stage: 'extract', done: 0, total: null });
  const isLong = document.sourceType === 'pdf';
  const begin = () => asClaimed(deps, document, context, (tx) => tx.revisions.beginExtract(document));
  if (isLong) await begin();
  const file = await read.documentFiles.find(document.id, document.revision);
  if (file === undefined) throw new AppError('document.not_found', { stage: 'extract' });
  const extracted = await extractText(
    { bytes: file.content, kind: file.sourceType },
    {
      limits: deps.config.extraction,
      isolation: deps.isolation,
      ...deps.pdfWatch,
      signal: context.signal,
      onProgress: (done, total) => context.report({ stage: 'extract', done, total }),
    },
  ).catch(async (error: unknown) => {
    // Whoever asks why sees which stage had begun.
    if (!isLong) await begin();
    throw error;
  });
  if (isLong)
    await asClaimed(deps, document, context, (tx) => tx.revisions.finishExtract(document, extracted));
  return { extracted, isStored: isLong };
}

/** Writes while the job is still ours and the document still there. */
async function asClaimed(
  { database }: ChunkDocumentDeps,
  document: Document,
  { claim, signal }: JobContext,
  write: (tx: Transaction) => Promise<void>,
): Promise<void> {
  signal.throwIfAborted();
  await database.transaction(async (tx) => {
    await tx.jobs.assertClaimed(claim);
    if ((await tx.documents.lock(document.userId, document.id)) === undefined)
      throw new AppError('document.not_found', { stage: 'extract' });
    await write(tx);
  });
}

/** @param aside for a model that nobody searches yet: whatever people wait for goes first */
function embedJobs(
  deps: ChunkDocumentDeps,
  { claim }: JobContext,
  payload: JobPayloads['document.chunk'],
  chunkCount: number,
  model: EmbeddingModel,
  aside: boolean,
) {
  const size = deps.config.embedding.batchSize;
  const { job } = claim;
  return Array.from({ length: Math.ceil(chunkCount / size) }, (_, index) => ({
    type: 'document.embed' as const,
    userId: job.userId,
    documentId: payload.document_id,
    priority: aside ? ('low' as const) : job.priority,
    ...(job.parentId === null ? {} : { parentId: job.parentId }),
    payload: {
      ...payload,
      model_id: model.id,
      from: index * size,
      to: Math.min((index + 1) * size, chunkCount),
    },
  }));
}
