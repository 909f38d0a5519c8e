import type { SealedPlace } from '../crypto/envelope.ts';

/** A secret that messages to a user's webhooks are signed with, without the secret itself. */
export interface WebhookSecret {
  readonly id: string;
  readonly userId: string;
  readonly createdAt: Date;
  /** When it stops to sign; null for the current one. */
  readonly expiresAt: Date | null;
}

/** For how long a secret goes on signing beside the one that replaced it, in hours. */
export const SECRET_OVERLAP_HOURS = 24;

/** Where such a secret belongs. */
export const webhookSecretPlace = ({ id, userId }: Pick<WebhookSecret, 'id' | 'userId'>): SealedPlace => ({
  kind: 'webhook_secret',
  id,
  owner: userId,
  field: 'secret',
});
