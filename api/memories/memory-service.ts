import { expectedVersion } from '#api/http/conditional-get.ts';
import type { Actor } from '#api/http/endpoint.ts';
import type { ShownJob } from '#api/jobs/job-view.ts';
import { showJobs } from '#api/jobs/show-jobs.ts';
import type { Database, Transaction } from '#db/database.ts';
import type { Page, SortedPageRequest } from '#db/page.ts';
import { deliveriesOf } from '#db/stores/job-store.ts';
import type { MemoryChanges, MemoryFilters, MemorySort } from '#db/stores/memory-store.ts';
import type { Memory } from '#shared/domain/memory.ts';
import type { Job } from '#shared/domain/types.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { importanceOf } from '#shared/memories/importance.ts';
import { titleFrom } from '#shared/memories/memory-text.ts';
import type { JobProducer } from '#shared/queue/producer.ts';
import { embedJob, remember, textOf } from './remember.ts';
import type { MemoryInput, Remembered, RememberOptions } from './remember.ts';

/** What became of a text that was to be remembered, with the memory that now says it. */
export type Written = Omit<Remembered, 'jobs' | 'memoryId'> & { readonly memory: Memory | null };

/** What a client may change; null for title and importance means: made from the text. */
export type MemoryEdit = Partial<
  Pick<Memory, 'event' | 'type' | 'sourceRole' | 'summary' | 'emotion' | 'tags' | 'isBookmarked' | 'isActive'>
> & { readonly title?: string | null; readonly importance?: number | null };

/** `q`: words as people type them into a search field. */
export type ListFilters = Omit<MemoryFilters, 'assistantId' | 'words'> & { readonly q?: string | undefined };

/** The use cases of memories. Other users' memories do not exist here: memory.not_found. */
export interface MemoryService {
  /**
   * @param assistant id or slug
   * @throws AppError as `remember`
   */
  write(userId: string, assistant: string, input: MemoryInput): Promise<Written>;
  get(userId: string, id: string): Promise<Memory>;
  /** @param filters.assistant id or slug; one that there is not finds nothing */
  list(
    userId: string,
    filters: ListFilters & { readonly assistant?: string | undefined },
    page: SortedPageRequest<MemorySort>,
  ): Promise<Page<Memory>>;
  /** Of one assistant. @throws AppError assistant.not_found */
  listOf(
    userId: string,
    assistant: string,
    filters: ListFilters,
    page: SortedPageRequest<MemorySort>,
  ): Promise<Page<Memory>>;
  /**
   * @param ifMatch the request's If-Match header
   * @throws AppError precondition.failed, memory.duplicate
   */
  edit(userId: string, id: string, edit: MemoryEdit, ifMatch?: string): Promise<Memory>;
  giveFeedback(userId: string, id: string, rating: number, comment: string | null): Promise<Memory>;
  /** @throws AppError precondition.failed */
  remove(userId: string, id: string, actor: Actor, ifMatch?: string): Promise<void>;
  /** Makes the vector of a memory anew. */
  embed(userId: string, id: string): Promise<ShownJob>;
}

export interface MemoryServiceOptions extends RememberOptions {
  readonly database: Database;
  readonly producer: Pick<JobProducer, 'deliver'>;
}

