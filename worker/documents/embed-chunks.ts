import type { Database } from '#db/database.ts';
import type { ModelsInUse } from '#db/models-in-use.ts';
import type { FindOwnCredential } from '#db/own-credential.ts';
import { deliveriesOf } from '#db/stores/job-store.ts';
import type { ChunkText } from '#db/stores/chunk-store.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Quotas } from '#shared/domain/quotas.ts';
import type { EmbeddingModel } from '#shared/domain/types.ts';
import type { JobHandler } from '#shared/queue/consumer.ts';
import type { JobProducer } from '#shared/queue/producer.ts';
import { embedAll } from '#worker/embedding/embed-all.ts';
import type { Turns } from '#worker/turns.ts';

export interface EmbedChunksDeps {
  readonly database: Database;
  readonly producer: Pick<JobProducer, 'deliver'>;
  readonly models: ModelsInUse;
  /** For what keeps the database busy, the indexing of words and vectors: one at a time leaves room for searches. */
  readonly indexing: Turns;
  readonly findOwnCredential: FindOwnCredential;
  readonly config: { readonly quotas: Quotas };
}

/** `document.embed`: one batch of chunks to vectors of one model; the last batch makes the document fit to be verified. */
export function embedChunks(deps: EmbedChunksDeps): JobHandler<'document.embed'> {
  return async (payload, { claim, signal }) => {
    const { read } = deps.database;
    const { userId } = claim.job;
    const model = await wantedModel(deps, payload.model_id);
    // A model that was dropped, or never built on, needs no vectors any more.
    if (model === undefined) return;
    const document = await read.documents.find(userId, payload.document_id);
    if (document === undefined) throw new AppError('document.not_found', { stage: 'embed' });
    const { embedder } = deps.models.withEmbedder(model);
    const chunks = await read.chunks.withoutVector(
      document.id,
      payload.revision,
      model.id,
      payload.from,
      payload.to,
    );
    const { quotas } = deps.config;
    // What is embedded for a change of the model is the operator's doing, and at the operator's expense.
    const tokens = model.isActive ? tokensOf(chunks) : 0;
    // Ahead of the provider, which may want money; what counts is decided with the vectors, below.
    await read.quotas.assertTokens(userId, tokens, quotas);
    const credential = model.isActive ? await deps.findOwnCredential(userId, model) : undefined;
    const { vectors, refused } = await embedAll(chunks, (texts) =>
      embedder.embedDocuments(texts, { signal, credential }),
    );
    const taken = chunks.filter(({ id }) => vectors.has(id));
    await deps.indexing.transaction(signal, async (tx) => {
      await tx.jobs.assertClaimed(claim);
      await tx.quotas.spendTokens(userId, model.isActive ? tokensOf(taken) : 0, quotas);
      const added = await tx.chunks.embed(
        document,
        model,
        taken.map(({ id }) => ({ chunkId: id, vector: vectors.get(id) ?? [] })),
      );
      if (model.isActive)
        await tx.revisions.noteEmbedded(
          { ...document, revision: payload.revision },
          added,
          claim.job.startedAt ?? new Date(),
        );
      if (refused.size > 0) return;
      await tx.jobs.succeed(claim, { embedded: taken.length });
      const due = await tx.settleIngest(claim.job.parentId);
      tx.afterCommit(() => deps.producer.deliver(deliveriesOf(due)));
    });
    // What could be embedded is kept; the job has failed all the same, and its document lacks the rest.
    for (const reason of refused.values()) throw reason;
  };
}

const tokensOf = (chunks: readonly ChunkText[]): number =>
  chunks.reduce((sum, chunk) => sum + chunk.tokenCount, 0);

/** The model, if vectors of it are still asked for. @throws AppError embedding.model_unavailable when it is unknown */
async function wantedModel(
  { database }: EmbedChunksDeps,
  id: number,
): Promise<(EmbeddingModel & { readonly isActive: boolean }) | undefined> {
  const model = await database.read.embeddingModels.get(id);
  if (model === undefined) throw new AppError('embedding.model_unavailable', { stage: 'embed' });
  if (!['active', 'building', 'standby'].includes(model.state)) return undefined;
  return { ...model, isActive: model.state === 'active' };
}
