import { memoryView } from '#api/memories/memory-view.ts';
import type { MemoryChain } from '#shared/domain/memory.ts';
import { isStale } from './chain-policy.ts';
import type { ChainEntry } from './read-entries.ts';

/** A chain as clients see it. */
export const chainView = (chain: MemoryChain) => ({
  id: chain.id,
  assistant_id: chain.assistantId,
  title: chain.title,
  description: chain.description,
  mode: chain.mode,
  filter_tags: chain.filterTags,
  exclude_types: chain.excludeTypes,
  entry_count: chain.entryCount,
  summary: chain.summary,
  summary_provider: chain.summaryProvider,
  summary_model: chain.summaryModel,
  summarised_at: chain.summarisedAt?.toISOString() ?? null,
  stale: isStale(chain),
  version: chain.version,
  created_at: chain.createdAt.toISOString(),
  updated_at: chain.updatedAt.toISOString(),
});

/** A memory in its place. */
export const entryView = ({ position, createdAt, memory }: ChainEntry) => ({
  position,
  added_at: createdAt.toISOString(),
  memory: memoryView(memory),
});
