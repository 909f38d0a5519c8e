import type { Reflection } from '#shared/domain/reflection.ts';

/** A reflection as clients see it. */
export const reflectionView = (reflection: Reflection) => ({
  id: reflection.id,
  assistant_id: reflection.assistantId,
  type: reflection.type,
  category: reflection.category,
  status: reflection.status,
  summary: reflection.summary,
  insights: reflection.insights,
  memory_ids: reflection.memoryIds,
  message_ids: reflection.messageIds,
  chunk_ids: reflection.chunkIds,
  reflection_ids: reflection.reflectionIds,
  document_id: reflection.documentId,
  chain_id: reflection.chainId,
  rating: reflection.rating,
  content: reflection.content,
  provider: reflection.provider,
  model: reflection.model,
  prompt_tokens: reflection.promptTokens,
  completion_tokens: reflection.completionTokens,
  error: reflection.error && {
    code: reflection.error.code,
    message: reflection.error.message,
    remedy: reflection.error.remedy,
    stage: reflection.error.stage,
  },
  job_id: reflection.jobId,
  created_at: reflection.createdAt.toISOString(),
  completed_at: reflection.completedAt?.toISOString() ?? null,
});
