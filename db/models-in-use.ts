import type { Embedder } from '#shared/embedding/embedder.ts';
import type { Embedders } from '#shared/embedding/create-embedder.ts';
import type { EmbeddingModel } from '#shared/domain/types.ts';
import type { Database } from './database.ts';

/** A registered model with what makes its vectors. */
export interface ModelInUse {
  readonly model: EmbeddingModel;
  readonly embedder: Embedder;
}

/** What a process knows of the registered models; a switch is noticed without a restart. */
export interface ModelsInUse {
  /**
   * The model that searches use, as of a second ago at most. Until the old one is dropped, a search with it is as good.
   *
   * @throws AppError embedding.model_unavailable when this process cannot make its vectors
   */
  active(): Promise<ModelInUse>;
  /** Reads the active model anew, for a caller who has found that it is another one. */
  refreshed(): Promise<ModelInUse>;
  /** @throws AppError embedding.model_unavailable */
  withEmbedder(model: EmbeddingModel): ModelInUse;
}

const KNOWN_FOR_MS = 1_000;

export function createModelsInUse(options: {
  readonly read: Database['read'];
  readonly embedders: Pick<Embedders, 'of'>;
}): ModelsInUse {
  const { read, embedders } = options;
  let known: { readonly at: number; readonly model: Promise<EmbeddingModel> } | undefined;
  const load = async (): Promise<EmbeddingModel> => {
    const model = await read.embeddingModels.active();
    if (model === undefined) throw new Error('no embedding model is active');
    return model;
  };
  const withEmbedder = (model: EmbeddingModel): ModelInUse => ({ model, embedder: embedders.of(model) });
  const refreshed = async (): Promise<ModelInUse> => {
    const entry = { at: performance.now(), model: load() };
    known = entry;
    // What could not be read is read again by whoever asks next.
    entry.model.catch(() => {
      if (known === entry) known = undefined;
    });
    return withEmbedder(await entry.model);
  };
  return {
    active: async () => {
      if (known === undefined || performance.now() - known.at > KNOWN_FOR_MS) return refreshed();
      return withEmbedder(await known.model);
    },
    refreshed,
    withEmbedder,
  };
}
