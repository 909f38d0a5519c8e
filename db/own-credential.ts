import { placeOf } from '#shared/credentials/credential.ts';
import type { Envelope } from '#shared/crypto/envelope.ts';
import type { EmbedderCredential } from '#shared/embedding/embedder.ts';
import type { EmbeddingModel } from '#shared/domain/types.ts';
import type { Database } from './database.ts';

/** Finds the key that a user brought for a model's provider, decrypted, or undefined if there is none. */
export type FindOwnCredential = (
  userId: string,
  model: Pick<EmbeddingModel, 'provider' | 'baseUrl'>,
) => Promise<EmbedderCredential | undefined>;

/**
 * Makes the look-up for one process. The secret exists in memory for as long as the call that uses it. Only openai takes
 * users' own credentials; one without an address is for EMBEDDING_BASE_URL and sent nowhere else.
 */
export function createOwnCredentials(options: {
  readonly read: Database['read'];
  readonly envelope: Envelope;
}): FindOwnCredential {
  return async (userId, model) => {
    if (model.provider !== 'openai') return undefined;
    const sealed = await options.read.credentials.findSealed(userId, 'openai');
    if (sealed === undefined || (sealed.baseUrl === null && model.baseUrl !== null)) return undefined;
    return { apiKey: options.envelope.open(sealed, placeOf(sealed)), baseUrl: sealed.baseUrl };
  };
}
