import type { ListedPrompt } from '#db/stores/prompt-store.ts';
import type { Prompt } from '#shared/domain/assistant-parts.ts';

/** A prompt as lists show it: without the text. */
export const listedPromptView = (prompt: ListedPrompt) => ({
  id: prompt.id,
  slug: prompt.slug,
  title: prompt.title,
  type: prompt.type,
  tags: prompt.tags,
  parent_id: prompt.parentId,
  version: prompt.version,
  created_at: prompt.createdAt.toISOString(),
  updated_at: prompt.updatedAt.toISOString(),
});

export const promptView = (prompt: Prompt) => ({ ...listedPromptView(prompt), content: prompt.content });