export function createMemoryService(options: MemoryServiceOptions): MemoryService {
  const { database, producer, config } = options;
  const { read } = database;
  const get = async (userId: string, id: string, from = read): Promise<Memory> => {
    const memory = await from.memories.find(userId, id);
    if (memory === undefined) throw new AppError('memory.not_found');
    return memory;
  };
  const deliverLater = (tx: Transaction, jobs: readonly Job[]): void => {
    tx.afterCommit(() => producer.deliver(deliveriesOf(jobs)));
  };
  const list = (
    userId: string,
    assistantId: string | undefined,
    { q, ...filters }: ListFilters,
    page: SortedPageRequest<MemorySort>,
  ): Promise<Page<Memory>> => {
    const words = q === undefined ? undefined : { text: q, language: config.textSearchLanguage };
    return read.memories.list(userId, { ...filters, assistantId, words }, page);
  };
  /** Changes one memory while nobody else changes those of its assistant. */
  const change = (
    userId: string,
    id: string,
    changesOf: (current: Memory) => MemoryChanges,
    ifMatch?: string,
  ): Promise<Memory> =>
    database.transaction(async (tx) => {
      await tx.memories.lockWrites((await get(userId, id, tx.read)).assistantId);
      const current = await get(userId, id, tx.read);
      const changes = changesOf(current);
      await tx.memories.update(userId, id, changes, expectedVersion(ifMatch, current));
      await tx.chainEntries.settle(id);
      tx.metrics.touch(current.assistantId);
      if (changes.event !== undefined) await tx.chainEntries.touch([id], 'changed');
      // While it was out of force, no vectors were made of it for a model that was built then.
      if (changes.event !== undefined || (changes.isActive === true && !current.isActive))
        deliverLater(tx, await tx.jobs.insert([embedJob(current, priorityOf(current))]));
      return get(userId, id, tx.read);
    });
  return {
    get,
    write: (userId, assistant, input) =>
      database.transaction(async (tx) => {
        const { jobs, memoryId, ...written } = await remember(tx, options, userId, assistant, input);
        deliverLater(tx, jobs);
        return { ...written, memory: memoryId === null ? null : await get(userId, memoryId, tx.read) };
      }),
    list: async (userId, { assistant: idOrSlug, ...filters }, page) => {
      if (idOrSlug === undefined) return list(userId, undefined, filters, page);
      const assistant = await read.assistants.find(userId, idOrSlug);
      // As with any other filter, what nothing fits finds nothing.
      return assistant === undefined
        ? { items: [], nextAfter: null }
        : list(userId, assistant.id, filters, page);
    },
    listOf: async (userId, idOrSlug, filters, page) => {
      const assistant = await read.assistants.find(userId, idOrSlug);
      if (assistant === undefined) throw new AppError('assistant.not_found');
      return list(userId, assistant.id, filters, page);
    },
    edit: (userId, id, edit, ifMatch) => change(userId, id, (current) => changesOf(current, edit), ifMatch),
    giveFeedback: (userId, id, rating, comment) =>
      change(userId, id, () => ({ rating, feedbackComment: comment })),
    remove: (userId, id, actor, ifMatch) =>
      database.transaction(async (tx) => {
        await tx.memories.lockWrites((await get(userId, id, tx.read)).assistantId);
        await tx.memories.lock(userId, [id]);
        const current = await get(userId, id, tx.read);
        expectedVersion(ifMatch, current);
        await tx.chainEntries.touch([id], 'removed');
        await tx.memories.remove(userId, [id]);
        tx.metrics.touch(current.assistantId);
        const target = { targetType: 'memory', targetId: id };
        const details = { assistant_id: current.assistantId };
        await tx.audit.record({ ...actor, ...target, userId, action: 'memory.delete', details });
      }),
    embed: async (userId, id) => {
      const [job] = await database.transaction(async (tx) => {
        const memory = await get(userId, id, tx.read);
        await tx.memories.lock(userId, [id]);
        await tx.memoryVectors.clear(id);
        const jobs = await tx.jobs.insert([embedJob(memory, 'high')]);
        deliverLater(tx, jobs);
        return jobs;
      });
      const [shown] = job === undefined ? [] : await showJobs(read, [job]);
      if (shown === undefined) throw new AppError('job.not_found');
      return shown;
    },
  };
}

const priorityOf = ({ conversationId }: Memory): 'high' | 'medium' =>
  conversationId === null ? 'medium' : 'high';

/** What an edit changes; title and importance that were made from the text are made anew with it. */
function changesOf(current: Memory, { title, importance, ...edit }: MemoryEdit): MemoryChanges {
  const next = { ...current, ...edit };
  const isNewText = edit.event !== undefined && edit.event !== current.event;
  const makesTitle = title === null || (title === undefined && current.titleMade && isNewText);
  const makesImportance =
    importance === null || (importance === undefined && current.importanceMade && judgedAnew(edit));
  return {
    ...omitEvent(edit),
    ...(isNewText ? textOf(next.event) : {}),
    ...(makesTitle ? { title: titleFrom(next.event), titleMade: true } : {}),
    ...(typeof title === 'string' ? { title, titleMade: false } : {}),
    ...(makesImportance ? { importance: importanceOf(next), importanceMade: true } : {}),
    ...(typeof importance === 'number' ? { importance, importanceMade: false } : {}),
  };
}

const omitEvent = ({
  event: _event,
  ...edit
}: Omit<MemoryEdit, 'title' | 'importance'>): Omit<MemoryEdit, 'event' | 'title' | 'importance'> => edit;

const judgedAnew = (edit: MemoryEdit): boolean =>
  (['event', 'type', 'sourceRole', 'emotion'] as const).some((field) => edit[field] !== undefined);
