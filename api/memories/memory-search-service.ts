import { logRetrieval } from '#api/search/log-retrieval.ts';
import { searchWithVector } from '#api/search/query-vector.ts';
import type { QueryVectorOptions } from '#api/search/query-vector.ts';
import type { Database } from '#db/database.ts';
import type { MemoryHit } from '#db/queries/search-memories.ts';
import type { SearchMode } from '#db/queries/search-chunks.ts';
import type { Config } from '#shared/config/config.ts';
import type { Memory, MemoryType } from '#shared/domain/memory.ts';
import type { Assistant } from '#shared/domain/types.ts';
import { AppError } from '#shared/errors/app-error.ts';

export interface MemorySearchInput {
  readonly query: string;
  readonly limit: number;
  readonly mode: SearchMode;
  /** Id or slug. */
  readonly assistantId?: string | undefined;
  readonly types?: readonly MemoryType[] | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Hits with a lower score are left out; by default none are. */
  readonly minScore?: number | undefined;
}

/** A memory with what it scored. */
export type FoundMemory = Omit<MemoryHit, 'memoryId'> & { readonly memory: Memory };

export interface MemorySearchAnswer {
  readonly hits: readonly FoundMemory[];
  readonly tookMs: number;
  /** Null when no vectors were compared. */
  readonly embeddingModel: string | null;
  /** The embedder could not be had, so the answer is that of a text search. */
  readonly degraded: boolean;
}

export interface MemorySearchService {
  /** @throws AppError assistant.not_found */
  search(userId: string, input: MemorySearchInput, signal: AbortSignal): Promise<MemorySearchAnswer>;
}

export interface MemorySearchServiceOptions extends QueryVectorOptions {
  readonly database: Pick<Database, 'read' | 'transaction'>;
  readonly config: Pick<Config, 'search' | 'textSearchLanguage'>;
}

export function createMemorySearchService(options: MemorySearchServiceOptions): MemorySearchService {
  const { database, config, metrics } = options;
  return {
    search: async (userId, input, signal) => {
      const started = performance.now();
      const assistant = await findAssistant(database, userId, input.assistantId);
      const asked = { ...input, userId };
      const { found, mode, model } = await searchWithVector(options, asked, signal, (by) =>
        database.read.memorySearch.memories({
          ...asked,
          ...by,
          assistantId: assistant?.id,
          vectorWeight: config.search.vectorWeight,
          language: config.textSearchLanguage,
        }),
      );
      const hits = await withMemories(database, userId, found);
      const tookMs = performance.now() - started;
      metrics.searchDuration.observe({ mode }, tookMs / 1000);
      const modelId = model?.id ?? null;
      const scores = hits.map((hit) => hit.score);
      const memoryIds = hits.map((hit) => hit.memory.id);
      await logRetrieval(options, { userId, mode, assistant, modelId, tookMs, scores, memoryIds });
      const degraded = input.mode !== 'text' && model === undefined;
      return { hits, tookMs, embeddingModel: model?.name ?? null, degraded };
    },
  };
}

async function findAssistant(
  { read }: Pick<Database, 'read'>,
  userId: string,
  idOrSlug: string | undefined,
): Promise<Assistant | undefined> {
  if (idOrSlug === undefined) return undefined;
  const assistant = await read.assistants.find(userId, idOrSlug);
  if (assistant === undefined) throw new AppError('assistant.not_found');
  return assistant;
}

/** The memories of the hits, all in one query; one that has gone meanwhile is left out. */
async function withMemories(
  { read }: Pick<Database, 'read'>,
  userId: string,
  hits: readonly MemoryHit[],
): Promise<FoundMemory[]> {
  const ids = hits.map((hit) => hit.memoryId);
  const memories = await read.memories.findMany(userId, ids);
  const byId = new Map(memories.map((memory) => [memory.id, memory]));
  return hits.flatMap(({ memoryId, ...scores }) => {
    const memory = byId.get(memoryId);
    return memory === undefined ? [] : [{ ...scores, memory }];
  });
}
