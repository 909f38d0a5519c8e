import type { Knex } from 'knex';
import { clearHistory } from '../clear-history.ts';
import type { HistoryTable } from '../clear-history.ts';

export interface MaintenanceWriter {
  /** Takes the turn of a round that all workers share; false when it was taken less than this long ago. */
  takeTurn(name: string, intervalMs: number): Promise<boolean>;
  /** Removes rows whose time is over, some thousands at most. Returns how many, by table. */
  clearExpired(): Promise<Readonly<Record<string, number>>>;
  /** Removes some of what happened more than so many days ago. Returns whether there may be more; see `clearHistory`. */
  clearHistory(table: HistoryTable, days: number): Promise<boolean>;
}

/** What is over: a table, the condition, and how many rows at a time. */
const LEFTOVERS: readonly (readonly [table: string, condition: string, rows: number])[] = [
  ['sessions', `least(expires_at, idle_expires_at, revoked_at) < now() - interval '30 days'`, 5_000],
  ['password_resets', `expires_at < now() - interval '7 days'`, 5_000],
  ['invitations', `expires_at < now() - interval '30 days' and user_id is null`, 5_000],
  ['signature_nonces', `expires_at < now()`, 10_000],
  ['idempotency_keys', `expires_at < now()`, 10_000],
  ['documents', `deleted_at < now() - interval '30 days'`, 500],
  ['canary_runs', `finished_at < now() - interval '1 day'`, 5_000],
  ['workers', `seen_at < now() - interval '1 hour'`, 1_000],
  // A day is the longest that the setting allows.
  ['retrieval_hits', `returned_at < now() - interval '1 day'`, 10_000],
  ['embedding_usage', `day < current_date - 90`, 5_000],
  ['completion_usage', `day < current_date - 90`, 5_000],
  [
    'account_export_parts',
    // Nobody can be downloading one that was never completed; its row tells of the failure for a day.
    `export_id in (select e.id from account_exports e where e.expires_at < now() - interval '5 minutes'
       or (e.completed_at is null and not exists
         (select from jobs j where j.id = e.job_id and j.status in ('queued', 'running'))))`,
    500,
  ],
  [
    'account_exports',
    `(expires_at < now() - interval '5 minutes'
       or (completed_at is null and created_at < now() - interval '1 day' and not exists
         (select from jobs j where j.id = job_id and j.status in ('queued', 'running'))))
     and not exists (select from account_export_parts p where p.export_id = account_exports.id)`,
    1_000,
  ],
];

/** Tables that {@link MaintenanceWriter.clearExpired} looks after. */
export const expiringTables: readonly string[] = LEFTOVERS.map(([table]) => table);

export function maintenanceWriter(trx: Knex.Transaction): MaintenanceWriter {
  return {
    takeTurn: async (name, intervalMs) => {
      const { rowCount } = await trx.raw<{ rowCount: number }>(
        `insert into maintenance_runs as m (name, ran_at) values (?, now())
         on conflict (name) do update set ran_at = excluded.ran_at
         where m.ran_at <= now() - ? * interval '1 ms'`,
        [name, intervalMs],
      );
      return rowCount === 1;
    },
    clearExpired: async () => {
      const cleared: Record<string, number> = {};
      for (const [table, condition, rows] of LEFTOVERS) {
        const { rowCount } = await trx.raw<{ rowCount: number }>(
          // eslint-disable-next-line no-restricted-syntax -- the conditions are the constants above
          `delete from ?? where ctid = any(array(select ctid from ?? where ${condition} limit ?))`,
          [table, table, rows],
        );
        if (rowCount > 0) cleared[table] = rowCount;
      }
      return cleared;
    },
    clearHistory: (table, days) => clearHistory(trx, table, days),
  };
}
