import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '#api/http/endpoint.ts';
import type { ShownJob } from '#api/jobs/job-view.ts';
import { showJobs } from '#api/jobs/show-jobs.ts';
import type { Database, Transaction } from '#db/database.ts';
import type { Page, PageRequest } from '#db/page.ts';
import { deliveriesOf } from '#db/stores/job-store.ts';
import type { ReflectionFilters } from '#db/stores/reflection-store.ts';
import type { Reflection, ReflectionSubject, WrittenType } from '#shared/domain/reflection.ts';
import type { Job } from '#shared/domain/types.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { JobProducer } from '#shared/queue/producer.ts';

/** A reflection that is to be written. */
export interface ReflectionRequest {
  readonly type: WrittenType;
  readonly category: string | null;
  readonly memoryIds: readonly string[];
  readonly documentId: string | null;
  readonly chainId: string | null;
  /** Reflect though there is nothing new, or though one is being written. */
  readonly force: boolean;
}

export interface FeedbackRequest {
  readonly category: string | null;
  readonly rating: number;
  readonly content: string;
}

/** The use cases of reflections. Assistants are named by id or slug; other users' are not found. */
export interface ReflectionService {
  /**
   * Has a reflection written by a job.
   *
   * @throws AppError assistant.not_found, memory.not_found, memory_chain.not_found, document.not_found, reflection.idle,
   *   reflection.pending
   */
  ask(
    userId: string,
    idOrSlug: string,
    request: ReflectionRequest,
    actor: Actor,
  ): Promise<{ readonly reflection: Reflection; readonly job: ShownJob }>;
  /** Stores what somebody says of an assistant. @throws AppError assistant.not_found */
  tell(userId: string, idOrSlug: string, feedback: FeedbackRequest, actor: Actor): Promise<Reflection>;
  /** @throws AppError assistant.not_found */
  list(
    userId: string,
    idOrSlug: string,
    filters: ReflectionFilters,
    page: PageRequest,
  ): Promise<Page<Reflection>>;
  /** @throws AppError reflection.not_found */
  get(userId: string, id: string): Promise<Reflection>;
  /** Stops it if it is being written. @throws AppError reflection.not_found */
  remove(userId: string, id: string, actor: Actor): Promise<void>;
}

export interface ReflectionServiceOptions {
  readonly database: Database;
  readonly producer: Pick<JobProducer, 'deliver'>;
}

export function createReflectionService({ database, producer }: ReflectionServiceOptions): ReflectionService {
  const { read } = database;
  const get = async (userId: string, id: string): Promise<Reflection> => {
    const reflection = await read.reflections.find(userId, id);
    if (reflection === undefined) throw new AppError('reflection.not_found');
    return reflection;
  };
  return {
    ask: async (userId, idOrSlug, request, actor) => {
      const { reflection, job } = await database.transaction(async (tx) => {
        // Requests for one assistant pass one by one, so that of two at once the second finds the first.
        const assistant = await tx.assistants.lock(userId, idOrSlug);
        if (assistant === undefined) throw new AppError('assistant.not_found');
        const subject = { ...request, assistantId: assistant.id };
        await assertSubject(tx, userId, subject);
        if (!request.force) await assertWorthwhile(tx, userId, subject);
        const made = await insert(tx, userId, subject, request.category);
        await note(tx, made.reflection, 'create', actor);
        tx.afterCommit(() => producer.deliver(deliveriesOf([made.job])));
        return made;
      });
      const [shown] = await showJobs(read, [job]);
      return { reflection, job: shown ?? { job, shown: QUEUED } };
    },
    tell: (userId, idOrSlug, feedback, actor) =>
      database.transaction(async (tx) => {
        const assistant = await tx.assistants.hold(userId, idOrSlug);
        if (assistant === undefined) throw new AppError('assistant.not_found');
        const owned = { id: uuidv7(), userId, assistantId: assistant.id };
        const reflection = await tx.reflections.insert({ ...feedback, ...owned, type: 'feedback' });
        await note(tx, reflection, 'create', actor);
        tx.metrics.touch(assistant.id);
        return reflection;
      }),
    list: async (userId, idOrSlug, filters, page) => {
      const assistant = await read.assistants.find(userId, idOrSlug);
      if (assistant === undefined) throw new AppError('assistant.not_found');
      return read.reflections.list(userId, assistant.id, filters, page);
    },
    get,
    remove: async (userId, id, actor) => {
      const { jobId } = await get(userId, id);
      await database.transaction(async (tx) => {
        // The job before the reflection: the order in which every writer locks.
        if (jobId !== null) await tx.jobs.cancel(jobId);
        const reflection = await tx.read.reflections.find(userId, id);
        if (reflection === undefined) throw new AppError('reflection.not_found');
        await tx.reflections.remove(userId, id);
        await note(tx, reflection, 'delete', actor);
        tx.metrics.touch(reflection.assistantId);
      });
    },
  };
}

const QUEUED: ShownJob['shown'] = {
  state: 1,
  progress: { stage: 'queued', done: 0, total: null },
  stageStartedAt: null,
  retryError: null,
};

/** What it is to be about must be the assistant's own. */
async function assertSubject(
  { read }: Transaction,
  userId: string,
  { assistantId, memoryIds, documentId, chainId }: ReflectionSubject,
): Promise<void> {
  if ((await read.reflections.countMemories(userId, assistantId, memoryIds)) < memoryIds.length)
    throw new AppError('memory.not_found');
  if (documentId !== null && (await read.documents.find(userId, documentId))?.assistantId !== assistantId)
    throw new AppError('document.not_found');
  if (chainId !== null && !(await read.reflections.hasChain(userId, assistantId, chainId)))
    throw new AppError('memory_chain.not_found');
}

async function assertWorthwhile(
  { read }: Transaction,
  userId: string,
  subject: ReflectionSubject,
): Promise<void> {
  if (await read.reflections.isPending(userId, subject)) throw new AppError('reflection.pending');
  if (!(await read.reflections.hasNews(userId, subject))) throw new AppError('reflection.idle');
}

async function insert(
  tx: Transaction,
  userId: string,
  subject: ReflectionSubject,
  category: string | null,
): Promise<{ readonly reflection: Reflection; readonly job: Job }> {
  const { assistantId, type, memoryIds, documentId, chainId } = subject;
  const id = uuidv7();
  const [job] = await tx.jobs.insert([
    { type: 'reflection.write' as const, userId, assistantId, payload: { reflection_id: id } },
  ]);
  if (job === undefined) throw new Error('no job was stored');
  const owned = { id, userId, assistantId, jobId: job.id };
  const reflection = await tx.reflections.insert({
    ...owned,
    type,
    category,
    memoryIds,
    documentId,
    chainId,
  });
  return { reflection, job };
}

const note = (
  tx: Transaction,
  { id, userId, assistantId, type }: Reflection,
  verb: string,
  actor: Actor,
): Promise<void> => {
  const target = { targetType: 'reflection', targetId: id };
  const details = { assistant_id: assistantId, type };
  return tx.audit.record({ ...actor, ...target, userId, action: `reflection.${verb}`, details });
};
