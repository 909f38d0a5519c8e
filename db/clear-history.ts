import type { Knex } from 'knex';

/** What has happened, and is kept for a time. */
export const HISTORY = ['jobs', 'audit_events', 'retrievals'] as const;
export type HistoryTable = (typeof HISTORY)[number];

/** Rows that one transaction deletes. */
const ROWS = 2_000;
/** Of jobs the groups; their parts are counted by themselves. */
const GROUPS = 200;

/**
 * Removes some of what is older than so many days, the oldest first. What others are just working on is left for the next
 * time; a job goes with its parts and attempts.
 *
 * @returns whether there may be more
 */
export async function clearHistory(
  trx: Knex.Transaction,
  table: HistoryTable,
  days: number,
): Promise<boolean> {
  if (table === 'jobs') return clearJobs(trx, days);
  const { rowCount } = await (table === 'audit_events'
    ? trx.raw<Deleted>(
        `delete from audit_events where id = any(array(
           select id from audit_events where created_at < now() - ? * interval '1 day' order by created_at limit ?))`,
        [days, ROWS],
      )
    : trx.raw<Deleted>(
        `delete from retrievals where id = any(array(
           select id from retrievals where (not counted or assistant_id is null)
             and created_at < now() - ? * interval '1 day' order by created_at limit ? for update skip locked))`,
        [days, ROWS],
      ));
  return rowCount === ROWS;
}

interface Deleted {
  readonly rowCount: number;
}

async function clearJobs(trx: Knex.Transaction, days: number): Promise<boolean> {
  // Groups before their parts: the order in which every writer locks.
  const { rows } = await trx.raw<{ rows: { id: string }[] }>(
    `select id from jobs where parent_id is null and finished_at < now() - ? * interval '1 day'
       and (type <> 'document.ingest' or superseded)
     order by finished_at limit ? for update skip locked`,
    [days, GROUPS],
  );
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return false;
  const parts = await trx.raw<Deleted>(
    'delete from jobs where id = any(array(select id from jobs where parent_id = any(?::uuid[]) limit ?))',
    [ids, ROWS],
  );
  if (parts.rowCount === ROWS) return true;
  // The end of these has been told; without the delivery that says so it would be told again.
  await trx.raw(
    `update jobs set webhook_url = null, webhook_job_id = null
     where webhook_job_id = any(:ids::uuid[]) and not id = any(:ids::uuid[])`,
    { ids },
  );
  await trx.raw('delete from jobs where id = any(?::uuid[])', [ids]);
  return ids.length === GROUPS;
}
