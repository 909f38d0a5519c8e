import type { Env } from '#shared/config/env.ts';
import { createConfig } from '#shared/config/config.ts';
import { placeOf } from '#shared/credentials/credential.ts';
import type { Provider } from '#shared/credentials/credential.ts';
import { createEnvelope } from '#shared/crypto/envelope.ts';
import type { TestDatabase } from '../test-database.ts';
import type { WrittenCredential } from './steady-load.ts';

interface SealedRow {
  readonly id: string;
  readonly user_id: string;
  readonly provider: Provider;
  readonly base_url: string | null;
  readonly key_id: string;
  readonly wrapped_key: Buffer;
  readonly ciphertext: Buffer;
}

/** Decrypts every stored credential, and holds those whose secret is known against it. */
export async function openCredentials(
  sql: TestDatabase['sql'],
  env: Env,
  written: readonly WrittenCredential[],
): Promise<{ restored: number; unreadable: string[] }> {
  const envelope = createEnvelope(createConfig(env).integrations.keys);
  const known = new Map(written.map(({ id, secret }) => [id, secret]));
  const rows = await sql<SealedRow>('select * from integration_credentials');
  const unreadable = rows.filter((row) => {
    const { id, user_id: userId, provider, base_url: baseUrl } = row;
    const sealed = { keyId: row.key_id, wrappedKey: row.wrapped_key, ciphertext: row.ciphertext };
    try {
      const secret = envelope.open(sealed, placeOf({ id, userId, provider, baseUrl }));
      return (known.get(id) ?? secret) !== secret;
    } catch {
      return true;
    }
  });
  return { restored: rows.length, unreadable: unreadable.map(({ id }) => id) };
}
