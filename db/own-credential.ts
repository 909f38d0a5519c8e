import { placeOf } from '#shared/credentials/credential.ts';
import type { Envelope } from '#shared/crypto/envelope.ts';
import type { EmbeddingModel } from '#shared/domain/types.ts';
import type { ProviderCredential } from '#shared/net/provider-request.ts';
import type { Database } from './database.ts';

/** Finds the key that a user brought for a provider, decrypted, or undefined if there is none. */
export type FindOwnCredential = (
  userId: string,
  model: Pick<EmbeddingModel, 'provider' | 'baseUrl'>,
) => Promise<ProviderCredential | undefined>;

/** The same for the one provider that a process asks for completions. */
export type FindCompleterCredential = (userId: string) => Promise<ProviderCredential | undefined>;

/**
 * Makes the look-up for one process. The secret exists in memory for as long as the call that uses it. Only openai takes
 * users' own credentials; one without an address is for the address of the settings and sent nowhere else.
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

/** The look-up for the provider of a completer, whose address is that of the settings. */
export const ofCompleter =
  (find: FindOwnCredential, { provider }: { readonly provider: string }): FindCompleterCredential =>
  (userId) =>
    find(userId, { provider, baseUrl: null });
