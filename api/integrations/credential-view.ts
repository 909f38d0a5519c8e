import type { Credential } from '#shared/credentials/credential.ts';

/** A credential as its owner sees it: everything but the secret. */
export const credentialView = (credential: Credential) => ({
  id: credential.id,
  provider: credential.provider,
  label: credential.label,
  base_url: credential.baseUrl,
  last_four: credential.lastFour,
  key_id: credential.keyId,
  version: credential.version,
  created_at: credential.createdAt.toISOString(),
  updated_at: credential.updatedAt.toISOString(),
  rotated_at: credential.rotatedAt?.toISOString() ?? null,
});
