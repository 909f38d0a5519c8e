import { v7 as uuidv7 } from 'uuid';
import { expectedVersion } from '#api/http/conditional-get.ts';
import type { Actor } from '#api/http/endpoint.ts';
import type { ShownJob } from '#api/jobs/job-view.ts';
import { showJobs } from '#api/jobs/show-jobs.ts';
import type { Database, Transaction } from '#db/database.ts';
import type { Page, PageRequest, SortedPageRequest } from '#db/page.ts';
import { deliveriesOf } from '#db/stores/job-store.ts';
import type { ChainChanges, ChainSort } from '#db/stores/memory-chain-store.ts';
import type { ChainMode, MemoryChain } from '#shared/domain/memory.ts';
import type { Job } from '#shared/domain/types.ts';
import type { Cache } from '#shared/cache/cache.ts';
import type { Config } from '#shared/config/config.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { JobProducer } from '#shared/queue/producer.ts';
import { chainPlan, entriesPlan } from './chain-cache.ts';
import { readEntries } from './read-entries.ts';
import type { ChainEntry } from './read-entries.ts';
import { assertManual, assertSameMemories, assertTakes } from './chain-policy.ts';

export interface NewChainInput extends ChainChanges {
  /** Id or slug. */
  readonly assistantId: string;
  readonly title: string;
}

/** The use cases of chains. Other users' chains do not exist here: memory_chain.not_found. */
export interface ChainService {
  get(userId: string, id: string): Promise<MemoryChain>;
  /** @param filters.assistant id or slug; one that there is not finds nothing */
  list(
    userId: string,
    filters: { readonly assistant?: string | undefined; readonly mode?: ChainMode | undefined },
    page: SortedPageRequest<ChainSort>,
  ): Promise<Page<MemoryChain>>;
  /** An automatic one is filled by a job. @throws AppError assistant.not_found */
  create(userId: string, input: NewChainInput): Promise<MemoryChain>;
  /**
   * Other filters, or automatic mode, are carried out by a job.
   *
   * @param ifMatch the request's If-Match header
   * @throws AppError precondition.failed
   */
  update(userId: string, id: string, changes: ChainChanges, ifMatch?: string): Promise<MemoryChain>;
  /** The memories stay. @throws AppError precondition.failed */
  remove(userId: string, id: string, actor: Actor, ifMatch?: string): Promise<void>;
  /** In order. */
  entries(userId: string, id: string, page: PageRequest): Promise<Page<ChainEntry>>;
  /**
   * @param position place of the first of them, from 0; by default the end
   * @throws AppError memory.not_found, memory_chain.other_assistant, memory_chain.automatic
   */
  add(userId: string, id: string, memoryIds: readonly string[], position?: number): Promise<MemoryChain>;
  /** @throws AppError memory.not_found when it is not in the chain, memory_chain.automatic */
  take(userId: string, id: string, memoryId: string): Promise<void>;
  /**
   * @param memoryIds each memory of the chain once
   * @throws AppError memory_chain.order_mismatch, precondition.failed
   */
  reorder(userId: string, id: string, memoryIds: readonly string[], ifMatch?: string): Promise<MemoryChain>;
  /** Starts the job that sums the chain up. @throws AppError memory_chain.empty */
  summarise(userId: string, id: string): Promise<ShownJob>;
}

export interface ChainServiceOptions {
  readonly database: Database;
  readonly producer: Pick<JobProducer, 'deliver'>;
  readonly cache: Cache;
  readonly config: Pick<Config, 'cache'>;
}

