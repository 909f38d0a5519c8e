import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';

export interface PasswordResetWriter {
  /** Makes a reset; whatever was asked for before by the same user is void. */
  insert(reset: {
    readonly userId: string;
    readonly tokenHash: Buffer;
    readonly expiresAt: Date;
  }): Promise<void>;
  /** Resets of a user made in the last hour; others that count wait until this transaction ends. */
  countOfLastHour(userId: string): Promise<number>;
  /** Uses a token up. @returns whose it was, or undefined when it is unknown, used or expired */
  use(tokenHash: Buffer): Promise<string | undefined>;
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
      const own = () => trx('password_resets').where('user_id', userId);
      await own().whereRaw("created_at < now() - interval '30 days'").delete();
      await own().whereNull('used_at').update({ used_at: trx.fn.now() });
      await trx('password_resets').insert({
        id: uuidv7(),
        user_id: userId,
        token_hash: tokenHash,
        expires_at: expiresAt,
      });
    },
    countOfLastHour: async (userId) => {
      await trx('users').where('id', userId).forUpdate().select('id');
      const [row] = await trx('password_resets')
        .where('user_id', userId)
        .whereRaw("created_at > now() - interval '1 hour'")
        .count<{ count: number }[]>({ count: '*' });
      return row?.count ?? 0;
    },
    use: async (tokenHash) => {
      const rows = await good(trx, tokenHash)
        .update({ used_at: trx.fn.now() })
        .returning<{ user_id: string }[]>('user_id');
      return rows[0]?.user_id;
    },
  };
}
