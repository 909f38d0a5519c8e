import type { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import { jobCatalog } from '#shared/queue/catalog.ts';
import type { JobPayloads, JobType } from '#shared/queue/catalog.ts';
import type { Claim, Delivery } from '#shared/queue/job-ledger.ts';
import type { Job, JobStatus, Priority } from '#shared/domain/types.ts';
import { endReflection } from '../end-reflection.ts';
import { NO_PLACE } from '#shared/queue/places.ts';
import { placesFor } from '../job-places.ts';
import { traceColumns } from '../trace-columns.ts';
import { toPage } from '../page.ts';
import type { Page, PageRequest } from '../page.ts';
import { fromRow } from '../rows.ts';
import type { Row } from '../rows.ts';

export const JOB_COLUMNS = [
  'id',
  'user_id',
  'parent_id',
  'document_id',
  'assistant_id',
  'type',
  'queue',
  'priority',
  'place',
  'status',
  'payload',
  'correlation_id',
  'traceparent',
  'tracestate',
  'progress',
  'attempts',
  'failures',
  'lost_workers',
  'fence',
  'error',
  'result',
  'webhook_url',
  'webhook_job_id',
  'run_at',
  'lease_expires_at',
  'state',
  'created_at',
  'updated_at',
  'started_at',
  'finished_at',
];

/** Kinds of which the owner is told nothing. */
export const INTERNAL_TYPES = Object.entries(jobCatalog)
  .filter(([, kind]) => kind.internal === true)
  .map(([type]) => type);

export interface NewJob<T extends JobType = JobType> {
  readonly type: T;
  readonly userId: string;
  readonly payload: JobPayloads[T];
  readonly documentId?: string;
  readonly assistantId?: string;
  readonly parentId?: string;
  readonly priority?: Priority;
  /** At most one queued or running job has this key. */
  readonly dedupeKey?: string;
  /** Where its end is told; it was checked before. */
  readonly webhookUrl?: string;
}

export interface JobFilters {
  readonly status?: JobStatus;
  readonly type?: string;
  readonly documentId?: string;
}

export interface JobReader {
  /** One of the user's jobs. */
  find(userId: string, id: string): Promise<Job | undefined>;
  /** The user's jobs that are not parts of others and no mere housekeeping, newest first. */
  list(userId: string, filters: JobFilters, page: PageRequest): Promise<Page<Job>>;
  /** Several jobs at once, of whichever user and in no order: the caller has looked at whose they are. */
  findMany(ids: readonly string[]): Promise<Job[]>;
  /** The newest ingestion of a document. */
  latestIngest(documentId: string): Promise<Job | undefined>;
  /** Whether a job of this type for this model is open, or has ended badly less than `restMs` ago. */
  isBusyWith(type: JobType, modelId: number, restMs: number): Promise<boolean>;
}

export interface JobWriter {
  insert<T extends JobType>(jobs: readonly NewJob<T>[]): Promise<Job[]>;
  /** Locks the claimed job and what groups it. @throws LostClaimError when the claim is no longer valid */
  assertClaimed(claim: Claim): Promise<void>;
  /** Ends a claimed job well, in the transaction that holds its effect. */
  succeed(claim: Claim, result: unknown): Promise<void>;
  /** Ends a claimed job well and removes its row, for housekeeping that would leave a heap of them. */
  discard(claim: Claim): Promise<void>;
  /** Locks all jobs of a document, groups first, so that all writers lock in one order. */
  lockOfDocument(documentId: string): Promise<Job[]>;
  /** Makes others that ask for this user wait, and counts the ingestions of high priority that have not ended. */
  lockAndCountHigh(userId: string): Promise<number>;
  /** Cancels one job that has not ended. Returns whether it did. */
  cancel(id: string): Promise<boolean>;
  /** Cancels all of a document's jobs that have not ended. Returns their ids. */
  cancelOfDocument(documentId: string): Promise<string[]>;
  /** Says that another ingestion is about to take the place of those that a document has had. */
  supersedeIngests(documentId: string): Promise<void>;
  /** Sets jobs aside that are to run again when the others of their group have ended. */
  park(ids: readonly string[]): Promise<void>;
  /**
   * Starts ended jobs anew as a further attempt of the same job, in a new place; failures count from zero again.
   *
   * @param payload replaces the one they had
   * @param priority replaces the one they had
   */
  requeue(ids: readonly string[], payload?: object, priority?: Priority): Promise<Job[]>;
}

/** The job was cancelled or taken by another worker: whatever was done for it must not be written. */
export class LostClaimError extends Error {
  override readonly name = 'LostClaimError';
}

export const toJob = (row: Row): Job => {
  const job = fromRow<Job>(row);
  // An empty object in the table means that no progress has been reported.
  return { ...job, progress: job.progress && 'stage' in job.progress ? job.progress : null };
};

export function jobReader(connection: Knex): JobReader {
  return {
    find: async (userId, id) => {
      const row = await connection('jobs').where({ id, user_id: userId }).first<Row | undefined>(JOB_COLUMNS);
      return row && toJob(row);
    },
    list: async (userId, filters, { limit, after }) => {
      const query = connection('jobs')
        .where('user_id', userId)
        .whereNull('parent_id')
        .whereNotIn('type', INTERNAL_TYPES)
        .orderBy('id', 'desc')
        .limit(limit + 1);
      if (after !== null) void query.where('id', '<', after);
      if (filters.status !== undefined) void query.where('status', filters.status);
      if (filters.type !== undefined) void query.where('type', filters.type);
      if (filters.documentId !== undefined) void query.where('document_id', filters.documentId);
      const rows = await query.select<Row[]>(JOB_COLUMNS);
      return toPage(rows.map(toJob), limit);
    },
    findMany: async (ids) => {
      const rows = await connection('jobs')
        .whereIn('id', [...ids])
        .select<Row[]>(JOB_COLUMNS);
      return rows.map(toJob);
    },
    latestIngest: async (documentId) => {
      const row = await connection('jobs')
        .where({ document_id: documentId, type: 'document.ingest' })
        .orderBy('id', 'desc')
        .first<Row | undefined>(JOB_COLUMNS);
      return row && toJob(row);
    },
    isBusyWith: async (type, modelId, restMs) => {
      const { rows } = await connection.raw<{ rows: [{ busy: boolean }] }>(
        `select exists (select from jobs where type = ? and (payload ->> 'model_id')::int = ?
           and (status in ('queued', 'running')
             or (status in ('failed', 'dead') and finished_at > now() - ? * interval '1 ms'))) as busy`,
        [type, modelId, restMs],
      );
      return rows[0].busy;
    },
  };
}

export function jobWriter(trx: Knex.Transaction): JobWriter {
  const changed = { state: trx.raw('state + 1'), updated_at: trx.fn.now() };
  const cancelled = { ...changed, status: 'cancelled', finished_at: trx.fn.now(), lease_expires_at: null };
  return {
    insert: async (jobs) => {
      if (jobs.length === 0) return [];
      const made = jobs.map(newRow);
      const places = await placesFor(
        trx,
        made.map(({ user_id: userId, queue, priority }) => ({ userId, queue, priority })),
      );
      const rows = await trx('jobs')
        .insert(
          made.map((row, index) => (places[index] === undefined ? row : { ...row, place: places[index] })),
        )
        .returning<Row[]>(JOB_COLUMNS);
      return rows.map(toJob);
    },
    assertClaimed: async ({ job, fence }) => {
      // Rows are locked in the order in which they are sorted: the group first.
      const rows = await trx('jobs')
        .whereIn('id', [job.parentId ?? job.id, job.id])
        .orderByRaw('id = ?', [job.id])
        .forUpdate()
        .select<{ id: string; fence: number; status: JobStatus }[]>('id', 'fence', 'status');
      const own = rows.at(-1);
      if (own?.id !== job.id || own.fence !== fence || own.status !== 'running')
        throw new LostClaimError(`job ${job.id} is no longer ours`);
    },
    succeed: async ({ job, fence }, result) => {
      const count = await trx('jobs')
        .where({ id: job.id, fence, status: 'running' })
        .update({
          ...changed,
          status: 'succeeded',
          result: JSON.stringify(result),
          error: null,
          finished_at: trx.fn.now(),
          lease_expires_at: null,
        });
      if (count !== 1) throw new LostClaimError(`job ${job.id} is no longer ours`);
    },
    discard: async ({ job, fence }) => {
      const count = await trx('jobs').where({ id: job.id, fence, status: 'running' }).delete();
      if (count !== 1) throw new LostClaimError(`job ${job.id} is no longer ours`);
    },
    lockOfDocument: async (documentId) => {
      const rows = await trx('jobs')
        .where('document_id', documentId)
        .orderByRaw('parent_id nulls first, id')
        .forUpdate()
        .select<Row[]>(JOB_COLUMNS);
      return rows.map(toJob);
    },
    cancel: async (id) => {
      const rows = await trx('jobs')
        .where('id', id)
        .whereIn('status', ['queued', 'running'])
        .update(cancelled)
        .returning<{ id: string; type: string }[]>(['id', 'type']);
      for (const job of rows) await endReflection(trx, job, null);
      return rows.length === 1;
    },
    lockAndCountHigh: async (userId) => {
      await trx('users').where('id', userId).forNoKeyUpdate().first('id');
      const rows = await trx('jobs')
        .where({ user_id: userId, type: 'document.ingest', priority: 'high' })
        .whereIn('status', ['queued', 'running'])
        .count<{ count: number }[]>('* as count');
      return rows[0]?.count ?? 0;
    },
    cancelOfDocument: async (documentId) => {
      const rows = await trx('jobs')
        .where('document_id', documentId)
        .whereIn('status', ['queued', 'running'])
        .update(cancelled)
        .returning<{ id: string }[]>('id');
      return rows.map((row) => row.id);
    },
    supersedeIngests: async (documentId) => {
      await trx('jobs')
        .where({ document_id: documentId, type: 'document.ingest', superseded: false })
        .update({ superseded: true });
    },
    park: async (ids) => {
      await trx('jobs')
        .whereIn('id', [...ids])
        .update(cancelled);
    },
    requeue: async (ids, payload, priority) => {
      const rows = await trx('jobs')
        .whereIn('id', [...ids])
        .update({
          ...changed,
          status: 'queued',
          failures: 0,
          lost_workers: 0,
          // A group is never claimed, so its attempts are counted here.
          attempts: trx.raw('attempts + (queue is null)::int'),
          error: null,
          result: null,
          progress: '{}',
          run_at: trx.fn.now(),
          enqueued_at: null,
          started_at: trx.raw('case when queue is null then now() else started_at end'),
          finished_at: null,
          ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
          ...(priority === undefined ? {} : { priority }),
          ...traceColumns(),
          discarded_at: null,
          promoted_at: null,
          webhook_job_id: null,
          place: NO_PLACE,
        })
        .returning<Row[]>(JOB_COLUMNS);
      return replace(trx, rows.map(toJob));
    },
  };
}

/** Puts jobs that start anew at the end of their lines. */
async function replace(trx: Knex.Transaction, jobs: readonly Job[]): Promise<Job[]> {
  const places = await placesFor(trx, jobs);
  const placed = jobs.map((job, index) => ({ ...job, place: places[index] ?? job.place }));
  await trx.raw(
    `update jobs set place = given.place from unnest(?::uuid[], ?::int[]) as given (id, place)
     where jobs.id = given.id`,
    [placed.map(({ id }) => id), placed.map(({ place }) => place)],
  );
  return placed;
}

function newRow(job: NewJob) {
  const kind = jobCatalog[job.type];
  return {
    id: uuidv7(),
    user_id: job.userId,
    parent_id: job.parentId ?? null,
    document_id: job.documentId ?? null,
    assistant_id: job.assistantId ?? null,
    type: job.type,
    queue: kind.queue,
    priority: job.priority ?? kind.priority,
    payload: JSON.stringify(job.payload),
    dedupe_key: job.dedupeKey ?? null,
    webhook_url: job.webhookUrl ?? null,
    ...traceColumns(),
  };
}

/** The jobs of a list that a queue can be given. */
export function deliveriesOf(jobs: readonly Job[]): Delivery[] {
  return jobs
    .filter((job) => job.queue !== null)
    .map(({ id, type, priority, place, runAt, fence }) => ({
      id,
      type: type as JobType,
      priority,
      place,
      runAt,
      fence,
    }));
}
