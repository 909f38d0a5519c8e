import type { Message, MessageSource } from '#shared/domain/conversation.ts';
import type { PromptReport } from './write-reply.ts';

/** A message as clients see it. */
export const messageView = (message: Message) => ({
  id: message.id,
  conversation_id: message.conversationId,
  reply_to_id: message.replyToId,
  role: message.role,
  status: message.status,
  content: message.content,
  sources: message.sources.map(sourceView),
  provider: message.provider,
  model: message.model,
  usage:
    message.promptTokens === null
      ? null
      : {
          prompt_tokens: message.promptTokens,
          completion_tokens: message.completionTokens ?? 0,
          estimated: message.tokensEstimated,
        },
  took_ms: message.tookMs === null ? null : Math.round(message.tookMs),
  error: message.error && {
    code: message.error.code,
    message: message.error.message,
    remedy: message.error.remedy,
    retryable: message.error.retryable,
  },
  feedback:
    message.feedback === null
      ? null
      : {
          value: message.feedback,
          comment: message.feedbackComment,
          given_at: message.feedbackAt?.toISOString() ?? null,
        },
  created_at: message.createdAt.toISOString(),
  updated_at: message.updatedAt.toISOString(),
});

export const sourceView = (source: MessageSource) => ({
  n: source.n,
  kind: source.kind,
  document_id: source.documentId,
  chunk_id: source.chunkId,
  memory_id: source.memoryId,
  title: source.title,
  page_from: source.pageFrom,
  page_to: source.pageTo,
  char_start: source.charStart,
  char_end: source.charEnd,
  score: source.score,
  quote: source.quote,
});

/** What was sent to the completer, and why it was that. */
export const promptView = ({ messages, budget, dropped, retrieval }: PromptReport) => ({
  messages,
  budget,
  dropped,
  retrieval: {
    mode: retrieval.mode,
    degraded: retrieval.degraded,
    threshold: retrieval.threshold,
    took_ms: Math.round(retrieval.tookMs * 100) / 100,
    hits: retrieval.hits,
  },
});
