import type { Knex } from 'knex';
import type { Sealed } from '#shared/crypto/envelope.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { fromRow, toRow } from '../rows.ts';
import type { Row } from '../rows.ts';

/** A key-encryption key as the database knows it: its id, and a known text under it. */
export interface CredentialKeyReader {
  canaries(): Promise<Sealed[]>;
}

export interface CredentialKeyWriter {
  /** Notes a key that is used from now on; one that is known stays as it is. */
  note(canary: Sealed): Promise<void>;
  /**
   * Forgets a key that encrypts nothing any more.
   *
   * @returns whether it was known
   * @throws AppError credential.key_in_use, by the database itself, so that no race can lose a key in use
   */
  retire(keyId: string): Promise<boolean>;
}

export const credentialKeyReader = (connection: Knex): CredentialKeyReader => ({
  canaries: async () => {
    const rows = await connection('credential_keys')
      .orderBy('id')
      .select<Row[]>('id as key_id', 'wrapped_key', 'ciphertext');
    return rows.map((row) => fromRow<Sealed>(row));
  },
});

export const credentialKeyWriter = (trx: Knex.Transaction): CredentialKeyWriter => ({
  note: async ({ keyId, ...sealed }) => {
    await trx('credential_keys')
      .insert({ id: keyId, ...toRow(sealed) })
      .onConflict('id')
      .ignore();
  },
  retire: async (keyId) => {
    try {
      return (await trx('credential_keys').where('id', keyId).delete()) > 0;
    } catch (error) {
      if ((error as { code?: string }).code === '23503')
        throw new AppError('credential.key_in_use', {
          detail: `Credentials are still encrypted with ${keyId}.`,
          cause: error,
        });
      throw error;
    }
  },
});
