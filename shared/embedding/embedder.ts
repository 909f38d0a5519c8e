/** What a vector must know about its origin: vectors of different models are never compared. */
export interface EmbedderModel {
  readonly provider: string;
  readonly name: string;
  readonly dimensions: number;
}

/** A user's own access to the provider of the embedder's model. */
export interface EmbedderCredential {
  readonly apiKey: string;
  /** Null for the address of the settings. */
  readonly baseUrl: string | null;
}

export interface EmbedOptions {
  /** Used instead of the operator's key; embedders without a provider take no notice of it. */
  readonly credential?: EmbedderCredential | undefined;
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
