import type { ListedAssistant } from '#db/stores/assistant-store.ts';
import type { DelegationEvent, Relative } from '#shared/domain/assistant-parts.ts';

/** An assistant as clients see it. */
export const assistantView = (assistant: ListedAssistant) => ({
  id: assistant.id,
  slug: assistant.slug,
  name: assistant.name,
  preferred_model: assistant.preferredModel,
  memory_mode: assistant.memoryMode,
  thinking_style: assistant.thinkingStyle,
  min_score: assistant.minScore,
  is_active: assistant.isActive,
  is_primary: assistant.isPrimary,
  parent_id: assistant.parentId,
  depth: assistant.depth,
  spawn_reason: assistant.spawnReason,
  system_prompt_id: assistant.systemPromptId,
  version: assistant.version,
  created_at: assistant.createdAt.toISOString(),
  updated_at: assistant.updatedAt.toISOString(),
});

/** An assistant in its family, in short. */
export const relativeView = (relative: Relative) => ({
  id: relative.id,
  slug: relative.slug,
  name: relative.name,
  parent_id: relative.parentId,
  depth: relative.depth,
  spawn_reason: relative.spawnReason,
  is_active: relative.isActive,
  created_at: relative.createdAt.toISOString(),
});

export const delegationView = (event: DelegationEvent) => ({
  id: event.id,
  parent_id: event.parentId,
  child_id: event.childId,
  reason: event.reason,
  memory_id: event.memoryId,
  document_id: event.documentId,
  score: event.score,
  notes: event.notes,
  created_at: event.createdAt.toISOString(),
});
