import { v7 as uuidv7 } from 'uuid';
import type { Database } from '#db/database.ts';
import type { FindOwnCredential } from '#db/own-credential.ts';
import type { ChunkHit, SearchMode } from '#db/queries/search-chunks.ts';
import type { Config } from '#shared/config/config.ts';
import type { Assistant, EmbeddingModel } from '#shared/domain/types.ts';
import type { Embedder } from '#shared/embedding/embedder.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';

export interface SearchInput {
  readonly query: string;
  readonly limit: number;
  readonly groupBy: 'chunk' | 'document';
  readonly mode: SearchMode;
  /** Id or slug. */
  readonly assistantId?: string | undefined;
  readonly documentIds?: readonly string[] | undefined;
  /** Hits with a lower score are left out; by default none are. */
  readonly minScore?: number | undefined;
  /** The conversation for which it is asked; it is noted with the retrieval. */
  readonly conversationId?: string | undefined;
}

export interface SearchAnswer {
  readonly hits: readonly ChunkHit[];
  readonly tookMs: number;
  /** Null when no vectors were compared. */
  readonly embeddingModel: string | null;
  /** The embedder could not be had, so the answer is that of a text search. */
  readonly degraded: boolean;
}

export interface SearchService {
  /** @throws AppError assistant.not_found, document.not_found */
  search(userId: string, input: SearchInput, signal: AbortSignal): Promise<SearchAnswer>;
}

export interface SearchServiceOptions {
  readonly database: Pick<Database, 'read' | 'transaction'>;
  readonly embedder: Embedder;
  readonly findOwnCredential: FindOwnCredential;
  /** The embedder's model as the database knows it. */
  readonly model: EmbeddingModel;
  readonly config: Pick<Config, 'search'>;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

export function createSearchService(options: SearchServiceOptions): SearchService {
  const { database, model, config, metrics } = options;
  return {
    search: async (userId, input, signal) => {
      const started = performance.now();
      const assistant = await findScope(options, userId, input);
      const vector = input.mode === 'text' ? undefined : await embed(options, userId, input.query, signal);
      const degraded = input.mode !== 'text' && vector === undefined;
      const mode = degraded ? 'text' : input.mode;
      const hits = await database.read.search.chunks({
        ...input,
        userId,
        mode,
        assistantId: assistant?.id,
        vector: vector && { model, values: vector },
        vectorWeight: config.search.vectorWeight,
      });
      const tookMs = performance.now() - started;
      metrics.searchDuration.observe({ mode }, tookMs / 1000);
      const answer = { hits, tookMs, embeddingModel: vector === undefined ? null : model.name, degraded };
      await log(options, { userId, mode, assistant, conversationId: input.conversationId }, answer);
      return answer;
    },
  };
}

/** What the search is limited to must be the caller's own. */
async function findScope(
  { database }: SearchServiceOptions,
  userId: string,
  { assistantId, documentIds }: SearchInput,
): Promise<Assistant | undefined> {
  if (documentIds !== undefined) {
    const wanted = [...new Set(documentIds)];
    const found = await database.read.documents.findMany(userId, wanted);
    if (found.length < wanted.length) throw new AppError('document.not_found');
  }
  if (assistantId === undefined) return undefined;
  const assistant = await database.read.assistants.find(userId, assistantId);
  if (assistant === undefined) throw new AppError('assistant.not_found');
  return assistant;
}

/** The vector of the query, or undefined when the provider fails: a search by text alone is better than none. */
async function embed(
  { embedder, findOwnCredential, logger, metrics }: SearchServiceOptions,
  userId: string,
  query: string,
  signal: AbortSignal,
): Promise<Float32Array | undefined> {
  try {
    return await embedder.embedQuery(query, { signal, credential: await findOwnCredential(userId) });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    metrics.errors.inc({ code: error.code });
    logger.warn({ err: error }, 'a search goes on without its vector');
    return undefined;
  }
}

interface Asked {
  readonly userId: string;
  readonly mode: SearchMode;
  readonly assistant: Assistant | undefined;
  readonly conversationId: string | undefined;
}

/** Every search is kept: an assistant's trust is made of how often it found something. */
async function log(options: SearchServiceOptions, asked: Asked, answer: SearchAnswer): Promise<void> {
  const bestScore = answer.hits[0]?.score ?? null;
  const threshold = asked.assistant?.minScore ?? options.config.search.minScore;
  try {
    await options.database.transaction(async (tx) => {
      await tx.retrievals.insert({
        id: uuidv7(),
        userId: asked.userId,
        assistantId: asked.assistant?.id ?? null,
        conversationId: asked.conversationId ?? null,
        modelId: answer.embeddingModel === null ? null : options.model.id,
        mode: asked.mode,
        hitCount: answer.hits.length,
        bestScore,
        passed: bestScore !== null && bestScore >= threshold,
        tookMs: answer.tookMs,
      });
      if (asked.assistant !== undefined) tx.metrics.touch(asked.assistant.id);
    });
  } catch (error) {
    options.logger.warn({ err: error }, 'a search was answered but not logged');
  }
}
