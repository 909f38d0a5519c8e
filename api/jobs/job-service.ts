import type { Actor } from '#api/http/endpoint.ts';
import type { Database, Transaction } from '#db/database.ts';
import type { Page, PageRequest } from '#db/page.ts';
import type { JobFilters } from '#db/stores/job-store.ts';
import type { JobAttempt } from '#shared/domain/types.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { toFailure } from '#shared/queue/retry.ts';
import { jobEvents } from './job-events.ts';
import type { JobEventOptions } from './job-events.ts';
import type { JobWatcher } from './job-watcher.ts';
import type { ShownJob } from './job-view.ts';
import { showJobs } from './show-jobs.ts';

export interface JobService {
  /** @throws AppError job.not_found */
  get(userId: string, id: string): Promise<ShownJob>;
  list(userId: string, filters: JobFilters, page: PageRequest): Promise<Page<ShownJob>>;
  /** Attempts at a job and its parts, newest first. @throws AppError job.not_found */
  attempts(userId: string, id: string, page: PageRequest): Promise<Page<JobAttempt>>;
  /**
   * Cancels a job with everything it belongs to: of an ingestion no part goes on alone.
   *
   * @throws AppError job.not_found, job.finished
   */
  cancel(userId: string, id: string, actor: Actor): Promise<void>;
  /**
   * Follows a job as server-sent events; null when the job has ended and the client has seen that.
   *
   * @throws AppError job.not_found, request.busy when the user follows too many at once
   */
  follow(
    userId: string,
    id: string,
    options: Omit<JobEventOptions, 'heartbeatMs'>,
  ): Promise<AsyncIterable<string> | null>;
}

export interface JobServiceOptions {
  readonly database: Database;
  readonly watcher: JobWatcher;
  readonly eventStreamsPerUser: number;
  /** Time between two heartbeats of a stream, in ms. */
  readonly eventHeartbeatMs?: number | undefined;
}

export function createJobService(options: JobServiceOptions): JobService {
  const { database, watcher, eventStreamsPerUser, eventHeartbeatMs } = options;
  const { read } = database;
  const streams = new Map<string, number>();
  const get = async (userId: string, id: string): Promise<ShownJob> => {
    const job = await read.jobs.find(userId, id);
    const [shown] = job === undefined ? [] : await showJobs(read, [job]);
    if (shown === undefined) throw new AppError('job.not_found');
    return shown;
  };
  return {
    get,
    list: async (userId, filters, page) => {
      const { items, nextAfter } = await read.jobs.list(userId, filters, page);
      return { items: await showJobs(read, items), nextAfter };
    },
    attempts: async (userId, id, page) => {
      await get(userId, id);
      return read.jobAttempts.list(userId, id, page);
    },
    cancel: async (userId, id, actor) => {
      const { job } = await get(userId, id);
      if (job.finishedAt !== null) throw new AppError('job.finished');
      const { documentId } = job;
      const note = (tx: Transaction): Promise<void> => {
        const target = { targetType: 'job', targetId: id };
        const details = { type: job.type, document_id: documentId };
        return tx.audit.record({ ...actor, ...target, userId, action: 'job.cancel', details });
      };
      if (documentId === null) {
        await database.transaction(async (tx) => {
          if (!(await tx.jobs.cancel(id))) throw new AppError('job.finished');
          await note(tx);
        });
        return;
      }
      await database.transaction(async (tx) => {
        await tx.jobs.lockOfDocument(documentId);
        await tx.documents.lock(userId, documentId);
        if ((await tx.jobs.cancelOfDocument(documentId)).length === 0) throw new AppError('job.finished');
        await tx.documents.fail(documentId, toFailure(new AppError('document.cancelled')));
        await note(tx);
      });
    },
    follow: async (userId, id, following) => {
      const { job, shown } = await get(userId, id);
      if (job.finishedAt !== null && following.lastEventId === String(shown.state)) return null;
      const open = streams.get(userId) ?? 0;
      if (open >= eventStreamsPerUser) throw new AppError('request.busy', { retryAfterSeconds: 5 });
      const events = jobEvents(watcher, id, { ...following, heartbeatMs: eventHeartbeatMs });
      return counted(events, userId, streams);
    },
  };
}

/** Counts a stream against its user for as long as it is being read. */
async function* counted<T>(
  source: AsyncIterable<T>,
  userId: string,
  streams: Map<string, number>,
): AsyncGenerator<T> {
  streams.set(userId, (streams.get(userId) ?? 0) + 1);
  try {
    yield* source;
  } finally {
    const left = (streams.get(userId) ?? 1) - 1;
    if (left === 0) streams.delete(userId);
    else streams.set(userId, left);
  }
}
