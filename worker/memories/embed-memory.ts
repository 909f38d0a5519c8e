import type { Database } from '#db/database.ts';
import type { FindOwnCredential } from '#db/own-credential.ts';
import type { Quotas } from '#shared/domain/quotas.ts';
import type { EmbeddingModel } from '#shared/domain/types.ts';
import type { Embedder } from '#shared/embedding/embedder.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { JobHandler } from '#shared/queue/consumer.ts';

export interface EmbedMemoryDeps {
  readonly database: Database;
  readonly embedder: Embedder;
  readonly findOwnCredential: FindOwnCredential;
  /** The row of the embedder's model. */
  readonly model: EmbeddingModel;
  readonly config: { readonly quotas: Quotas };
}

/**
 * `memory.embed`: the vector of a memory's text as it is now. A memory that has gone, or has its vector, leaves nothing to
 * do; of one that gets another text meanwhile the vector is dropped, since that edit has a job of its own.
 */
export function embedMemory(deps: EmbedMemoryDeps): JobHandler<'memory.embed'> {
  const { database, embedder, findOwnCredential, model, config } = deps;
  return async (payload, { claim, signal }) => {
    if (payload.model_id !== model.id) throw new AppError('embedding.model_unavailable', { stage: 'embed' });
    const { userId } = claim.job;
    const text = await database.read.memoryVectors.text(userId, payload.memory_id, model.id);
    if (text === undefined || text.status === 'embedded') return;
    // Ahead of the provider, which may want money; what counts is decided with the vector, below.
    await database.read.quotas.assertTokens(userId, text.tokenCount, config.quotas);
    const credential = await findOwnCredential(userId);
    const [vector] = await embedder.embedDocuments([text.event], { signal, credential });
    signal.throwIfAborted();
    await database.transaction(async (tx) => {
      await tx.jobs.assertClaimed(claim);
      await tx.quotas.spendTokens(userId, text.tokenCount, config.quotas);
      const stored = await tx.memoryVectors.store(text, model, vector ?? []);
      tx.metrics.touch(text.assistantId);
      await tx.jobs.succeed(claim, { embedded: stored ? 1 : 0 });
    });
  };
}
