import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';

export interface InvitationWriter {
  insert(invitation: { readonly codeHash: Buffer; readonly expiresAt: Date }): Promise<void>;
  /** Uses a code up for this new account. @returns false when it is unknown, used or expired */
  use(codeHash: Buffer, userId: string): Promise<boolean>;
}

export function invitationWriter(trx: Knex.Transaction): InvitationWriter {
  return {
    insert: async ({ codeHash, expiresAt }) => {
      await trx('invitations').insert({ id: uuidv7(), code_hash: codeHash, expires_at: expiresAt });
    },
    use: async (codeHash, userId) => {
      const count = await trx('invitations')
        .where('code_hash', codeHash)
        .whereNull('used_at')
        .where('expires_at', '>', trx.fn.now())
        .update({ used_at: trx.fn.now(), user_id: userId });
      return count > 0;
    },
  };
}
