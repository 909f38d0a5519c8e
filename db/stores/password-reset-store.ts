import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';

export interface PasswordResetWriter {
  /** Makes a reset beside those that are out already: a stranger who asks must not make them void. */
  insert(reset: {
    readonly userId: string;
    readonly tokenHash: Buffer;
    readonly expiresAt: Date;
  }): Promise<void>;
  /** Uses a token up. @returns whose it was, or undefined when it is unknown, used or expired */
  use(tokenHash: Buffer): Promise<string | undefined>;
  /** Makes all tokens of a user void. */
  voidAll(userId: string): Promise<void>;
}

export interface PasswordResetReader {
  /** Whose token it is, while it is good. */
  findUserId(tokenHash: Buffer): Promise<string | undefined>;
}

const good = (connection: Knex, tokenHash: Buffer) =>
  connection('password_resets')
    .where('token_hash', tokenHash)
    .whereNull('used_at')
    .where('expires_at', '>', connection.fn.now());

export function passwordResetReader(connection: Knex): PasswordResetReader {
  return {
    findUserId: async (tokenHash) => {
      const row = await good(connection, tokenHash).first<{ user_id: string } | undefined>('user_id');
      return row?.user_id;
    },
  };
}

export function passwordResetWriter(trx: Knex.Transaction): PasswordResetWriter {
  return {
    insert: async ({ userId, tokenHash, expiresAt }) => {
      await trx('password_resets')
        .where('user_id', userId)
        .whereRaw("created_at < now() - interval '30 days'")
        .delete();
      await trx('password_resets').insert({
        id: uuidv7(),
        user_id: userId,
        token_hash: tokenHash,
        expires_at: expiresAt,
      });
    },
    use: async (tokenHash) => {
      const rows = await good(trx, tokenHash)
        .update({ used_at: trx.fn.now() })
        .returning<{ user_id: string }[]>('user_id');
      return rows[0]?.user_id;
    },
    voidAll: async (userId) => {
      await trx('password_resets')
        .where('user_id', userId)
        .whereNull('used_at')
        .update({ used_at: trx.fn.now() });
    },
  };
}
