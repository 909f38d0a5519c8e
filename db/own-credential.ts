import { placeOf } from '#shared/credentials/credential.ts';
import type { Envelope } from '#shared/crypto/envelope.ts';
import type { ProviderCredential } from '#shared/net/provider-request.ts';
import type { Database } from './database.ts';

/** Finds the key that a user brought for a provider, decrypted, or undefined if there is none. */
export type FindOwnCredential = (userId: string) => Promise<ProviderCredential | undefined>;

/**
 * Makes the look-up for one process. The secret exists in memory for as long as the call that uses it.
 *
 * @param provider of the embedder or completer in use; only openai takes users' own credentials
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
