import type { Database } from '#db/database.ts';
import type { ModelsInUse } from '#db/models-in-use.ts';
import type { FindCompleterCredential, FindOwnCredential } from '#db/own-credential.ts';
import type { Persona } from '#db/queries/persona.ts';
import type { ReflectionMaterial } from '#db/queries/reflection-material.ts';
import type { ReflectionSources } from '#db/stores/reflection-store.ts';
import type { Config } from '#shared/config/config.ts';
import type { Reflection } from '#shared/domain/reflection.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { JobHandler } from '#shared/queue/consumer.ts';
import type { Summariser } from '#shared/summary/summarise.ts';
import type { SummaryText } from '#shared/summary/sentences-of.ts';
import { describeSelf } from './describe-self.ts';
import { taskOf } from './reflection-task.ts';

export interface WriteReflectionDeps {
  readonly database: Database;
  readonly summariser: Summariser;
  readonly models: ModelsInUse;
  readonly findOwnCredential: FindOwnCredential;
  readonly findCompleterCredential: FindCompleterCredential;
  readonly config: Pick<Config, 'quotas'>;
}

/** `reflection.write`: reads what a pending reflection is to draw on, sums it up, and completes it. */
export function writeReflection(deps: WriteReflectionDeps): JobHandler<'reflection.write'> {
  const { database, summariser } = deps;
  const { read } = database;
  return async ({ reflection_id: id }, context) => {
    const { claim, signal } = context;
    const { userId } = claim.job;
    const { quotas } = deps.config;
    const reflection = await read.reflections.find(userId, id);
    // Deleted or ended meanwhile: nobody waits for it.
    if (reflection?.status !== 'pending') return;
    const persona = await read.personas.find(userId, reflection.assistantId);
    if (persona === undefined) throw new AppError('assistant.not_found', { stage: 'read' });
    context.report({ stage: 'read', done: 0, total: null });
    const material = await read.reflections.material(reflection);
    const texts = await textsOf(database, reflection, material, persona);
    if (texts.length === 0) throw new AppError('reflection.no_material', { stage: 'read' });
    context.report({ stage: 'reflect', done: 0, total: null });
    if (summariser.usesModel) await read.quotas.assertCompletions(userId, quotas);
    let tokens = 0;
    const written = await summariser.summarise({
      task: taskOf(persona, reflection),
      texts,
      preferredModel: persona.preferredModel,
      credential: await deps.findCompleterCredential(userId),
      embedding: async () => {
        const { model, embedder } = await deps.models.active();
        return { embedder, credential: await deps.findOwnCredential(userId, model) };
      },
      beforeEmbedding: (count) => {
        tokens = count;
        return read.quotas.assertTokens(userId, count, quotas);
      },
      signal,
    });
    if (written.summary === '') throw new AppError('reflection.no_material', { stage: 'reflect' });
    signal.throwIfAborted();
    await database.transaction(async (tx) => {
      await tx.jobs.assertClaimed(claim);
      await tx.quotas.spendTokens(userId, tokens, quotas);
      if (written.usage !== null) await tx.quotas.countCompletion(userId, written.usage);
      await tx.reflections.complete(id, written, sourcesOf(material));
      await tx.jobs.succeed(claim, { reflection_id: id });
      tx.metrics.touch(reflection.assistantId);
    });
  };
}

async function textsOf(
  { read }: Database,
  { userId, assistantId, type }: Reflection,
  { memories, messages, chunks, reflections }: ReflectionMaterial,
  persona: Persona,
): Promise<readonly SummaryText[]> {
  if (type !== 'self') return [...memories, ...messages, ...chunks];
  return [...describeSelf(persona, await read.metrics.find(userId, assistantId)), ...reflections];
}

const idsOf = (items: readonly SummaryText[]): string[] => items.map(({ id }) => id);

const sourcesOf = (material: ReflectionMaterial): ReflectionSources => ({
  memoryIds: idsOf(material.memories),
  messageIds: idsOf(material.messages),
  chunkIds: idsOf(material.chunks),
  reflectionIds: idsOf(material.reflections),
});
