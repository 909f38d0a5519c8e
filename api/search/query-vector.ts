import type { FindOwnCredential } from '#db/own-credential.ts';
import type { ModelsInUse } from '#db/models-in-use.ts';
import { StaleModelError } from '#db/queries/kept-model.ts';
import type { SearchMode } from '#db/queries/search-chunks.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { EmbeddingModel } from '#shared/domain/types.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';

export interface QueryVectorOptions {
  readonly models: ModelsInUse;
  readonly findOwnCredential: FindOwnCredential;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** An embedded query and the model that made it. */
export interface QueryVector {
  readonly model: EmbeddingModel;
  readonly values: Float32Array;
}

export interface AskedFor {
  readonly userId: string;
  readonly query: string;
  readonly mode: SearchMode;
}

/** How a search is made in the end. */
export interface AskedBy {
  readonly mode: SearchMode;
  readonly vector: QueryVector | undefined;
}

export interface Found<T> {
  readonly found: T;
  readonly mode: SearchMode;
  /** What made the vector; undefined when none was compared. */
  readonly model: EmbeddingModel | undefined;
}

/** Times a search is begun again because the model was changed while it was under way. */
const MOST_CHANGES = 3;

/**
 * Searches with the vector of the model in use, and again where the one it began with is being dropped. When the provider
 * fails, the search is one by text alone: that is better than none.
 */
export async function searchWithVector<T>(
  options: QueryVectorOptions,
  asked: AskedFor,
  signal: AbortSignal,
  search: (by: AskedBy) => Promise<T>,
): Promise<Found<T>> {
  for (let changes = 0; ; changes++) {
    const vector = asked.mode === 'text' ? undefined : await embed(options, asked, signal, changes > 0);
    const mode = vector === undefined ? 'text' : asked.mode;
    try {
      return { found: await search({ mode, vector }), mode, model: vector?.model };
    } catch (error) {
      if (!(error instanceof StaleModelError) || changes === MOST_CHANGES) throw error;
    }
  }
}

/** The vector of a query, or undefined when the provider fails. */
async function embed(
  { models, findOwnCredential, logger, metrics }: QueryVectorOptions,
  { userId, query }: AskedFor,
  signal: AbortSignal,
  anew: boolean,
): Promise<QueryVector | undefined> {
  try {
    const { model, embedder } = await (anew ? models.refreshed() : models.active());
    const credential = await findOwnCredential(userId, model);
    return { model, values: await embedder.embedQuery(query, { signal, credential }) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    metrics.errors.inc({ code: error.code });
    logger.warn({ err: error }, 'a search goes on without its vector');
    return undefined;
  }
}
