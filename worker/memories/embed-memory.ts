import type { Database, Transaction } from '#db/database.ts';
import type { ModelInUse, ModelsInUse } from '#db/models-in-use.ts';
import type { FindOwnCredential } from '#db/own-credential.ts';
import { deliveriesOf } from '#db/stores/job-store.ts';
import type { TextToEmbed } from '#db/stores/memory-vector-store.ts';
import type { Quotas } from '#shared/domain/quotas.ts';
import type { Job } from '#shared/domain/types.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { JobHandler } from '#shared/queue/consumer.ts';
import type { JobProducer } from '#shared/queue/producer.ts';

export interface EmbedMemoryDeps {
  readonly database: Database;
  readonly producer: Pick<JobProducer, 'deliver'>;
  readonly models: ModelsInUse;
  readonly findOwnCredential: FindOwnCredential;
  readonly config: { readonly quotas: Quotas };
}

/**
 * `memory.embed`: the vector of a memory's text as it is now, of the model that searches use; once it is there, a job for
 * each model that is built or kept beside it. A memory that has gone leaves nothing to do; of one that gets another text
 * meanwhile the vector is dropped, since that edit has a job of its own.
 */
export function embedMemory(deps: EmbedMemoryDeps): JobHandler<'memory.embed'> {
  const { database } = deps;
  return async (payload, { claim, signal }) => {
    const { userId } = claim.job;
    const inUse = await modelOf(deps, payload.model_id);
    // A model that was dropped, or never built on, needs no vectors any more.
    if (inUse === undefined) return;
    const text = await database.read.memoryVectors.text(userId, payload.memory_id, inUse.model.id);
    if (text === undefined) return;
    const isOperators = payload.model_id !== undefined;
    // What is embedded for a change of the model is the operator's doing, and at the operator's expense.
    const tokens = text.status === 'embedded' || isOperators ? 0 : text.tokenCount;
    // Ahead of the provider, which may want money; what counts is decided with the vector, below.
    await database.read.quotas.assertTokens(userId, tokens, deps.config.quotas);
    const vector =
      text.status === 'embedded' ? undefined : await embed(deps, inUse, text, isOperators, signal);
    signal.throwIfAborted();
    await database.transaction(async (tx) => {
      await tx.jobs.assertClaimed(claim);
      await tx.quotas.spendTokens(userId, tokens, deps.config.quotas);
      const stored = vector !== undefined && (await tx.memoryVectors.store(text, inUse.model, vector));
      if (stored) tx.metrics.touch(text.assistantId);
      const isOfNow = stored || text.status === 'embedded';
      const jobs = isOfNow && !isOperators ? await embedForOthers(tx, text, inUse.model.id) : [];
      await tx.jobs.succeed(claim, { embedded: stored ? 1 : 0 });
      tx.afterCommit(() => deps.producer.deliver(deliveriesOf(jobs)));
    });
  };
}

/** @returns undefined when vectors of the model are not asked for. @throws AppError embedding.model_unavailable */
async function modelOf(
  { database, models }: EmbedMemoryDeps,
  id: number | undefined,
): Promise<ModelInUse | undefined> {
  // Not as of a second ago: the vector is to be one of the model that is searched now.
  if (id === undefined) return models.refreshed();
  const model = await database.read.embeddingModels.get(id);
  if (model === undefined) throw new AppError('embedding.model_unavailable', { stage: 'embed' });
  return ['active', 'building', 'standby'].includes(model.state) ? models.withEmbedder(model) : undefined;
}

async function embed(
  { findOwnCredential }: EmbedMemoryDeps,
  { model, embedder }: ModelInUse,
  { userId, event }: TextToEmbed,
  isOperators: boolean,
  signal: AbortSignal,
): Promise<ArrayLike<number>> {
  const credential = isOperators ? undefined : await findOwnCredential(userId, model);
  const [vector] = await embedder.embedDocuments([event], { signal, credential });
  return vector ?? [];
}

/**
 * Makes the jobs for the other models of which a vector is asked for, the one that has become active meanwhile among
 * them. None is missed: whoever makes a model active or wanted waits for the commit, and then finds this memory.
 */
async function embedForOthers(tx: Transaction, { id, userId }: TextToEmbed, modelId: number): Promise<Job[]> {
  const active = await tx.embeddingModels.holdActive();
  const done = await tx.read.memoryVectors.modelsOf(id);
  const others = (await tx.read.embeddingModels.wanted()).filter(
    (model) => model.id !== modelId && !done.includes(model.id),
  );
  return tx.jobs.insert(
    others.map((model) => ({
      type: 'memory.embed' as const,
      userId,
      payload: { memory_id: id, model_id: model.id },
      // Of a model that nobody searches yet: whatever people wait for goes first.
      priority: model.id === active?.id ? ('medium' as const) : ('low' as const),
    })),
  );
}
