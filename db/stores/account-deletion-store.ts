import type { Knex } from 'knex';
import { purgedInSteps } from '../account-tables.ts';

export interface AccountDeletionWriter {
  /**
   * Closes an account: every login and key ends, and after the days of grace it is purged.
   *
   * @returns when it may be purged
   */
  schedule(userId: string, graceDays: number): Promise<Date>;
  /** Opens a closed account again; false when its time is up. */
  cancel(userId: string): Promise<boolean>;
  /** Makes a purge job for every account whose time is up and that has none. Returns how many. */
  due(limit: number): Promise<string[]>;
  /**
   * Removes some rows of the largest tables; transactions stay short however much there is.
   *
   * @returns whether there was anything to remove
   */
  purgeStep(userId: string): Promise<boolean>;
  /** Removes the account with all that is left of it; false when it is not to be purged (any more). */
  purge(userId: string): Promise<boolean>;
}

export function accountDeletionWriter(trx: Knex.Transaction): AccountDeletionWriter {
  const dueAccount = (userId: string) =>
    trx('users').where('id', userId).where('purge_after', '<=', trx.fn.now());
  return {
    schedule: async (userId, graceDays) => {
      const [user] = await trx('users')
        .where('id', userId)
        .update({
          purge_after: trx.raw(`now() + ? * interval '1 day'`, [graceDays]),
          state: trx.raw('state + 1'),
          updated_at: trx.fn.now(),
        })
        .returning<{ purge_after: Date }[]>('purge_after');
      for (const table of ['sessions', 'api_keys'])
        await trx(table)
          .where('user_id', userId)
          .whereNull('revoked_at')
          .update({ revoked_at: trx.fn.now() });
      if (user === undefined) throw new Error('the account of the caller is gone');
      return user.purge_after;
    },
    cancel: async (userId) =>
      (await trx('users')
        .where('id', userId)
        .where('purge_after', '>', trx.fn.now())
        .update({ purge_after: null, state: trx.raw('state + 1'), updated_at: trx.fn.now() })) === 1,
    due: async (limit) => {
      const rows = await trx('users as u')
        .where('u.purge_after', '<=', trx.fn.now())
        .whereNotExists(
          trx('jobs as j')
            .whereRaw('j.user_id = u.id')
            .where('j.type', 'account.purge')
            .whereIn('j.status', ['queued', 'running']),
        )
        .orderBy('u.purge_after')
        .limit(limit)
        .select<{ id: string }[]>('u.id');
      return rows.map(({ id }) => id);
    },
    purgeStep: async (userId) => {
      const user = await dueAccount(userId).forUpdate().first<{ id: string } | undefined>('id');
      if (user === undefined) return false;
      for (const { table, rows } of purgedInSteps) {
        const { rowCount } = await trx.raw<{ rowCount: number }>(
          `delete from ?? where ctid = any(array(select ctid from ?? where user_id = ? limit ?))`,
          [table, table, userId, rows],
        );
        if (rowCount > 0) return true;
      }
      return false;
    },
    purge: async (userId) => (await dueAccount(userId).delete()) === 1,
  };
}
