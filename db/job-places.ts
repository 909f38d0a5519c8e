import type { Knex } from 'knex';
import { firstPlace, lastPlace, STARVING_AFTER_MS } from '#shared/queue/places.ts';
import { queueNames } from '#shared/queue/catalog.ts';
import type { Delivery } from '#shared/queue/job-ledger.ts';
import type { Priority } from '#shared/domain/types.ts';
import { fromRow } from './rows.ts';
import type { Row } from './rows.ts';

/** Jobs among which turns are counted. */
export interface Line {
  readonly userId: string;
  readonly queue: string;
  readonly priority: Priority;
}

/**
 * The place of a user's next job in a line: behind the user's own, and not before whoever is first there now. That is
 * start-time fair queueing (Goyal, Vin and Cheng, 1996) with the place of the first in line as the virtual time: users
 * take turns however much each has brought, and nobody saves up turns while having nothing to do.
 */
export async function nextPlace(trx: Knex.Transaction, { userId, queue, priority }: Line): Promise<number> {
  const range = [firstPlace[priority], lastPlace(priority)];
  const { rows } = await trx.raw<{ rows: { place: number | null }[] }>(
    `select greatest(
       (select place from jobs where queue = ? and status = 'queued' and place between ? and ? and run_at <= now()
        order by place limit 1),
       (select place + 1 from jobs where user_id = ? and queue = ? and status = 'queued' and place between ? and ?
        order by place desc limit 1)) as place`,
    [queue, ...range, userId, queue, ...range],
  );
  return rows[0]?.place ?? firstPlace[priority];
}

/** Finds places for several jobs, in their order; jobs that have no queue get none. */
export async function placesFor(
  trx: Knex.Transaction,
  jobs: readonly (Omit<Line, 'queue'> & { readonly queue: string | null })[],
): Promise<(number | undefined)[]> {
  const next = new Map<string, number>();
  const places: (number | undefined)[] = [];
  for (const { userId, queue, priority } of jobs) {
    if (queue === null) {
      places.push(undefined);
      continue;
    }
    const key = `${userId} ${queue} ${priority}`;
    const place = next.get(key) ?? (await nextPlace(trx, { userId, queue, priority }));
    next.set(key, place + 1);
    places.push(Math.min(place, lastPlace(priority)));
  }
  return places;
}

/**
 * Gives jobs that have waited for too long behind higher classes a place beside the first of all: as one more user of
 * that class, so to say. At most one of each class stands there at a time, so that higher work waits for one job of each
 * lower class at most.
 *
 * @returns the jobs that have got another place
 */
export async function promoteStarving(connection: Knex): Promise<Delivery[]> {
  const { rows } = await connection.raw<{ rows: Row[] }>(
    `with heads as (
       select q.queue, h.place from unnest(?::text[]) as q (queue) cross join lateral
         (select place from jobs where queue = q.queue and status = 'queued' and run_at <= now()
          order by place limit 1) h
     ), chosen as (
       select s.id, h.place from heads h
       join (values ('medium', ?::int, ?::int), ('low', ?, ?)) as c (priority, first, last) on h.place < c.first
       cross join lateral
         (select id from jobs where queue = h.queue and status = 'queued' and place between c.first and c.last
            and run_at < now() - ? * interval '1 ms' order by place, run_at limit 1) s
       where not exists (select from jobs p where p.queue = h.queue and p.priority = c.priority
         and p.status = 'queued' and p.promoted_at is not null and p.run_at <= now())
     )
     update jobs set place = chosen.place, promoted_at = now() from chosen
     where jobs.id = chosen.id and jobs.status = 'queued'
     returning jobs.id, jobs.type, jobs.priority, jobs.place, jobs.run_at, jobs.fence`,
    [
      [...queueNames],
      firstPlace.medium,
      lastPlace('medium'),
      firstPlace.low,
      lastPlace('low'),
      STARVING_AFTER_MS,
    ],
  );
  return rows.map((row) => fromRow<Delivery>(row));
}
