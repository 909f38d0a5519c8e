import type { ProviderCredential } from '../net/provider-request.ts';

/** What a vector must know about its origin: vectors of different models are never compared. */
export interface EmbedderModel {
  readonly provider: string;
  readonly name: string;
  readonly dimensions: number;
}

export interface EmbedOptions {
  /** Used instead of the operator's key; embedders without a provider take no notice of it. */
  readonly credential?: ProviderCredential | undefined;
  /** Ends the call early; the promise then rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

/** Turns texts into vectors of one model. Vectors have the model's dimensions and are to be compared by cosine. */
export interface Embedder {
  readonly model: EmbedderModel;
  /**
   * One vector for each text, in order.
   *
   * @throws AppError embedding.unavailable, embedding.throttled, embedding.rejected, embedding.dimension_mismatch; with a
   *   credential also credential.rejected, credential.base_url_forbidden
   */
  embedDocuments(texts: readonly string[], options: EmbedOptions): Promise<Float32Array[]>;
  /** The vector of a question; throws as `embedDocuments` does. */
  embedQuery(text: string, options: EmbedOptions): Promise<Float32Array>;
}
