import type { SearchAnswer, SearchService } from '#api/search/search-service.ts';
import type { Database } from '#db/database.ts';
import type { Persona } from '#db/queries/persona.ts';
import type { Config } from '#shared/config/config.ts';
import type { MessageSource } from '#shared/domain/conversation.ts';
import { hashedVector } from '#shared/embedding/builtin-embedder.ts';

export interface GatherSourcesDeps {
  readonly database: Pick<Database, 'read'>;
  readonly search: SearchService;
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

/** Memories looked at for each that is wanted. */
const MEMORY_POOL = 5;

/** Passages of the assistant's documents and its memories that reach its threshold; every search is logged. */
export async function gatherSources(
  deps: GatherSourcesDeps,
  asked: Asked,
  signal: AbortSignal,
): Promise<Gathered> {
  const started = performance.now();
  const threshold = asked.persona.minScore ?? deps.config.search.minScore;
  const query = asked.content.replace(/\s+/gu, ' ').slice(0, LONGEST_QUERY).toWellFormed();
  const [answer, memories] = await Promise.all([
    searchDocuments(deps, asked, query, signal),
    recall(deps, asked, query),
  ]);
  const found = [...passagesOf(answer), ...memories].sort((a, b) => b.score - a.score);
  const passed = found.filter(({ score }) => score >= threshold);
  return {
    sources: passed.map((source, index) => ({ n: index + 1, ...source })),
    retrieval: {
      mode: answer?.embeddingModel === null ? 'text' : 'hybrid',
      degraded: answer?.degraded ?? false,
      threshold,
      tookMs: performance.now() - started,
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

async function searchDocuments(
  { search, config }: GatherSourcesDeps,
  { userId, persona, conversationId }: Asked,
  query: string,
  signal: AbortSignal,
): Promise<SearchAnswer | undefined> {
  if (config.conversations.passages === 0) return undefined;
  const input = {
    query,
    limit: config.conversations.passages,
    groupBy: 'chunk',
    mode: 'hybrid',
    assistantId: persona.id,
    conversationId,
  } as const;
  return search.search(userId, input, signal);
}

const passagesOf = (answer: SearchAnswer | undefined): Found[] =>
  (answer?.hits ?? []).map((hit) => ({
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

async function recall(
  { database, config }: GatherSourcesDeps,
  asked: Asked,
  query: string,
): Promise<Found[]> {
  const wanted = config.conversations.memories;
  if (wanted === 0) return [];
  const memories = await database.read.recall.memories({
    userId: asked.userId,
    assistantId: asked.persona.id,
    conversationId: asked.conversationId,
    exceptMessageIds: asked.knownMessageIds,
    language: config.textSearchLanguage,
    query,
    limit: wanted * MEMORY_POOL,
  });
  const vector = hashedVector(query, DIMENSIONS);
  return memories
    .map(({ id, title, event }): Found => ({
      kind: 'memory',
      documentId: null,
      chunkId: null,
      memoryId: id,
      title,
      pageFrom: null,
      pageTo: null,
      charStart: null,
      charEnd: null,
      score: rounded(similarity(vector, hashedVector(event, DIMENSIONS))),
      quote: event,
    }))
    .sort((a, b) => b.score - a.score)
    .slice(0, wanted);
}

const DIMENSIONS = 768;

/** Cosine of vectors of unit length, 0 below zero. */
const similarity = (a: Float32Array, b: Float32Array): number =>
  Math.min(
    1,
    Math.max(
      0,
      a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0),
    ),
  );

const rounded = (score: number): number => Math.round(score * 1e6) / 1e6;
