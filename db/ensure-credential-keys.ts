import { ConfigError } from '#shared/config/config.ts';
import { createEnvelope } from '#shared/crypto/envelope.ts';
import type { KeyEncryptionKey, Sealed, SealedPlace } from '#shared/crypto/envelope.ts';
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
  const known = await canariesOf(database.read);
  const uses = await database.read.credentials.keyUses();
  const faults = uses
    .filter(({ keyId }) => !keys.some((key) => key.id === keyId))
    .map(({ keyId, count }) => `CREDENTIAL_KEYS lacks the key "${keyId}", which ${count} credentials need`);
  faults.push(...strangers(keys, known));
  if (faults.length > 0) throw new ConfigError(faults);
  const fresh = keys.filter(({ id }) => !known.has(id));
  if (fresh.length === 0) return;
  await database.transaction(async (tx) => {
    for (const key of fresh)
      await tx.credentialKeys.note(createEnvelope([key]).seal(CANARY, placeOf(key.id)));
    // Another process may have noted another key under the same id meanwhile; the one that came first stays.
    const others = strangers(fresh, await canariesOf(tx.read));
    if (others.length > 0) throw new ConfigError(others);
  });
}

const canariesOf = async (read: Database['read']): Promise<ReadonlyMap<string, Sealed>> =>
  new Map((await read.credentialKeys.canaries()).map((one) => [one.keyId, one]));

/** Complaints about the keys that do not open the known text under their id. */
function strangers(keys: readonly KeyEncryptionKey[], known: ReadonlyMap<string, Sealed>): string[] {
  return keys.flatMap((key) => {
    const canary = known.get(key.id);
    if (canary === undefined) return [];
    try {
      createEnvelope([key]).open(canary, placeOf(key.id));
      return [];
    } catch {
      return [`CREDENTIAL_KEYS: "${key.id}" is not the key that was used under this id before`];
    }
  });
}
