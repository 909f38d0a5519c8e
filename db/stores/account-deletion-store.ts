import type { Knex } from 'knex';
import { purgedInSteps } from '../account-tables.ts';

export interface AccountDeletionWriter {
  /**
   * Closes an account: every login and key ends, and after the days of grace it is purged.
   *
   * @returns when it may be purged
   */
  schedule(userId: string, graceDays: number): Promise<Date>;
  /** Opens a closed account again, without any login or key of before; false when its time is up. */
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
  const endAccess = async (userId: string): Promise<void> => {
    for (const table of ['sessions', 'api_keys'])
      await trx(table).where('user_id', userId).whereNull('revoked_at').update({ revoked_at: trx.fn.now() });
  };
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
      await endAccess(userId);
      if (user === undefined) throw new Error('the account of the caller is gone');
      return user.purge_after;
    },
    cancel: async (userId) => {
      const opened = await trx('users')
        .where('id', userId)
        .where('purge_after', '>', trx.fn.now())
        .update({ purge_after: null, state: trx.raw('state + 1'), updated_at: trx.fn.now() });
      if (opened === 0) return false;
      // What was being made while the account was closed would come to life with it.
      await endAccess(userId);
      return true;
    },
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
        if ((await removeSome(trx, table, userId, rows)) > 0) return true;
      }
      return false;
    },
    purge: async (userId) => {
      // All that the steps have left goes in one statement, which nobody waits for.
      await trx.raw(`set local statement_timeout = '10min'`);
      return (await dueAccount(userId).delete()) === 1;
    },
  };
}

/** What somebody is working on is left to the last delete: waiting for it in a step could be a deadlock. */
async function removeSome(
  trx: Knex.Transaction,
  table: string,
  userId: string,
  rows: number,
): Promise<number> {
  // Parts of jobs before their groups, and never the purge itself.
  const { rowCount } =
    table === 'jobs'
      ? await trx.raw<{ rowCount: number }>(
          `delete from jobs where ctid = any(array(select ctid from jobs as j where user_id = ?
             and type <> 'account.purge' and not exists (select from jobs as part where part.parent_id = j.id)
           limit ? for update skip locked))`,
          [userId, rows],
        )
      : await trx.raw<{ rowCount: number }>(
          `delete from ?? where ctid = any(array(select ctid from ?? where user_id = ? limit ?
           for update skip locked))`,
          [table, table, userId, rows],
        );
  return rowCount;
}
