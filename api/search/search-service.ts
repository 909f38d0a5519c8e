import { v7 as uuidv7 } from 'uuid';
import type { Database } from '#db/database.ts';
import type { FindOwnCredential } from '#db/own-credential.ts';
import type { ModelsInUse } from '#db/models-in-use.ts';
import { StaleModelError } from '#db/queries/search-chunks.ts';
import type { ChunkHit, ChunkSearch, SearchMode } from '#db/queries/search-chunks.ts';
import type { Config } from '#shared/config/config.ts';
import type { Assistant, EmbeddingModel } from '#shared/domain/types.ts';
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
  readonly models: ModelsInUse;
  readonly findOwnCredential: FindOwnCredential;
  readonly config: Pick<Config, 'search'>;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Times a search is begun again because the model was changed while it was under way. */
const MOST_CHANGES = 3;

export function createSearchService(options: SearchServiceOptions): SearchService {
  const { database, config, metrics } = options;
  return {
    search: async (userId, input, signal) => {
      const started = performance.now();
      const assistant = await findScope(options, userId, input);
      const ask = (vector: QueryVector | undefined, mode: SearchMode): Promise<ChunkHit[]> =>
        database.read.search.chunks({
          ...input,
          userId,
          mode,
          assistantId: assistant?.id,
          vector,
          vectorWeight: config.search.vectorWeight,
        });
      const { hits, mode, model } = await askWithModel(options, userId, input, signal, ask);
      const degraded = input.mode !== 'text' && model === undefined;
      const tookMs = performance.now() - started;
      metrics.searchDuration.observe({ mode }, tookMs / 1000);
      const answer = { hits, tookMs, embeddingModel: model?.name ?? null, degraded };
      await log(options, { userId, mode, assistant, model }, answer);
      return answer;
    },
  };
}

type QueryVector = NonNullable<ChunkSearch['vector']>;

interface Found {
  readonly hits: ChunkHit[];
  readonly mode: SearchMode;
  /** What made the vector; undefined when none was compared. */
  readonly model: EmbeddingModel | undefined;
}

/** Asks with the vector of the model in use, and again where the one it began with is being dropped. */
async function askWithModel(
  options: SearchServiceOptions,
  userId: string,
  input: SearchInput,
  signal: AbortSignal,
  ask: (vector: QueryVector | undefined, mode: SearchMode) => Promise<ChunkHit[]>,
): Promise<Found> {
  if (input.mode === 'text') return { hits: await ask(undefined, 'text'), mode: 'text', model: undefined };
  for (let changes = 0; ; changes++) {
    const vector = await embed(options, userId, input.query, signal, changes > 0);
    const mode = vector === undefined ? 'text' : input.mode;
    try {
      return { hits: await ask(vector, mode), mode, model: vector?.model };
    } catch (error) {
      if (!(error instanceof StaleModelError) || changes === MOST_CHANGES) throw error;
    }
  }
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
  { models, findOwnCredential, logger, metrics }: SearchServiceOptions,
  userId: string,
  query: string,
  signal: AbortSignal,
  anew: boolean,
): Promise<QueryVector | undefined> {
  try {
    const { model, embedder } = await (anew ? models.refreshed() : models.active());
    const credential = await findOwnCredential(userId, model);
    return { model, values: await embedder.embedQuery(query, { signal, credential }) };
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
  readonly model: EmbeddingModel | undefined;
}

/** Every search is kept: an assistant's trust is made of how often it found something. */
async function log(options: SearchServiceOptions, asked: Asked, answer: SearchAnswer): Promise<void> {
  const bestScore = answer.hits[0]?.score ?? null;
  const threshold = asked.assistant?.minScore ?? options.config.search.minScore;
  try {
    await options.database.transaction((tx) =>
      tx.retrievals.insert({
        id: uuidv7(),
        userId: asked.userId,
        assistantId: asked.assistant?.id ?? null,
        modelId: asked.model?.id ?? null,
        mode: asked.mode,
        hitCount: answer.hits.length,
        bestScore,
        passed: bestScore !== null && bestScore >= threshold,
        tookMs: answer.tookMs,
      }),
    );
  } catch (error) {
    options.logger.warn({ err: error }, 'a search was answered but not logged');
  }
}
