import type { Knex } from 'knex';
import type { DeadLetterCount, QueueLoad } from '#shared/queue/job-ledger.ts';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';

/** What waits and runs in each queue, by priority. */
export async function queueLoads(connection: Knex): Promise<QueueLoad[]> {
  const { rows } = await connection.raw<{ rows: Row[] }>(
    `select queue, priority,
       count(*) filter (where status = 'queued' and run_at <= now()) as waiting,
       count(*) filter (where status = 'queued' and run_at > now()) as delayed,
       count(*) filter (where status = 'running') as running,
       coalesce(extract(epoch from now() - min(run_at) filter (where status = 'queued' and run_at <= now())), 0)::float
         as oldest_seconds
     from jobs where status in ('queued', 'running') and queue is not null
     group by queue, priority order by queue, priority`,
  );
  return rows.map((row) => fromRow<QueueLoad>(row));
}

/** Dead jobs that nobody has looked after yet, by type and code. */
export async function countDeadLetters(connection: Knex): Promise<DeadLetterCount[]> {
  const { rows } = await connection.raw<{ rows: Row[] }>(
    `select type, coalesce(error ->> 'code', 'unknown') as code, count(*) as count from jobs
     where status = 'dead' and queue is not null and discarded_at is null
     group by 1, 2 order by 1, 2`,
  );
  return rows.map((row) => fromRow<DeadLetterCount>(row));
}
