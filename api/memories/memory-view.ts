import type { Versioned } from '#api/http/conditional-get.ts';
import type { Memory } from '#shared/domain/memory.ts';
import type { EmbeddingStatus } from '#shared/domain/types.ts';
import { errorEntry } from '#shared/errors/error-catalog.ts';
import type { BatchItem } from './memory-batch-service.ts';
import type { FoundMemory } from './memory-search-service.ts';
import type { Written } from './memory-service.ts';

/** A memory as clients see it. */
export const memoryView = (memory: Memory) => ({
  id: memory.id,
  assistant_id: memory.assistantId,
  conversation_id: memory.conversationId,
  message_id: memory.messageId,
  document_id: memory.documentId,
  page: memory.page,
  char_start: memory.charStart,
  char_end: memory.charEnd,
  session_id: memory.sessionId,
  parent_memory_id: memory.parentMemoryId,
  superseded_by_id: memory.supersededById,
  type: memory.type,
  source_role: memory.sourceRole,
  title: memory.title,
  event: memory.event,
  summary: memory.summary,
  importance: memory.importance,
  importance_computed: memory.importanceMade,
  emotion: memory.emotion,
  tags: memory.tags,
  rating: memory.rating,
  feedback_comment: memory.feedbackComment,
  is_bookmarked: memory.isBookmarked,
  is_active: memory.isActive,
  embedding_status: memory.embeddingStatus,
  version: memory.version,
  created_at: memory.createdAt.toISOString(),
  updated_at: memory.updatedAt.toISOString(),
});

const EMBEDDING_STATUSES: readonly EmbeddingStatus[] = ['pending', 'embedded', 'skipped', 'failed'];

/** A memory's version as its tag has it: the status of its vector changes without the row, as with the active model. */
export const shownVersion = ({
  version,
  state,
  embeddingStatus,
}: Versioned & Pick<Memory, 'embeddingStatus'>): Versioned => ({
  version,
  state: state * EMBEDDING_STATUSES.length + EMBEDDING_STATUSES.indexOf(embeddingStatus),
});

/** What became of a text that was to be remembered. */
export const writtenView = ({ outcome, similar, recallLoop }: Written) => ({
  outcome,
  duplicate: outcome === 'duplicate',
  similar: similar.map(({ id, similarity }) => ({ id, similarity: rounded(similarity) })),
  recall_loop: recallLoop && {
    chunk_id: recallLoop.chunkId,
    document_id: recallLoop.documentId,
    memory_id: recallLoop.memoryId,
  },
});

/** What became of one operation of a batch. */
export const batchItemView = ({ index, status, memory, written, error }: BatchItem) => ({
  index,
  status,
  data: memory && memoryView(memory),
  meta: written === undefined ? null : writtenView(written),
  error:
    error === undefined
      ? null
      : { code: error.code, message: error.detail, remedy: errorEntry(error.code).remedy },
});

/** A hit as clients see it; scores with six decimals. */
export const memoryHitView = ({ memory, score, vectorScore, textScore }: FoundMemory) => ({
  memory: memoryView(memory),
  score: rounded(score),
  vector_score: vectorScore === null ? null : rounded(vectorScore),
  text_score: rounded(textScore),
});

const rounded = (score: number): number => Math.round(score * 1e6) / 1e6;
