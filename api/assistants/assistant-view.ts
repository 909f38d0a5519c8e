import type { Assistant } from '#shared/domain/types.ts';

/** An assistant as clients see it. */
export const assistantView = (assistant: Assistant) => ({
  id: assistant.id,
  slug: assistant.slug,
  name: assistant.name,
  preferred_model: assistant.preferredModel,
  memory_mode: assistant.memoryMode,
  thinking_style: assistant.thinkingStyle,
  min_score: assistant.minScore,
  is_active: assistant.isActive,
  is_primary: assistant.isPrimary,
  version: assistant.version,
  created_at: assistant.createdAt.toISOString(),
  updated_at: assistant.updatedAt.toISOString(),
});
