import { promptView } from '#api/prompts/prompt-view.ts';
import type {
  DocumentExcerpt,
  Excerpt,
  MemoryExcerpt,
  MetricsExcerpt,
} from '#db/queries/assistant-includes.ts';
import type { ListedAssistant } from '#db/stores/assistant-store.ts';
import { assistantView, relativeView } from './assistant-view.ts';
import type { Included } from './includes.ts';
import { capabilitiesView, profileView } from './part-view.ts';

/** An assistant with what was asked for beside it. */
export const assistantWithView = (assistant: ListedAssistant, included: Included) => ({
  ...assistantView(assistant),
  ...(included.system_prompt && {
    system_prompt: shown(included.system_prompt, assistant.systemPromptId, promptView),
  }),
  ...(included.parent && { parent: shown(included.parent, assistant.parentId, relativeView) }),
  ...(included.children && { children: excerpt(included.children.get(assistant.id), relativeView) }),
  ...(included.documents && { documents: excerpt(included.documents.get(assistant.id), documentView) }),
  ...(included.memories && { memories: excerpt(included.memories.get(assistant.id), memoryView) }),
  ...part('profile', included.profile?.get(assistant.id), profileView),
  ...part('capabilities', included.capabilities?.get(assistant.id), capabilitiesView),
  ...part('metrics', included.metrics?.get(assistant.id), metricsView),
});

function shown<T>(found: ReadonlyMap<string, T>, id: string | null, view: (item: T) => unknown): unknown {
  const item = id === null ? undefined : found.get(id);
  return item === undefined ? null : view(item);
}

const excerpt = <T>(found: Excerpt<T> | undefined, view: (item: T) => unknown) => ({
  items: (found?.items ?? []).map(view),
  has_more: found?.hasMore ?? false,
});

const part = <T>(name: string, found: T | undefined, view: (item: T) => unknown) =>
  found === undefined ? {} : { [name]: view(found) };

const documentView = (document: DocumentExcerpt) => ({
  id: document.id,
  title: document.title,
  status: document.status,
  chunk_count: document.chunkCount,
  created_at: document.createdAt.toISOString(),
});

const memoryView = (memory: MemoryExcerpt) => ({
  id: memory.id,
  title: memory.title,
  type: memory.type,
  importance: memory.importance,
  created_at: memory.createdAt.toISOString(),
});

const metricsView = (metrics: MetricsExcerpt) => ({
  trust_score: metrics.trustScore,
  trust_level: metrics.trustLevel,
  growth_level: metrics.growthLevel,
  growth_points: metrics.growthPoints,
  memory_count: metrics.memoryCount,
  document_count: metrics.documentCount,
  reflection_count: metrics.reflectionCount,
  message_count: metrics.messageCount,
  child_count: metrics.childCount,
  avg_response_ms: metrics.avgResponseMs,
  success_rate: metrics.successRate,
  last_active_at: metrics.lastActiveAt?.toISOString() ?? null,
  computed_at: metrics.computedAt?.toISOString() ?? null,
});
