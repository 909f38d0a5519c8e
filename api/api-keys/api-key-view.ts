import type { ApiKey } from '#db/stores/api-key-store.ts';

/** A key as its owner sees it: everything but the secret. */
export const apiKeyView = (key: ApiKey) => ({
  id: key.id,
  label: key.label,
  prefix: key.prefix,
  scopes: key.scopes,
  public_key: key.publicKey?.toString('base64') ?? null,
  created_at: key.createdAt.toISOString(),
  expires_at: key.expiresAt.toISOString(),
  last_used_at: key.lastUsedAt?.toISOString() ?? null,
});
