import type { Knex } from 'knex';
import { jobCatalog, MAX_LOST_WORKERS } from '#shared/queue/catalog.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { toFailure } from '#shared/queue/retry.ts';
import type { Delivery, JobLedger } from '#shared/queue/job-ledger.ts';
import type { Failure, Job } from '#shared/domain/types.ts';
import { asUnavailable } from './database-errors.ts';
import { endReflection } from './end-reflection.ts';
import { markChunksFailed } from './mark-chunks-failed.ts';
import { markMemoryFailed } from './mark-memory-failed.ts';
import { measureLater } from './measure-later.ts';
import { announceEnds } from './announce-ends.ts';
import { promoteStarving } from './job-places.ts';
import { forgetWorker, queueConsumers, reportWorker, unservedQueues } from './queries/queue-consumers.ts';
import { countDeadLetters, queueLoads } from './queries/queue-loads.ts';
import { settleIngest } from './settle-ingest.ts';
import { fromRow } from './rows.ts';
import type { Row } from './rows.ts';

/** The jobs table as the queue sees it. Every change of a job also settles the job that groups it. */
export function createJobLedger(connection: Knex): JobLedger {
  return {
    claim: (id, leaseMs, worker) => connection.transaction((trx) => claim(trx, id, leaseMs, worker)),
    renew: async ({ job, fence }, leaseMs, progress) => {
      const result = await connection.raw<{ rowCount: number }>(
        `update jobs set lease_expires_at = now() + ? * interval '1 ms',
           progress = coalesce(?::jsonb, progress), state = state + (?::jsonb is distinct from null)::int,
           updated_at = now()
         where id = ? and fence = ? and status = 'running'`,
        [leaseMs, asJson(progress), asJson(progress), job.id, fence],
      );
      return result.rowCount === 1;
    },
    lost: async (claims) => {
      const { rows } = await connection.raw<{ rows: { id: string }[] }>(
        `select jobs.id from jobs join unnest(?::uuid[], ?::bigint[]) as held (id, fence) on held.id = jobs.id
         where jobs.fence <> held.fence or jobs.status not in ('running', 'succeeded')`,
        [claims.map(({ job }) => job.id), claims.map(({ fence }) => fence)],
      );
      return rows.map(({ id }) => id);
    },
    complete: async ({ job, fence }) => {
      // Most handlers have ended their job with its effect, and then there is nothing to lock.
      const own = connection('jobs').where({ id: job.id, fence, status: 'running' });
      if ((await own.first('id')) === undefined) return;
      await connection.transaction(async (trx) => {
        await lockGroup(trx, job);
        const { rowCount } = await trx.raw<{ rowCount: number }>(
          `update jobs set status = 'succeeded', error = null, finished_at = now(), lease_expires_at = null,
             state = state + 1, updated_at = now()
           where id = ? and fence = ? and status = 'running'`,
          [job.id, fence],
        );
        if (rowCount > 0) await settle(trx, job);
      });
    },
    fail: ({ job, fence }, failure, verdict) =>
      connection.transaction(async (trx) => {
        await lockGroup(trx, job);
        const retryAt = verdict.kind === 'retry' ? verdict.at.toISOString() : null;
        const waits = verdict.kind === 'retry' && verdict.counts === false;
        const { rowCount } = await trx.raw<{ rowCount: number }>(
          `update jobs set status = ?, error = ?::jsonb, failures = failures + ?, attempts = attempts - ?,
             run_at = coalesce(?::timestamptz, run_at), finished_at = case when ?::text is null then now() end,
             lease_expires_at = null, state = state + 1, updated_at = now()
           where id = ? and fence = ? and status = 'running'`,
          [
            verdict.kind === 'retry' ? 'queued' : verdict.status,
            JSON.stringify({ ...failure, nextRetryAt: retryAt }),
            waits ? 0 : 1,
            waits ? 1 : 0,
            retryAt,
            retryAt,
            job.id,
            fence,
          ],
        );
        if (rowCount === 0) return;
        if (verdict.kind === 'end') await markFailed(trx, job, failure);
        await settle(trx, job, verdict.kind === 'end' ? failure : undefined);
      }),
    release: async ({ job, fence }) => {
      await connection.raw(
        `update jobs set status = 'queued', enqueued_at = null, lease_expires_at = null, attempts = attempts - 1,
           state = state + 1, updated_at = now()
         where id = ? and fence = ? and status = 'running'`,
        [job.id, fence],
      );
    },
    markEnqueued: async (jobs) => {
      // The fence keeps a mark from a job that was claimed and given back in the meantime.
      await connection.raw(
        `update jobs set enqueued_at = now()
         from unnest(?::uuid[], ?::bigint[]) as delivered (id, fence)
         where jobs.id = delivered.id and jobs.fence = delivered.fence and jobs.status = 'queued'`,
        [jobs.map((job) => job.id), jobs.map((job) => job.fence)],
      );
    },
    undelivered: async (limit, forgottenAfterMs) => {
      const { rows } = await connection.raw<{ rows: Row[] }>(
        `select id, type, priority, place, run_at, fence from jobs
         where status = 'queued' and queue is not null and type = any(?)
           and (enqueued_at is null or (enqueued_at < now() - ? * interval '1 ms' and run_at < now() - ? * interval '1 ms'))
         order by enqueued_at nulls first, run_at limit ?`,
        // Kinds of a later version are for the relays of that version.
        [Object.keys(jobCatalog), forgottenAfterMs, forgottenAfterMs, limit],
      );
      return rows.map((row) => fromRow<Delivery>(row));
    },
    forgetDeliveries: async () => {
      const { rowCount } = await connection.raw<{ rowCount: number }>(
        `update jobs set enqueued_at = null where status = 'queued' and enqueued_at is not null`,
      );
      return rowCount;
    },
    reclaimExpired: (limit) => reclaimExpired(connection, limit),
    promoteStarving: () => promoteStarving(connection),
    announceEnds: (limit) => connection.transaction((trx) => announceEnds(trx, limit)),
    loads: () => queueLoads(connection),
    deadLetters: () => countDeadLetters(connection),
    reportWorker: (name, queues) => reportWorker(connection, name, queues),
    forgetWorker: (name) => forgetWorker(connection, name),
    consumers: () => queueConsumers(connection),
    unservedQueues: () => unservedQueues(connection),
    isAway: (error) => error instanceof Error && asUnavailable(error) !== undefined,
  };
}

