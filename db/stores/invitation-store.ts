import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';

export interface InvitationWriter {
  insert(invitation: { readonly codeHash: Buffer; readonly expiresAt: Date }): Promise<void>;
  /** Uses a code up for this new account. @returns false when it is unknown, used or expired */
  use(codeHash: Buffer, userId: string): Promise<boolean>;
}

export interface InvitationReader {
  /** Whether somebody could still use this code. */
  isGood(codeHash: Buffer): Promise<boolean>;
}

const good = (connection: Knex, codeHash: Buffer) =>
  connection('invitations')
    .where('code_hash', codeHash)
    .whereNull('used_at')
    .where('expires_at', '>', connection.fn.now());

export function invitationReader(connection: Knex): InvitationReader {
  return {
    isGood: async (codeHash) =>
      (await good(connection, codeHash).first<{ id: string } | undefined>('id')) !== undefined,
  };
}

export function invitationWriter(trx: Knex.Transaction): InvitationWriter {
  return {
    insert: async ({ codeHash, expiresAt }) => {
      await trx('invitations').insert({ id: uuidv7(), code_hash: codeHash, expires_at: expiresAt });
    },
    use: async (codeHash, userId) => {
      const count = await good(trx, codeHash).update({ used_at: trx.fn.now(), user_id: userId });
      return count > 0;
    },
  };
}
