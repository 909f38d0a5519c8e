import type { Database } from '#db/database.ts';
import type { JobHandler } from '#shared/queue/consumer.ts';

/** Vectors removed in one transaction. */
const BATCH = 2_000;

/** `embedding.drop`: removes the vectors of a model, and then their index, unless the model is wanted again by now. */
export function dropEmbeddings({ database }: { readonly database: Database }): JobHandler<'embedding.drop'> {
  return async ({ model_id: modelId }, context) => {
    const { claim, signal } = context;
    let removed = 0;
    for (;;) {
      signal.throwIfAborted();
      const count = await database.transaction(async (tx) => {
        await tx.jobs.assertClaimed(claim);
        if ((await tx.read.embeddingModels.get(modelId))?.state !== 'dropping') return null;
        return tx.vectorBuilds.removeSome(modelId, BATCH);
      });
      if (count === null) return;
      if (count === 0) break;
      removed += count;
      context.report({ stage: 'drop', done: removed, total: null });
    }
    const model = await database.read.embeddingModels.get(modelId);
    if (model !== undefined) await database.dropVectorIndexes(model);
    await database.transaction(async (tx) => {
      await tx.jobs.assertClaimed(claim);
      await tx.embeddingModels.lock();
      const current = await tx.read.embeddingModels.get(modelId);
      if (current?.state === 'dropping') await tx.embeddingModels.setState(modelId, 'dropped');
      await tx.jobs.succeed(claim, { removed });
    });
  };
}
