import type { Database } from '#db/database.ts';
import type { FindOwnCredential } from '#db/own-credential.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Quotas } from '#shared/domain/quotas.ts';
import type { Embedder } from '#shared/embedding/embedder.ts';
import type { EmbeddingModel } from '#shared/domain/types.ts';
import type { JobHandler } from '#shared/queue/consumer.ts';

export interface EmbedChunksDeps {
  readonly database: Database;
  readonly embedder: Embedder;
  readonly findOwnCredential: FindOwnCredential;
  /** The row of the embedder's model. */
  readonly model: EmbeddingModel;
  readonly config: { readonly quotas: Quotas };
}

/** `document.embed`: one batch of chunks to vectors; the last batch completes the document. */
export function embedChunks(deps: EmbedChunksDeps): JobHandler<'document.embed'> {
  return async (payload, { claim, signal }) => {
    if (payload.model_id !== deps.model.id)
      throw new AppError('embedding.model_unavailable', { stage: 'embed' });
    const { read } = deps.database;
    const document = await read.documents.find(claim.job.userId, payload.document_id);
    if (document === undefined) throw new AppError('document.not_found', { stage: 'embed' });
    const chunks = await read.chunks.withoutVector(
      document.id,
      payload.revision,
      payload.model_id,
      payload.from,
      payload.to,
    );
    const { quotas } = deps.config;
    const tokens = chunks.reduce((sum, chunk) => sum + chunk.tokenCount, 0);
    // Ahead of the provider, which may want money; what counts is decided with the vectors, below.
    await read.quotas.assertTokens(claim.job.userId, tokens, quotas);
    const vectors =
      chunks.length === 0
        ? []
        : await deps.embedder.embedDocuments(
            chunks.map((chunk) => chunk.text),
            { signal, credential: await deps.findOwnCredential(claim.job.userId) },
          );
    signal.throwIfAborted();
    await deps.database.transaction(async (tx) => {
      await tx.jobs.assertClaimed(claim);
      await tx.quotas.spendTokens(claim.job.userId, tokens, quotas);
      await tx.chunks.embed(
        document,
        deps.model,
        chunks.map((chunk, index) => ({ chunkId: chunk.id, vector: vectors[index] ?? [] })),
      );
      await tx.jobs.succeed(claim, { embedded: chunks.length });
      await tx.settleIngest(claim.job.parentId);
    });
  };
}
