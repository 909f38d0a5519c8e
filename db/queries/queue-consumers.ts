import type { Knex } from 'knex';
import { queueNames } from '#shared/queue/catalog.ts';
import { ATTENDANCE_MS } from '#shared/queue/attendance.ts';

/** Whoever was not heard of for this long does not live; three beats may be missed. */
const GONE_AFTER_MS = 3.5 * ATTENDANCE_MS;

/** Says that a worker lives, and which queues it serves. */
export async function reportWorker(connection: Knex, name: string, queues: readonly string[]): Promise<void> {
  await connection.raw(
    `insert into workers (name, queues) values (?, ?::text[])
     on conflict (name) do update set queues = excluded.queues, seen_at = now()`,
    [name.slice(0, 100), [...queues]],
  );
}

export async function forgetWorker(connection: Knex, name: string): Promise<void> {
  await connection('workers').where('name', name.slice(0, 100)).delete();
}

/** Live workers of every queue, also of those that have none. */
export async function queueConsumers(connection: Knex): Promise<Map<string, number>> {
  const { rows } = await connection.raw<{ rows: { queue: string; count: number }[] }>(
    `select q.queue, count(w.name) as count from unnest(?::text[]) as q (queue)
     left join workers w on q.queue = any(w.queues) and w.seen_at > now() - ? * interval '1 ms'
     group by q.queue`,
    [[...queueNames], GONE_AFTER_MS],
  );
  return new Map(rows.map(({ queue, count }) => [queue, count]));
}

/** Queues in which work is due that no live worker serves. */
export async function unservedQueues(connection: Knex): Promise<string[]> {
  const { rows } = await connection.raw<{ rows: { queue: string }[] }>(
    `select q.queue from unnest(?::text[]) as q (queue)
     where not exists (
         select from workers w where q.queue = any(w.queues) and w.seen_at > now() - ? * interval '1 ms')
       and exists (select from jobs j where j.queue = q.queue and j.status = 'queued' and j.run_at <= now())
     order by q.queue`,
    [[...queueNames], GONE_AFTER_MS],
  );
  return rows.map(({ queue }) => queue);
}
