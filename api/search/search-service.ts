import type { Database } from '#db/database.ts';
import type { ChunkHit, SearchMode } from '#db/queries/search-chunks.ts';
import type { Config } from '#shared/config/config.ts';
import type { Assistant } from '#shared/domain/types.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { logRetrieval } from './log-retrieval.ts';
import { searchWithVector } from './query-vector.ts';
import type { QueryVectorOptions } from './query-vector.ts';

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

export interface SearchServiceOptions extends QueryVectorOptions {
  readonly database: Pick<Database, 'read' | 'transaction'>;
  readonly config: Pick<Config, 'search'>;
}

export function createSearchService(options: SearchServiceOptions): SearchService {
  const { database, config, metrics } = options;
  return {
    search: async (userId, input, signal) => {
      const started = performance.now();
      const assistant = await findScope(options, userId, input);
      const asked = { ...input, userId };
      const {
        found: hits,
        mode,
        model,
      } = await searchWithVector(options, asked, signal, (by) =>
        database.read.search.chunks({
          ...asked,
          ...by,
          assistantId: assistant?.id,
          vectorWeight: config.search.vectorWeight,
          feedbackWeight: config.search.feedbackWeight,
        }),
      );
      const degraded = input.mode !== 'text' && model === undefined;
      const tookMs = performance.now() - started;
      metrics.searchDuration.observe({ mode }, tookMs / 1000);
      const answer = { hits, tookMs, embeddingModel: model?.name ?? null, degraded };
      await logRetrieval(options, {
        userId,
        mode,
        assistant,
        tookMs,
        modelId: model?.id ?? null,
        scores: hits.map((hit) => hit.score),
        chunkIds: hits.map((hit) => hit.chunkId),
      });
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
