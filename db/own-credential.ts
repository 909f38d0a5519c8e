import { placeOf } from '#shared/credentials/credential.ts';
import type { Envelope } from '#shared/crypto/envelope.ts';
import type { EmbedderCredential } from '#shared/embedding/embedder.ts';
import type { Database } from './database.ts';

/** Finds the key that a user brought for the embedding provider, decrypted, or undefined if there is none. */
export type FindOwnCredential = (userId: string) => Promise<EmbedderCredential | undefined>;

/**
 * Makes the look-up for one process. The secret exists in memory for as long as the call that uses it.
 *
 * @param provider of the embedder in use; only openai takes users' own credentials
 */
export function createOwnCredentials(options: {
  readonly read: Database['read'];
  readonly envelope: Envelope;
  readonly provider: string;
}): FindOwnCredential {
  return async (userId) => {
    if (options.provider !== 'openai') return undefined;
    const sealed = await options.read.credentials.findSealed(userId, 'openai');
    if (sealed === undefined) return undefined;
    return { apiKey: options.envelope.open(sealed, placeOf(sealed)), baseUrl: sealed.baseUrl };
  };
}
