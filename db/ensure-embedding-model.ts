import { ConfigError } from '#shared/config/config.ts';
import type { EmbeddingModel } from '#shared/domain/types.ts';
import type {
  EmbeddingModelReader,
  EmbeddingModelWriter,
  NewEmbeddingModel,
} from './stores/embedding-model-store.ts';

interface ModelDatabase {
  readonly read: { readonly embeddingModels: EmbeddingModelReader };
  transaction<T>(work: (tx: ModelTransaction) => Promise<T>): Promise<T>;
}

interface ModelTransaction {
  readonly embeddingModels: EmbeddingModelWriter;
  readonly read: { readonly embeddingModels: EmbeddingModelReader };
}

/**
 * Finds or makes the row and the index of the configured embedder's model and makes it the active one. Called by both
 * processes when they start.
 *
 * @throws ConfigError when vectors of another model are stored: queries would silently miss all of them
 */
export async function ensureEmbeddingModel(
  database: ModelDatabase,
  model: NewEmbeddingModel,
): Promise<EmbeddingModel> {
  const active = await database.read.embeddingModels.active();
  if (active !== undefined && isSame(active, model)) return active;
  return database.transaction(async (tx) => {
    const registered = await tx.embeddingModels.register(model);
    const current = await tx.read.embeddingModels.active();
    if (
      current === undefined ||
      (current.id !== registered.id && !(await tx.read.embeddingModels.hasVectors(current.id)))
    )
      await tx.embeddingModels.activate(registered.id);
    else if (current.id !== registered.id)
      throw new ConfigError([
        `EMBEDDING_*: the stored vectors were made by ${label(current)}, but ${label(model)} is configured. Restore the former settings, or delete the documents first.`,
      ]);
    return registered;
  });
}

const label = (model: NewEmbeddingModel): string =>
  `${model.provider} ${model.name} (${model.dimensions} dimensions)`;
const isSame = (a: NewEmbeddingModel, b: NewEmbeddingModel): boolean => label(a) === label(b);
