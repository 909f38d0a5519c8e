import type { Database } from '#db/database.ts';
import { HISTORY } from '#db/clear-history.ts';
import type { HistoryTable } from '#db/clear-history.ts';
import type { RetentionConfig } from '#shared/config/retention-config.ts';

/** Transactions of one table in a round; what is left comes next time. */
const MOST = 25;

/**
 * Ends what has happened too long ago, in transactions that are small, so that nobody waits long for their locks.
 *
 * @param signal breaks off between two of them
 */
export async function clearHistory(
  database: Pick<Database, 'transaction'>,
  retention: RetentionConfig,
  signal?: AbortSignal,
): Promise<void> {
  const days: Readonly<Record<HistoryTable, number>> = {
    jobs: retention.jobDays,
    audit_events: retention.auditDays,
    retrievals: retention.retrievalDays,
  };
  for (const table of HISTORY)
    for (let more = days[table] > 0, times = 0; more && times < MOST; times++) {
      if (signal?.aborted === true) return;
      more = await database.transaction((tx) => tx.maintenance.clearHistory(table, days[table]));
    }
}
