import type { Knex } from 'knex';

/** One way in which something has failed, with how often and how many accounts it has met. */
export interface FailureCount {
  /** What failed: a kind of job, `reply`, or an action of the audit log. */
  readonly what: string;
  /** Code of the error catalog; of an action what it was refused for, where that is known. */
  readonly code: string | null;
  /** How attempts at jobs ended: retry, failed, dead or lost. */
  readonly outcome: string | null;
  readonly count: number;
  readonly users: number;
  readonly lastAt: Date;
}

/**
 * Failures since a time, the most frequent first: attempts at jobs, replies, and refused log-ins and reused tokens of the audit
 * log.
 */
export async function failureCounts(connection: Knex, since: Date, limit: number): Promise<FailureCount[]> {
  const { rows } = await connection.raw<{ rows: FailureCount[] }>(
    `select what, code, outcome, count(*) as count, count(distinct user_id) as users, max(at) as "lastAt" from (
       select j.type as what, coalesce(a.error->>'code', case a.outcome when 'lost' then 'job.worker_lost' end) as code, a.outcome,
         a.user_id, a.ended_at as at
       from job_attempts a join jobs j on j.id = a.job_id
       where a.outcome in ('retry', 'failed', 'dead', 'lost') and a.ended_at >= :since
       union all
       select 'reply', error->>'code', status, user_id, updated_at from messages
       where status = 'failed' and created_at >= :since
       union all
       select action, details->>'reason', null, user_id, created_at from audit_events
       where created_at >= :since
         and action in ('auth.login_failed', 'auth.reauthentication_failed', 'session.token_reused')) failures
     group by what, code, outcome
     order by count(*) desc, what, code
     limit :limit`,
    { since, limit },
  );
  return rows;
}