/**
 * What follows from a change of a job; the last step of every transaction here.
 *
 * @param failure why the job has ended badly, if it has
 */
async function settle(
  trx: Knex.Transaction,
  job: Pick<Job, 'id' | 'type' | 'parentId'>,
  failure?: Failure,
): Promise<void> {
  const reflecting = failure === undefined ? null : await endReflection(trx, job, failure);
  // Jobs that are due now are found by the relay.
  const { endedFor } = await settleIngest(trx, job.parentId);
  await measureLater(trx, [reflecting, endedFor]);
}

const asJson = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

/** Groups are locked before their parts, everywhere, so that writers cannot wait for each other in a circle. */
async function lockGroup(trx: Knex.Transaction, job: Pick<Job, 'parentId'>): Promise<void> {
  if (job.parentId !== null) await trx('jobs').where('id', job.parentId).forUpdate().select('id');
}

async function claim(
  trx: Knex.Transaction,
  id: string,
  leaseMs: number,
  worker: string | undefined,
): ReturnType<JobLedger['claim']> {
  await trx('jobs').where('id', trx('jobs').where('id', id).select('parent_id')).forUpdate().select('id');
  // Only the database's clock decides what is due: those of the workers may differ.
  const found = await trx('jobs')
    .where('id', id)
    .forUpdate()
    .select<(Row & { early: boolean; held: boolean | null })[]>(
      '*',
      trx.raw('run_at > now() as early'),
      trx.raw('lease_expires_at > now() as held'),
    );
  const row = found[0];
  if (row === undefined) return { kind: 'none' };
  const job = fromRow<Job>(row);
  if (job.status === 'queued' && row.early) return { kind: 'later', at: job.runAt };
  if (job.status === 'running') {
    if (job.leaseExpiresAt !== null && row.held === true) return { kind: 'later', at: job.leaseExpiresAt };
    if (await buryIfPoisonous(trx, job)) return { kind: 'none' };
  } else if (job.status !== 'queued') return { kind: 'none' };
  const rows = await trx('jobs')
    .where('id', id)
    .update({
      status: 'running',
      fence: trx.raw('fence + 1'),
      attempts: trx.raw('attempts + 1'),
      lost_workers: trx.raw(`lost_workers + (status = 'running')::int`),
      worker: worker?.slice(0, 100) ?? null,
      started_at: trx.fn.now(),
      lease_expires_at: trx.raw(`now() + ? * interval '1 ms'`, [leaseMs]),
      state: trx.raw('state + 1'),
      updated_at: trx.fn.now(),
    })
    .returning<Row[]>('*');
  await settle(trx, job);
  const claimed = fromRow<Job>(rows[0] ?? {});
  return { kind: 'claimed', claim: { job: claimed, fence: claimed.fence } };
}

