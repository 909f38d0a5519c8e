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
 * Finds or makes the row and the index of the configured embedder's model; the first model of all becomes the active
 * one. Called by both processes when they start.
 */
export async function ensureEmbeddingModel(
  database: ModelDatabase,
  model: NewEmbeddingModel,
): Promise<EmbeddingModel> {
  const known = await database.read.embeddingModels.find(model);
  if (known !== undefined && (await database.read.embeddingModels.active()) !== undefined) return known;
  return database.transaction(async (tx) => {
    const registered = await tx.embeddingModels.register(model);
    if ((await tx.read.embeddingModels.active()) === undefined)
      await tx.embeddingModels.activate(registered.id);
    return registered;
  });
}
