import DataLoader from 'dataloader';
import { metricsView } from '#api/assistants/metrics-view.ts';
import { assistantView } from '#api/assistants/assistant-view.ts';
import { capabilitiesView, profileView } from '#api/assistants/part-view.ts';
import { conversationView } from '#api/conversations/conversation-view.ts';
import { messageView } from '#api/conversations/message-view.ts';
import { chunkView, documentView, stagesView } from '#api/documents/document-view.ts';
import { jobView } from '#api/jobs/job-view.ts';
import { showJobs } from '#api/jobs/show-jobs.ts';
import { chainView } from '#api/memory-chains/chain-view.ts';
import { promptView } from '#api/prompts/prompt-view.ts';
import { reflectionView } from '#api/reflections/reflection-view.ts';
import type { OwnedItem, OwnedPage, OwnedPageRequest } from '#db/queries/owned-pages.ts';
import type { Readers } from '#db/stores.ts';
import type { Memory } from '#shared/domain/memory.ts';

/** Something as its view shows it. */
export type Shown = Readonly<Record<string, unknown>> & { readonly id: string };

/** Reads things by id, as clients see them: all that one level of an operation asks for in one go. */
export type ById<T = Shown> = DataLoader<string, T | undefined>;

/** What one operation reads beside its root; made anew for each, so that nobody sees what another has read. */
export interface GraphLoaders {
  readonly assistants: ById;
  readonly prompts: ById;
  readonly documents: ById;
  readonly chunks: ById;
  readonly memories: ById<Memory>;
  readonly chains: ById;
  readonly conversations: ById;
  readonly messages: ById;
  readonly reflections: ById;
  readonly jobs: ById;
  /** By assistant. */
  readonly profiles: ById<object>;
  readonly capabilities: ById<object>;
  readonly metrics: ById<object>;
  /** By document. */
  readonly stages: ById<object>;
  /** The page of a list that an owner has. */
  page(ownerId: string, request: OwnedPageRequest): Promise<OwnedPage>;
}

const NONE: OwnedPage = { items: [], hasMore: false };

/** @param signal aborted when nobody waits for the answer any more: then nothing further is read */
export function createGraphLoaders(read: Readers, userId: string, signal: AbortSignal): GraphLoaders {
  const byKey = <T>(find: (ids: readonly string[]) => Promise<ReadonlyMap<string, T>>): ById<T> =>
    new DataLoader(async (ids) => {
      signal.throwIfAborted();
      const found = await find(ids);
      return ids.map((id) => found.get(id));
    });
  const byId = <T extends { readonly id: string }, V>(
    find: (ids: readonly string[]) => Promise<readonly T[]>,
    view: (one: T) => V,
  ): ById<V> => byKey(async (ids) => new Map((await find(ids)).map((one) => [one.id, view(one)])));
  const pages = new Map<string, DataLoader<string, OwnedPage>>();
  return {
    assistants: byId((ids) => read.assistants.findMany(userId, ids), assistantView),
    prompts: byId((ids) => read.prompts.findMany(userId, ids), promptView),
    documents: byId((ids) => read.documents.findMany(userId, ids), documentView),
    chunks: byId((ids) => read.chunks.findMany(userId, ids), chunkView),
    memories: byId(
      (ids) => read.memories.findMany(userId, ids),
      (memory) => memory,
    ),
    chains: byId((ids) => read.memoryChains.findMany(userId, ids), chainView),
    conversations: byId((ids) => read.conversations.findMany(userId, ids), conversationView),
    messages: byId((ids) => read.messages.findMany(userId, ids), messageView),
    reflections: byId((ids) => read.reflections.findMany(userId, ids), reflectionView),
    jobs: byKey(async (ids) => {
      const own = (await read.jobs.findMany(ids)).filter((job) => job.userId === userId);
      return new Map((await showJobs(read, own)).map((shown) => [shown.job.id, jobView(shown)]));
    }),
    profiles: byKey(async (ids) => viewed(await read.assistantParts.profiles(userId, ids), profileView)),
    capabilities: byKey(async (ids) =>
      viewed(await read.assistantParts.capabilities(userId, ids), capabilitiesView),
    ),
    metrics: byKey(async (ids) => {
      const found = await read.metrics.findMany(userId, ids);
      return new Map(found.map((metrics) => [metrics.assistantId, metricsView(metrics)]));
    }),
    stages: byKey(async (ids) => {
      const found = await read.revisions.latestOf(userId, ids);
      return new Map(ids.map((id) => [id, stagesView(found.get(id))]));
    }),
    page: (ownerId, request) => {
      const name = JSON.stringify(request);
      const known = pages.get(name);
      if (known !== undefined) return known.load(ownerId);
      const loader = new DataLoader<string, OwnedPage>(async (ids) => {
        signal.throwIfAborted();
        const found = await read.ownedPages.of(userId, ids, request);
        return ids.map((id) => found.get(id) ?? NONE);
      });
      pages.set(name, loader);
      return loader.load(ownerId);
    },
  };
}

function viewed<T, V>(found: ReadonlyMap<string, T>, view: (one: T) => V): Map<string, V> {
  return new Map([...found].map(([id, one]) => [id, view(one)]));
}

/** What the ids of a page stand for, in its order; what has been deleted meanwhile is left out. */
export async function loadItems<T>(
  loader: ById<T>,
  items: readonly OwnedItem[],
): Promise<{ readonly key: string; readonly item: OwnedItem; readonly found: T }[]> {
  const loaded = await Promise.all(items.map((item) => loader.load(item.id)));
  return loaded.flatMap((found, index) => {
    const item = items[index];
    return found === undefined || item === undefined ? [] : [{ key: item.key, item, found }];
  });
}
