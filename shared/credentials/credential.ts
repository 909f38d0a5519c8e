import type { SealedPlace } from '../crypto/envelope.ts';

/** Services that a user can bring a key for. `openai` is any server with OpenAI's interface. */
export const PROVIDERS = ['openai'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** A user's key of a service, without the key itself. */
export interface Credential {
  readonly id: string;
  readonly userId: string;
  readonly provider: Provider;
  readonly label: string;
  /** Null for the address that the operator has configured. */
  readonly baseUrl: string | null;
  /** Last four characters of the secret; empty where that would be too much of it. */
  readonly lastFour: string;
  /** Id of the key-encryption key. */
  readonly keyId: string;
  readonly version: number;
  readonly state: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly rotatedAt: Date | null;
}

/** Where the secret of a credential belongs: with the address it is sent to, so that nobody can point it elsewhere. */
export const placeOf = ({
  id,
  userId,
  provider,
  baseUrl,
}: Pick<Credential, 'id' | 'userId' | 'provider' | 'baseUrl'>): SealedPlace => ({
  kind: 'integration_credential',
  id,
  owner: userId,
  field: `secret ${provider} ${baseUrl ?? ''}`,
});

/** What is shown of a secret so that its owner recognises it: nothing of a short one. */
export const lastFourOf = (secret: string): string => (secret.length >= 16 ? secret.slice(-4) : '');
