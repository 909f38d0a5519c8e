import type { Actor } from '#api/http/endpoint.ts';
import { restartIngest } from '#api/documents/restart-ingest.ts';
import type { Database, Transaction } from '#db/database.ts';
import type { Page, PageRequest } from '#db/page.ts';
import type { DeadLetterFilters } from '#db/stores/dead-letter-store.ts';
import { deliveriesOf } from '#db/stores/job-store.ts';
import type { Job, JobAttempt } from '#shared/domain/types.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/error-catalog.ts';
import type { JobProducer } from '#shared/queue/producer.ts';

/** What became of each of several dead letters. */
export interface Handled {
  readonly done: readonly string[];
  readonly skipped: readonly { readonly id: string; readonly code: ErrorCode }[];
}

/** Jobs of all users that ended as dead. What is done with them is written into the audit log of their owners. */
export interface DeadLetterService {
  list(filters: DeadLetterFilters, page: PageRequest): Promise<Page<Job>>;
  /** One with its history, newest first. @throws AppError job.not_found */
  get(id: string): Promise<{ readonly job: Job; readonly attempts: readonly JobAttempt[] }>;
  /**
   * Runs dead jobs again, each in a transaction of its own. One that took part in a document starts all of it that
   * failed, as its owner's retry does.
   */
  replay(ids: readonly string[], actor: Actor): Promise<Handled>;
  /** Takes dead jobs off the list; their owners still see how they ended. */
  discard(ids: readonly string[], actor: Actor): Promise<Handled>;
}

/** All that are kept. */
const MOST_ATTEMPTS = 50;

export function createDeadLetterService(options: {
  readonly database: Database;
  readonly producer: Pick<JobProducer, 'deliver'>;
}): DeadLetterService {
  const { database, producer } = options;
  return {
    list: (filters, page) => database.read.deadLetters.list(filters, page),
    get: async (id) => {
      const job = await database.read.deadLetters.find(id);
      if (job === undefined) throw new AppError('job.not_found');
      return { job, attempts: await database.read.jobAttempts.latest(id, MOST_ATTEMPTS) };
    },
    replay: async (ids, actor) => {
      const started = new Set<string>();
      return handleEach(ids, (id) =>
        database.transaction(async (tx) => {
          // Another one of the list may have taken it along.
          if (started.has(id)) return;
          const letter = await tx.read.deadLetters.find(id);
          if (letter === undefined) throw new AppError('job.not_found');
          const jobs = await startAnew(tx, letter);
          if (!jobs.some((job) => job.id === id)) throw new AppError('job.not_replayable');
          for (const job of jobs) started.add(job.id);
          await note(tx, letter, 'replay', actor);
          tx.afterCommit(() => producer.deliver(deliveriesOf(jobs)));
        }),
      );
    },
    discard: (ids, actor) =>
      handleEach(ids, (id) =>
        database.transaction(async (tx) => {
          const job = await tx.deadLetters.discard(id);
          if (job === undefined) throw new AppError('job.not_found');
          await note(tx, job, 'discard', actor);
        }),
      ),
  };
}

/** One that cannot be handled does not keep the others from it. */
async function handleEach(ids: readonly string[], handle: (id: string) => Promise<void>): Promise<Handled> {
  const done: string[] = [];
  const skipped: { id: string; code: ErrorCode }[] = [];
  for (const id of ids)
    try {
      await handle(id);
      done.push(id);
    } catch (error) {
      if (!(error instanceof AppError) || !error.code.startsWith('job.')) throw error;
      skipped.push({ id, code: error.code });
    }
  return { done, skipped };
}

async function startAnew(tx: Transaction, { id, userId, documentId }: Job): Promise<Job[]> {
  if (documentId !== null)
    return restartIngest(tx, userId, documentId).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'document.not_found')
        throw new AppError('job.not_replayable', { cause: error });
      throw error;
    });
  if ((await tx.deadLetters.lock(id)) === undefined) throw new AppError('job.not_found');
  if (await tx.deadLetters.hasTwin(id)) throw new AppError('job.not_replayable');
  return tx.jobs.requeue([id]);
}

const note = (tx: Transaction, job: Job, verb: string, actor: Actor): Promise<void> =>
  tx.audit.record({
    ...actor,
    userId: job.userId,
    action: `dead_letter.${verb}`,
    targetType: 'job',
    targetId: job.id,
    details: { type: job.type, code: job.error?.code },
  });