export function createChainService(options: ChainServiceOptions): ChainService {
  const { database, producer } = options;
  const { read } = database;
  const get = async (userId: string, id: string, from = read): Promise<MemoryChain> => {
    const chain = await from.memoryChains.find(userId, id);
    if (chain === undefined) throw new AppError('memory_chain.not_found');
    return chain;
  };
  const deliverLater = (tx: Transaction, jobs: readonly Job[]): void => {
    tx.afterCommit(() => producer.deliver(deliveriesOf(jobs)));
  };
  const startRebuild = async (tx: Transaction, { id, userId }: MemoryChain): Promise<void> => {
    const payload = { chain_id: id };
    deliverLater(tx, await tx.jobs.insert([{ type: 'chain.rebuild', userId, payload }]));
  };
  /** Changes a chain while nobody else changes it, or memories of its assistant. */
  const change = <T>(
    userId: string,
    id: string,
    work: (tx: Transaction, chain: MemoryChain) => Promise<T>,
  ): Promise<T> =>
    database.transaction(async (tx) => {
      await tx.memories.lockWrites((await get(userId, id, tx.read)).assistantId);
      return work(tx, await get(userId, id, tx.read));
    });
  const loadEntries = async (userId: string, id: string, page: PageRequest): Promise<Page<ChainEntry>> => {
    await get(userId, id);
    return readEntries(read, userId, id, page);
  };
  const ttlMs = options.config.cache.chainTtlMs;
  return {
    get: (userId, id) =>
      options.cache.getOrLoad(chainPlan(ttlMs), { userId, id }, 'chain', () => get(userId, id)),
    list: async (userId, { assistant: idOrSlug, mode }, page) => {
      if (idOrSlug === undefined) return read.memoryChains.list(userId, { mode }, page);
      const assistant = await read.assistants.find(userId, idOrSlug);
      if (assistant === undefined) return { items: [], nextAfter: null };
      return read.memoryChains.list(userId, { mode, assistantId: assistant.id }, page);
    },
    create: (userId, { assistantId: idOrSlug, ...input }) =>
      database.transaction(async (tx) => {
        const assistant = await tx.assistants.hold(userId, idOrSlug);
        if (assistant === undefined) throw new AppError('assistant.not_found');
        await tx.memories.lockWrites(assistant.id);
        const id = uuidv7();
        await tx.memoryChains.insert({ ...input, id, userId, assistantId: assistant.id });
        const chain = await get(userId, id, tx.read);
        if (chain.mode === 'automatic') await startRebuild(tx, chain);
        return chain;
      }),
    update: (userId, id, changes, ifMatch) =>
      change(userId, id, async (tx, current) => {
        const version = expectedVersion(ifMatch, current);
        const chain = await tx.memoryChains.update(userId, id, changes, version);
        if (chain.mode === 'automatic' && changesMembers(changes)) await startRebuild(tx, chain);
        return chain;
      }),
    remove: (userId, id, actor, ifMatch) =>
      change(userId, id, async (tx, chain) => {
        await tx.memoryChains.remove(userId, id, expectedVersion(ifMatch, chain));
        const target = { targetType: 'memory_chain', targetId: id };
        const details = { assistant_id: chain.assistantId, entries: chain.entryCount };
        await tx.audit.record({ ...actor, ...target, userId, action: 'memory_chain.delete', details });
      }),
    entries: (userId, id, page) =>
      options.cache.getOrLoad(
        entriesPlan(ttlMs),
        { userId, id },
        `entries ${page.limit} ${page.after ?? ''}`,
        () => loadEntries(userId, id, page),
      ),
    add: (userId, id, memoryIds, position) =>
      change(userId, id, async (tx, chain) => {
        assertManual(chain);
        assertTakes(chain, memoryIds, await tx.read.memories.findMany(userId, memoryIds));
        await tx.chainEntries.add(chain, memoryIds, position ?? null);
        return get(userId, id, tx.read);
      }),
    take: (userId, id, memoryId) =>
      change(userId, id, async (tx, chain) => {
        assertManual(chain);
        if (!(await tx.chainEntries.remove(id, memoryId))) throw new AppError('memory.not_found');
      }),
    reorder: (userId, id, memoryIds, ifMatch) =>
      change(userId, id, async (tx, chain) => {
        expectedVersion(ifMatch, chain);
        assertSameMemories(await tx.read.memoryChains.memoryIds(id), memoryIds);
        await tx.chainEntries.reorder(id, memoryIds);
        return get(userId, id, tx.read);
      }),
    summarise: async (userId, id) => {
      const [job] = await change(userId, id, async (tx, chain) => {
        if (chain.entryCount === 0) throw new AppError('memory_chain.empty');
        const jobs = await tx.jobs.insert([{ type: 'chain.summarise', userId, payload: { chain_id: id } }]);
        deliverLater(tx, jobs);
        return jobs;
      });
      const [shown] = job === undefined ? [] : await showJobs(read, [job]);
      if (shown === undefined) throw new AppError('job.not_found');
      return shown;
    },
  };
}

const changesMembers = ({ mode, filterTags, excludeTypes }: ChainChanges): boolean =>
  mode !== undefined || filterTags !== undefined || excludeTypes !== undefined;
