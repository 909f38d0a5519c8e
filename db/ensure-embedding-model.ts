import type { EmbeddingModel } from '#shared/domain/types.ts';
import type { EmbedderModel } from '#shared/embedding/embedder.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { EmbeddingModelReader, EmbeddingModelWriter } from './stores/embedding-model-store.ts';

interface ModelDatabase {
  readonly read: { readonly embeddingModels: EmbeddingModelReader };
  transaction<T>(work: (tx: ModelTransaction) => Promise<T>): Promise<T>;
}

interface ModelTransaction {
  readonly embeddingModels: EmbeddingModelWriter;
  readonly read: { readonly embeddingModels: EmbeddingModelReader };
}

/**
 * Finds the model that searches use; where no vectors are stored, that is the one of the settings. Called by both
 * processes when they start. Settings that name another model do not change what is searched: that is an operation of its
 * own, `embedding-model` of the management command.
 *
 * @returns the active model
 */
export async function ensureEmbeddingModel(
  database: ModelDatabase,
  configured: EmbedderModel,
  logger?: Pick<Logger, 'warn'>,
): Promise<EmbeddingModel> {
  const active = await database.read.embeddingModels.active();
  if (active !== undefined && isSame(active, configured)) return active;
  return database.transaction(async (tx) => {
    await tx.embeddingModels.lock();
    const current = await tx.read.embeddingModels.active();
    if (current !== undefined && isSame(current, configured)) return current;
    if (current !== undefined && (await tx.read.embeddingModels.hasVectors(current.id))) {
      logger?.warn(
        { active: label(current), configured: label(configured) },
        'the settings name another embedding model than the one in use: see "npm run manage -- embedding-model"',
      );
      return current;
    }
    const registered = await tx.embeddingModels.register(configured);
    await tx.embeddingModels.activate(registered.id);
    return registered;
  });
}

const label = (model: EmbedderModel): string =>
  `${model.provider} ${model.name} (${model.dimensions} dimensions)`;
const isSame = (a: EmbedderModel, b: EmbedderModel): boolean => label(a) === label(b);
