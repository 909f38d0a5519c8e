import type { Knex } from 'knex';
import type { JobAttempt } from '#shared/domain/types.ts';
import { toPage } from '../page.ts';
import type { Page, PageRequest } from '../page.ts';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';

/** The history of jobs, newest first; the database itself writes it (`0012-job-attempts`). */
export interface JobAttemptReader {
  /** Attempts of one of the user's jobs and of its parts; keys are numbers. */
  list(userId: string, jobId: string, page: PageRequest): Promise<Page<JobAttempt>>;
  /** The last attempts of one job, of whichever user: the caller has looked at who is asking. */
  latest(jobId: string, limit: number): Promise<JobAttempt[]>;
}

const COLUMNS = [
  'a.id',
  'a.job_id',
  'j.type',
  'a.attempt',
  'a.worker',
  'a.started_at',
  'a.ended_at',
  'a.outcome',
  'a.stage',
  'a.error',
];

export function jobAttemptReader(connection: Knex): JobAttemptReader {
  const attempts = (limit: number) =>
    connection('job_attempts as a')
      .join('jobs as j', 'j.id', 'a.job_id')
      .orderBy('a.id', 'desc')
      .limit(limit);
  const toAttempt = (row: Row): JobAttempt => fromRow<JobAttempt>({ ...row, id: String(row.id) });
  return {
    list: async (userId, jobId, { limit, after }) => {
      const query = attempts(limit + 1)
        .where('a.user_id', userId)
        .where((either) => void either.where('j.id', jobId).orWhere('j.parent_id', jobId));
      if (after !== null) void query.where('a.id', '<', after);
      return toPage((await query.select<Row[]>(COLUMNS)).map(toAttempt), limit);
    },
    latest: async (jobId, limit) =>
      (await attempts(limit).where('a.job_id', jobId).select<Row[]>(COLUMNS)).map(toAttempt),
  };
}
