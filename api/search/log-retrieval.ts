import { v7 as uuidv7 } from 'uuid';
import type { Database } from '#db/database.ts';
import type { SearchMode } from '#db/queries/search-chunks.ts';
import type { Config } from '#shared/config/config.ts';
import type { Assistant } from '#shared/domain/types.ts';
import type { Logger } from '#shared/logging/logger.ts';

export interface LogRetrievalOptions {
  readonly database: Pick<Database, 'transaction'>;
  readonly config: Pick<Config, 'search'>;
  readonly logger: Logger;
}

/** A search as it was answered. */
export interface Answered {
  readonly userId: string;
  readonly mode: SearchMode;
  readonly assistant: Pick<Assistant, 'id' | 'minScore'> | undefined;
  /** In which it was asked. */
  readonly conversationId?: string | undefined;
  /** Null when no vectors were compared. */
  readonly modelId: number | null;
  readonly tookMs: number;
  /** Best first. */
  readonly scores: readonly number[];
  readonly chunkIds?: readonly string[];
  readonly memoryIds?: readonly string[];
}

/**
 * Keeps a search: an assistant's trust is made of how often it found something, and what was found must not come back as
 * a new memory.
 */
export async function logRetrieval(options: LogRetrievalOptions, answered: Answered): Promise<void> {
  const { userId, assistant, scores, mode, modelId, tookMs } = answered;
  const bestScore = scores[0] ?? null;
  const threshold = assistant?.minScore ?? options.config.search.minScore;
  try {
    await options.database.transaction(async (tx) => {
      await tx.retrievals.insert({
        id: uuidv7(),
        userId,
        assistantId: assistant?.id ?? null,
        conversationId: answered.conversationId ?? null,
        modelId,
        mode,
        hitCount: scores.length,
        bestScore,
        passed: bestScore !== null && bestScore >= threshold,
        tookMs,
      });
      await tx.retrievalHits.note(userId, answered);
      if (assistant !== undefined) tx.metrics.touch(assistant.id);
    });
  } catch (error) {
    options.logger.warn({ err: error }, 'a search was answered but not logged');
  }
}
