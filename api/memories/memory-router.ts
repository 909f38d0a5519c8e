import { taggedHeaders } from '#api/http/conditional-get.ts';
import type { Reply } from '#api/http/endpoint.ts';
import { pageBody, readSortedPage } from '#api/http/page.ts';
import type { Mount } from '#api/http/routes.ts';
import { camelKeys } from '#api/http/schemas.ts';
import { jobView } from '#api/jobs/job-view.ts';
import type { ResourceVersionReader } from '#db/queries/resource-versions.ts';
import type { MemorySort } from '#db/stores/memory-store.ts';
import type { Memory } from '#shared/domain/memory.ts';
import { batchMemories, deleteMemories } from './memory-batch-endpoints.ts';
import type { MemoryBatchService } from './memory-batch-service.ts';
import * as contracts from './memory-endpoints.ts';
import type { MemoryQuery } from './memory-endpoints.ts';
import { searchMemories } from './memory-search-endpoints.ts';
import type { MemorySearchInput, MemorySearchService } from './memory-search-service.ts';
import type { MemoryEdit, MemoryService, Written } from './memory-service.ts';
import { batchItemView, memoryHitView, memoryView, shownVersion, writtenView } from './memory-view.ts';
import type { MemoryInput } from './remember.ts';

export interface MemoryServices {
  readonly memories: MemoryService;
  readonly memoryBatches: MemoryBatchService;
  readonly memorySearch: MemorySearchService;
}

export function mountMemories(
  mount: Mount,
  { memories, memoryBatches, memorySearch }: MemoryServices,
  versions: ResourceVersionReader,
): void {
  const list = async (userId: string, query: MemoryQuery, assistant: string | undefined, nested: boolean) => {
    const { limit: _limit, cursor: _cursor, ...asked } = query;
    const name = [nested ? 'assistant memories' : 'memories', assistant, asked];
    const request = readSortedPage<MemorySort>(query, name);
    const page = nested
      ? await memories.listOf(userId, assistant ?? '', filtersOf(query), request)
      : await memories.list(userId, { ...filtersOf(query), assistant }, request);
    return { status: 200, body: pageBody(page, name, memoryView) };
  };
  mount(contracts.listMemories, ({ user, query: { assistant_id: assistant, ...query } }) =>
    list(user.id, query, assistant, false),
  );
  mount(contracts.listAssistantMemories, ({ user, params, query }) => list(user.id, query, params.id, true));
  mount(contracts.writeMemory, async ({ user, params, body }) =>
    writtenReply(await memories.write(user.id, params.id, camelKeys<MemoryInput>(body))),
  );
  mount(batchMemories, async ({ user, query, body, actor }) => {
    const items = await memoryBatches.run(user.id, body.operations, query.deletes, actor);
    const failed = items.filter((item) => item.error !== undefined).length;
    return {
      status: 200,
      body: { data: items.map(batchItemView), meta: { succeeded: items.length - failed, failed } },
    };
  });
  mount(deleteMemories, async ({ user, body, actor }) => {
    const deleted = await memoryBatches.removeMany(user.id, body.ids, actor);
    return { status: 200, body: { data: { deleted } } };
  });
  mount(searchMemories, async ({ user, body, signal }) => {
    const answer = await memorySearch.search(user.id, camelKeys<MemorySearchInput>(body), signal);
    const meta = {
      took_ms: Math.round(answer.tookMs * 100) / 100,
      embedding_model: answer.embeddingModel,
      ...(answer.degraded ? { degraded: true } : {}),
    };
    return { status: 200, body: { data: answer.hits.map(memoryHitView), meta } };
  });
  mountOne(mount, memories, versions);
}

function mountOne(mount: Mount, memories: MemoryService, versions: ResourceVersionReader): void {
  mount(
    contracts.getMemory,
    async ({ user, params }) => one(await memories.get(user.id, params.id)),
    async ({ user, params }) => {
      const found = await versions.findMemory(user.id, params.id);
      return found && shownVersion(found);
    },
  );
  mount(contracts.updateMemory, async ({ user, params, body, ifMatch }) =>
    one(await memories.edit(user.id, params.id, camelKeys<MemoryEdit>(body), ifMatch)),
  );
  mount(contracts.deleteMemory, async ({ user, params, ifMatch, actor }) => {
    await memories.remove(user.id, params.id, actor, ifMatch);
    return { status: 204 };
  });
  mount(contracts.bookmarkMemory, async ({ user, params }) =>
    one(await memories.edit(user.id, params.id, { isBookmarked: true })),
  );
  mount(contracts.unbookmarkMemory, async ({ user, params }) => {
    await memories.edit(user.id, params.id, { isBookmarked: false });
    return { status: 204 };
  });
  mount(contracts.rateMemory, async ({ user, params, body: { rating, comment = null } }) =>
    one(await memories.giveFeedback(user.id, params.id, rating, comment)),
  );
  mount(contracts.embedMemory, async ({ user, params }) => {
    const shown = await memories.embed(user.id, params.id);
    return {
      status: 202,
      headers: { Location: `/api/v1/jobs/${shown.job.id}` },
      body: { data: jobView(shown) },
    };
  });
}

const one = (memory: Memory): Reply => ({
  status: 200,
  headers: taggedHeaders(shownVersion(memory)),
  body: { data: memoryView(memory) },
});

function writtenReply(written: Written): Reply {
  const { memory, stored } = written;
  const body = { data: memory && memoryView(memory), meta: writtenView(written) };
  if (memory === null || !stored) return { status: 200, body };
  const headers = { ...taggedHeaders(shownVersion(memory)), Location: `/api/v1/memories/${memory.id}` };
  return { status: 201, headers, body };
}

const filtersOf = (query: MemoryQuery): Parameters<MemoryService['list']>[1] => ({
  type: query.type,
  sourceRole: query.source_role,
  tags: query.tags,
  isBookmarked: query.is_bookmarked,
  isActive: query.is_active === 'any' ? undefined : query.is_active === 'true',
  minImportance: query.min_importance,
  minRating: query.min_rating,
  conversationId: query.conversation_id,
  documentId: query.document_id,
  createdAfter: dateOf(query.created_after),
  createdBefore: dateOf(query.created_before),
  q: query.q,
});

const dateOf = (moment: string | undefined): Date | undefined =>
  moment === undefined ? undefined : new Date(moment);
