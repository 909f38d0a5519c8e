import type { Knex } from 'knex';
import type { Job } from '#shared/domain/types.ts';
import { toPage } from '../page.ts';
import type { Page, PageRequest } from '../page.ts';
import { JOB_COLUMNS, toJob } from './job-store.ts';
import type { Row } from '../rows.ts';

export interface DeadLetterFilters {
  readonly type?: string | undefined;
  readonly code?: string | undefined;
  readonly userId?: string | undefined;
}

/** Dead jobs of all users that were neither replayed nor discarded: for administrators. */
export interface DeadLetterReader {
  /** Newest first. */
  list(filters: DeadLetterFilters, page: PageRequest): Promise<Page<Job>>;
  find(id: string): Promise<Job | undefined>;
  /** How many there are in each queue that has some. */
  countByQueue(): Promise<ReadonlyMap<string, number>>;
}

export interface DeadLetterWriter {
  /** Locks a dead letter that belongs to no document; undefined when it is none any more. */
  lock(id: string): Promise<Job | undefined>;
  /** Whether another job does the same work now. */
  hasTwin(id: string): Promise<boolean>;
  /** Takes a job off the list; it stays dead. Returns it, or undefined when it was not on it. */
  discard(id: string): Promise<Job | undefined>;
}

const letters = (connection: Knex) =>
  connection('jobs').where('status', 'dead').whereNotNull('queue').whereNull('discarded_at');

export const deadLetterReader = (connection: Knex): DeadLetterReader => ({
  list: async ({ type, code, userId }, { limit, after }) => {
    const query = letters(connection)
      .orderBy('id', 'desc')
      .limit(limit + 1);
    if (type !== undefined) void query.where('type', type);
    if (code !== undefined) void query.whereRaw(`error ->> 'code' = ?`, [code]);
    if (userId !== undefined) void query.where('user_id', userId);
    if (after !== null) void query.where('id', '<', after);
    return toPage((await query.select<Row[]>(JOB_COLUMNS)).map(toJob), limit);
  },
  find: async (id) => {
    const row = await letters(connection).where('id', id).first<Row | undefined>(JOB_COLUMNS);
    return row && toJob(row);
  },
  countByQueue: async () => {
    const { rows } = await connection.raw<{ rows: { queue: string; count: number }[] }>(
      `select queue, count(*) as count from jobs
       where status = 'dead' and queue is not null and discarded_at is null group by queue`,
    );
    return new Map(rows.map(({ queue, count }) => [queue, count]));
  },
});

export const deadLetterWriter = (trx: Knex.Transaction): DeadLetterWriter => ({
  lock: async (id) => {
    const row = await letters(trx).where('id', id).forUpdate().first<Row | undefined>(JOB_COLUMNS);
    return row && toJob(row);
  },
  hasTwin: async (id) => {
    const { rows } = await trx.raw<{ rows: unknown[] }>(
      `select 1 from jobs one join jobs twin on twin.dedupe_key = one.dedupe_key and twin.id <> one.id
       where one.id = ? and twin.status in ('queued', 'running')`,
      [id],
    );
    return rows.length > 0;
  },
  discard: async (id) => {
    const rows = await letters(trx)
      .where('id', id)
      .update({ discarded_at: trx.fn.now(), state: trx.raw('state + 1'), updated_at: trx.fn.now() })
      .returning<Row[]>(JOB_COLUMNS);
    return rows[0] && toJob(rows[0]);
  },
});
