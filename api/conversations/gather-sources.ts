import { logRetrieval } from '#api/search/log-retrieval.ts';
import { searchWithVector } from '#api/search/query-vector.ts';
import type { AskedBy, QueryVectorOptions } from '#api/search/query-vector.ts';
import type { Database } from '#db/database.ts';
import type { Persona } from '#db/queries/persona.ts';
import type { Config } from '#shared/config/config.ts';
import type { MessageSource } from '#shared/domain/conversation.ts';

export interface GatherSourcesDeps extends QueryVectorOptions {
  readonly database: Pick<Database, 'read' | 'transaction'>;
  readonly config: Pick<Config, 'conversations' | 'search' | 'textSearchLanguage'>;
}

export interface Asked {
  readonly userId: string;
  readonly persona: Persona;
  readonly conversationId: string;
  readonly content: string;
  /** Messages that are in the prompt anyway. */
  readonly knownMessageIds: readonly string[];
}

/** What was looked for and found, for whoever wants to know. */
export interface RetrievalReport {
  readonly mode: 'hybrid' | 'text';
  readonly degraded: boolean;
  readonly threshold: number;
  readonly tookMs: number;
  readonly hits: readonly {
    readonly kind: MessageSource['kind'];
    readonly id: string;
    readonly title: string;
    readonly score: number;
    /** Whether it reached the threshold. */
    readonly passed: boolean;
  }[];
}

export interface Gathered {
  /** Best first, numbered from 1. */
  readonly sources: readonly MessageSource[];
  readonly retrieval: RetrievalReport;
}

/** Longest query that is searched for. */
const LONGEST_QUERY = 2_000;

/** Memories looked at beyond those that are wanted: some say what stands in the prompt anyway. */
const MORE_MEMORIES = 20;

/**
 * Passages of the assistant's documents, and its memories, that reach its threshold. The question is embedded once, and the
 * search is logged as one: what counts is whether anything was found.
 */
export async function gatherSources(
  deps: GatherSourcesDeps,
  asked: Asked,
  signal: AbortSignal,
): Promise<Gathered> {
  const started = performance.now();
  const { userId, persona, conversationId } = asked;
  const threshold = persona.minScore ?? deps.config.search.minScore;
  const query = asked.content.replace(/\s+/gu, ' ').slice(0, LONGEST_QUERY).toWellFormed();
  const { vectorWeight } = deps.config.search;
  const searched = await searchWithVector(deps, { userId, query, mode: 'hybrid' }, signal, async (by) => {
    const scope = { ...by, userId, assistantId: persona.id, query, vectorWeight };
    return (await Promise.all([findPassages(deps, scope), recall(deps, asked, scope)])).flat();
  });
  const { model } = searched;
  const mode = model === undefined ? 'text' : 'hybrid';
  const found = searched.found.sort((a, b) => b.score - a.score);
  const tookMs = performance.now() - started;
  deps.metrics.searchDuration.observe({ mode }, tookMs / 1000);
  await logRetrieval(deps, {
    userId,
    mode,
    assistant: persona,
    conversationId,
    modelId: model?.id ?? null,
    tookMs,
    scores: found.map(({ score }) => score),
    chunkIds: found.flatMap(({ chunkId }) => chunkId ?? []),
    memoryIds: found.flatMap(({ memoryId }) => memoryId ?? []),
  });
  return {
    sources: found
      .filter(({ score }) => score >= threshold)
      .map((source, index) => ({ n: index + 1, ...source })),
    retrieval: {
      mode,
      degraded: model === undefined,
      threshold,
      tookMs,
      hits: found.map((source) => ({
        kind: source.kind,
        id: source.chunkId ?? source.memoryId ?? '',
        title: source.title,
        score: source.score,
        passed: source.score >= threshold,
      })),
    },
  };
}

type Found = Omit<MessageSource, 'n'>;

interface Scope extends AskedBy {
  readonly userId: string;
  readonly assistantId: string;
  readonly query: string;
  readonly vectorWeight: number;
}

async function findPassages({ database, config }: GatherSourcesDeps, scope: Scope): Promise<Found[]> {
  const limit = config.conversations.passages;
  if (limit === 0) return [];
  const hits = await database.read.search.chunks({
    ...scope,
    feedbackWeight: config.search.feedbackWeight,
    limit,
    groupBy: 'chunk',
  });
  return hits.map((hit) => ({
    kind: 'document',
    documentId: hit.documentId,
    chunkId: hit.chunkId,
    memoryId: null,
    title: hit.documentTitle,
    pageFrom: hit.pageFrom,
    pageTo: hit.pageTo,
    charStart: hit.charStart,
    charEnd: hit.charEnd,
    score: rounded(hit.score),
    quote: hit.text,
  }));
}

async function recall(
  { database, config }: GatherSourcesDeps,
  { conversationId, knownMessageIds }: Asked,
  scope: Scope,
): Promise<Found[]> {
  const wanted = config.conversations.memories;
  if (wanted === 0) return [];
  const hits = await database.read.memorySearch.memories({
    ...scope,
    sessionId: conversationId,
    language: config.textSearchLanguage,
    limit: wanted + MORE_MEMORIES,
  });
  const ids = hits.map(({ memoryId }) => memoryId);
  const memories = await database.read.memories.findMany(scope.userId, ids);
  const known = new Set<string | null>(knownMessageIds);
  const byId = new Map(memories.map((memory) => [memory.id, memory]));
  return hits
    .flatMap(({ memoryId, score }): Found[] => {
      const memory = byId.get(memoryId);
      if (memory === undefined || (memory.messageId !== null && known.has(memory.messageId))) return [];
      const { title, event } = memory;
      return [{ ...NO_PLACE, kind: 'memory', memoryId, title, score: rounded(score), quote: event }];
    })
    .slice(0, wanted);
}

const NO_PLACE = {
  documentId: null,
  chunkId: null,
  pageFrom: null,
  pageTo: null,
  charStart: null,
  charEnd: null,
} as const;

const rounded = (score: number): number => Math.round(score * 1e6) / 1e6;
