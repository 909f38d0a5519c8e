import type { FindOwnCredential } from '#db/own-credential.ts';
import type { Embedder } from '#shared/embedding/embedder.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';

export interface QueryVectorOptions {
  readonly embedder: Embedder;
  readonly findOwnCredential: FindOwnCredential;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** The vector of a query, or undefined when the provider fails: a search by text alone is better than none. */
export async function queryVector(
  { embedder, findOwnCredential, logger, metrics }: QueryVectorOptions,
  userId: string,
  query: string,
  signal: AbortSignal,
): Promise<Float32Array | undefined> {
  try {
    return await embedder.embedQuery(query, { signal, credential: await findOwnCredential(userId) });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    metrics.errors.inc({ code: error.code });
    logger.warn({ err: error }, 'a search goes on without its vector');
    return undefined;
  }
}
