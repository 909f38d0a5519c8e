import { ConfigError } from '#shared/config/config.ts';
import { createEnvelope } from '#shared/crypto/envelope.ts';
import type { KeyEncryptionKey, SealedPlace } from '#shared/crypto/envelope.ts';
import type { Database } from './database.ts';

const CANARY = 'The key that was used here.';
const placeOf = (keyId: string): SealedPlace => ({
  kind: 'credential_key',
  id: keyId,
  owner: 'installation',
  field: 'canary',
});

/**
 * Holds the keys of the settings against those that stored credentials need, and notes new ones. For the start of every
 * process: a key that got lost should be noticed then, by name, and not by the first user whose credential it was.
 *
 * @throws ConfigError naming every key that is missing or is not the one that was used
 */
export async function ensureCredentialKeys(
  database: Pick<Database, 'read' | 'transaction'>,
  keys: readonly KeyEncryptionKey[],
): Promise<void> {
  const known = new Map((await database.read.credentialKeys.canaries()).map((one) => [one.keyId, one]));
  const uses = await database.read.credentials.keyUses();
  const faults = uses
    .filter(({ keyId }) => !keys.some((key) => key.id === keyId))
    .map(({ keyId, count }) => `CREDENTIAL_KEYS lacks the key "${keyId}", which ${count} credentials need`);
  for (const key of keys) {
    const canary = known.get(key.id);
    if (canary === undefined) continue;
    try {
      createEnvelope([key]).open(canary, placeOf(key.id));
    } catch {
      faults.push(`CREDENTIAL_KEYS: "${key.id}" is not the key that was used under this id before`);
    }
  }
  if (faults.length > 0) throw new ConfigError(faults);
  const fresh = keys.filter(({ id }) => !known.has(id));
  if (fresh.length === 0) return;
  await database.transaction(async (tx) => {
    for (const key of fresh)
      await tx.credentialKeys.note(createEnvelope([key]).seal(CANARY, placeOf(key.id)));
  });
}