/** Says of what was to be embedded that it is not. */
async function markFailed(trx: Knex.Transaction, job: Job, failure: Failure): Promise<void> {
  await markChunksFailed(trx, job, failure);
  await markMemoryFailed(trx, job, failure);
}

/** Ends a job on which this many workers were found dead; returns whether it did. */
async function buryIfPoisonous(trx: Knex.Transaction, job: Job): Promise<boolean> {
  if (job.lostWorkers + 1 < MAX_LOST_WORKERS) return false;
  const failure = { ...toFailure(new AppError('job.worker_lost')), nextRetryAt: null };
  await trx('jobs')
    .where('id', job.id)
    .update({
      status: 'dead',
      error: JSON.stringify(failure),
      lost_workers: trx.raw('lost_workers + 1'),
      finished_at: trx.fn.now(),
      lease_expires_at: null,
      state: trx.raw('state + 1'),
      updated_at: trx.fn.now(),
    });
  await markFailed(trx, job, failure);
  await settle(trx, job, failure);
  return true;
}

/** Each job in a transaction of its own: one that cannot be settled must not keep the others from being found. */
async function reclaimExpired(connection: Knex, limit: number): Promise<number> {
  const expired = await connection('jobs')
    .where('status', 'running')
    .whereNotNull('queue')
    .where('lease_expires_at', '<', connection.fn.now())
    .orderBy('lease_expires_at')
    .limit(limit)
    .select<{ id: string; parent_id: string | null }[]>('id', 'parent_id');
  const results = [];
  for (const job of expired)
    results.push(await connection.transaction((trx) => reclaim(trx, job)).catch((error: unknown) => error));
  const faults = results.filter((result) => typeof result !== 'boolean');
  if (faults.length > 0)
    throw new AggregateError(faults, 'some jobs of silent workers could not be put back');
  return results.filter((reclaimed) => reclaimed === true).length;
}

async function reclaim(
  trx: Knex.Transaction,
  expired: { id: string; parent_id: string | null },
): Promise<boolean> {
  await lockGroup(trx, { parentId: expired.parent_id });
  const rows = await trx('jobs')
    .where({ id: expired.id, status: 'running' })
    .where('lease_expires_at', '<', trx.fn.now())
    .forUpdate()
    .select<Row[]>('*');
  const row = rows[0];
  if (row === undefined) return false;
  if (await buryIfPoisonous(trx, fromRow<Job>(row))) return true;
  await trx('jobs')
    .where('id', expired.id)
    .update({
      status: 'queued',
      enqueued_at: null,
      lost_workers: trx.raw('lost_workers + 1'),
      lease_expires_at: null,
      state: trx.raw('state + 1'),
      updated_at: trx.fn.now(),
    });
  return true;
}
