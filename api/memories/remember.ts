import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '#db/database.ts';
import type { MemoryPlace, MemoryText, NewMemory } from '#db/stores/memory-store.ts';
import type { RecentHit } from '#db/stores/retrieval-hit-store.ts';
import type { Config } from '#shared/config/config.ts';
import { fingerprint } from '#shared/domain/fingerprint.ts';
import type { Memory, MemoryType, Provenance, SourceRole } from '#shared/domain/memory.ts';
import { countTokens } from '#shared/domain/token-counter.ts';
import type { Job } from '#shared/domain/types.ts';
import { textFeatures } from '#shared/embedding/text-features.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { importanceOf } from '#shared/memories/importance.ts';
import { mergeTexts, titleFrom } from '#shared/memories/memory-text.ts';
import { nearKeys, textSimilarity } from '#shared/memories/near-text.ts';
import { quotes } from '#shared/memories/quotation.ts';
import { assertOwnSources } from './memory-policy.ts';

/** What is done with a text that nearly says what the assistant remembers already. */
export const DUPLICATE_RULES = ['report', 'skip', 'merge', 'supersede'] as const;
export type DuplicateRule = (typeof DUPLICATE_RULES)[number];

/** What is to be remembered; what is left out is made from the text or has a default. */
export interface MemoryInput extends Partial<Provenance> {
  readonly event: string;
  readonly type?: MemoryType;
  readonly sourceRole?: SourceRole;
  readonly title?: string | null;
  readonly summary?: string | null;
  readonly importance?: number | null;
  readonly emotion?: string | null;
  readonly tags?: readonly string[];
  readonly isBookmarked?: boolean;
  readonly onDuplicate?: DuplicateRule;
  /** Takes in also what a search has just returned. */
  readonly allowRecall?: boolean;
  /** It is used in its conversation only, and gone with it. */
  readonly isOfSession?: boolean;
}

export type Outcome = 'created' | 'duplicate' | 'recall_loop' | 'skipped' | 'merged' | 'superseded';

export interface Similar {
  readonly id: string;
  /** 0..1 */
  readonly similarity: number;
}

export interface Remembered {
  readonly outcome: Outcome;
  /** Id of the memory that now says it; null when nothing was taken in. */
  readonly memoryId: string | null;
  /** Whether a memory was stored. */
  readonly stored: boolean;
  /** Near-duplicates, the most similar first. */
  readonly similar: readonly Similar[];
  /** What a search returned of which the text is a repetition. */
  readonly recallLoop: RecentHit | null;
  /** To be delivered after the commit. */
  readonly jobs: readonly Job[];
}

export interface RememberOptions {
  readonly config: Pick<Config, 'memories' | 'textSearchLanguage'>;
}

/** Memories that share keys with a text are many; of these the likeliest are compared, and the nearest reported. */
const MOST_COMPARED = 20;
const MOST_REPORTED = 5;

/**
 * Takes something into the memory of an assistant, in the caller's transaction. The same text is never stored twice, what
 * a search has just returned is not taken in as new, and near-duplicates are found, whoever writes at the same time.
 *
 * @throws AppError assistant.not_found, and the not_found of whatever a source names that is not the user's
 */
export async function remember(
  tx: Transaction,
  options: RememberOptions,
  userId: string,
  assistantIdOrSlug: string,
  input: MemoryInput,
): Promise<Remembered> {
  // It may be deleted while this is going on.
  const assistant = await tx.assistants.hold(userId, assistantIdOrSlug);
  if (assistant === undefined) throw new AppError('assistant.not_found');
  await assertOwnSources(tx.read, userId, input);
  const text = textOf(input.event);
  await tx.memories.lockWrites(assistant.id);
  const nothing = { stored: false, similar: [], recallLoop: null, jobs: [] };
  const sessionId = input.isOfSession === true ? (input.conversationId ?? null) : null;
  const owner = { userId, assistantId: assistant.id, sessionId };
  const same = await tx.read.memories.findByFingerprint(owner, text.fingerprint);
  if (same !== undefined) return { ...nothing, outcome: 'duplicate', memoryId: same.id };
  const recallLoop = await findRecallLoop(tx, options, userId, input, text);
  if (recallLoop !== null) return { ...nothing, outcome: 'recall_loop', memoryId: null, recallLoop };
  const similar = await findSimilar(tx, options, owner, text);
  const nearest = similar[0];
  const rule = input.onDuplicate ?? 'report';
  if (nearest === undefined || rule === 'report')
    return { ...(await store(tx, options, newMemory(options, owner, input, text))), similar };
  if (rule === 'skip') return { ...nothing, similar, outcome: 'skipped', memoryId: nearest.id };
  return { ...(await replaceNearest(tx, options, owner, { input, text, nearest, rule })), similar };
}

/** A text with its fingerprint, its keys and its size. */
export const textOf = (event: string): MemoryText => ({
  event,
  fingerprint: fingerprint(event),
  nearKeys: nearKeys(event),
  tokenCount: countTokens(event),
});

/** The job that makes the vectors of a memory: in a conversation people wait for it. */
export const embedJob = (memory: Pick<Memory, 'id' | 'userId'>, priority: 'high' | 'medium') => ({
  type: 'memory.embed' as const,
  userId: memory.userId,
  payload: { memory_id: memory.id },
  priority,
});

async function findRecallLoop(
  tx: Transaction,
  { config }: RememberOptions,
  userId: string,
  { onDuplicate, allowRecall }: MemoryInput,
  text: MemoryText,
): Promise<RecentHit | null> {
  const minutes = config.memories.recallMinutes;
  if (allowRecall === true || minutes === 0) return null;
  const language = config.textSearchLanguage;
  const hits = await tx.read.retrievalHits.findAlike(userId, text.event, { minutes, language });
  // Whoever looks a memory up in order to put a newer one in its place does not go round in a circle.
  const isUpdate = onDuplicate === 'merge' || onDuplicate === 'supersede';
  const loop = hits.find(
    (hit) =>
      (hit.memoryId === null || !isUpdate) &&
      (fingerprint(hit.text) === text.fingerprint || quotes(text.event, hit.text)),
  );
  return loop ?? null;
}

async function findSimilar(
  tx: Transaction,
  { config }: RememberOptions,
  place: MemoryPlace,
  { event, nearKeys: keys }: MemoryText,
): Promise<Similar[]> {
  const candidates = await tx.read.memories.findNear(place, keys, MOST_COMPARED);
  if (candidates.length === 0) return [];
  const features = textFeatures(event);
  return candidates
    .map((one) => ({ id: one.id, similarity: textSimilarity(features, textFeatures(one.event)) }))
    .filter(({ similarity }) => similarity >= config.memories.similarity)
    .sort((a, b) => b.similarity - a.similarity || (a.id < b.id ? -1 : 1))
    .slice(0, MOST_REPORTED);
}

type Stored = Omit<Remembered, 'similar'>;

/**
 * Stores a memory, brings it into the automatic chains that take it, and makes the job for its vector.
 *
 * @param replaced the memory whose place it takes, also in chains
 */
async function store(
  tx: Transaction,
  options: RememberOptions,
  memory: NewMemory,
  replaced?: Memory,
): Promise<Stored> {
  const done = { recallLoop: null, jobs: [] };
  const { id, userId, assistantId } = memory;
  if (!(await tx.memories.insert(memory))) {
    // What was merged may say what a third memory says.
    const same = await tx.read.memories.findByFingerprint(memory, memory.fingerprint);
    return { ...done, outcome: 'duplicate', memoryId: same?.id ?? null, stored: false };
  }
  if (replaced !== undefined) {
    await tx.memories.supersede(replaced.id, id);
    await tx.chainEntries.replace(replaced.id, id);
    await tx.chainEntries.touch([id], 'changed');
  }
  await tx.chainEntries.settle(id);
  tx.metrics.touch(assistantId);
  const priority = memory.conversationId === null ? 'medium' : 'high';
  const jobs = await tx.jobs.insert([embedJob({ id, userId }, priority)]);
  return { ...done, outcome: 'created', memoryId: id, stored: true, jobs };
}

interface Replacement {
  readonly input: MemoryInput;
  readonly text: MemoryText;
  readonly nearest: Similar;
  readonly rule: 'merge' | 'supersede';
}

/** Stores a new version in the place of the nearest memory, which is kept out of force. */
async function replaceNearest(
  tx: Transaction,
  options: RememberOptions,
  owner: Pick<Memory, 'userId' | 'assistantId' | 'sessionId'>,
  { input, text, nearest, rule }: Replacement,
): Promise<Stored> {
  const old = await tx.read.memories.find(owner.userId, nearest.id);
  const { similarity } = options.config.memories;
  const merged =
    rule === 'merge' && old !== undefined ? mergeTexts(old.event, input.event, similarity) : null;
  const isMerge = rule === 'merge' && merged !== null;
  // Two texts that do not fit into one memory stay two.
  if (old === undefined || (rule === 'merge' && !isMerge))
    return store(tx, options, newMemory(options, owner, input, text));
  const next = isMerge ? textOf(merged) : text;
  if (next.fingerprint === fingerprint(old.event))
    return { outcome: 'merged', memoryId: old.id, stored: false, recallLoop: null, jobs: [] };
  const memory = newMemory(options, owner, inherited(old, input, isMerge), next);
  const stored = await store(tx, options, memory, old);
  return stored.stored ? { ...stored, outcome: isMerge ? 'merged' : 'superseded' } : stored;
}

/** What is to be remembered, with what people have said about an older version of it. */
type Carried = MemoryInput & Partial<Pick<Memory, 'rating' | 'feedbackComment'>>;

/** What a new version takes over from the old one where the client does not say otherwise. */
function inherited(old: Memory, input: MemoryInput, isMerge: boolean): Carried {
  const tags = isMerge ? [...new Set([...old.tags, ...(input.tags ?? [])])].slice(0, 50) : input.tags;
  return {
    ...input,
    type: input.type ?? old.type,
    sourceRole: input.sourceRole ?? old.sourceRole,
    title: input.title ?? (old.titleMade ? null : old.title),
    importance: input.importance ?? (old.importanceMade ? null : old.importance),
    emotion: input.emotion ?? old.emotion,
    tags: tags ?? old.tags,
    isBookmarked: input.isBookmarked ?? old.isBookmarked,
    parentMemoryId: input.parentMemoryId ?? old.id,
    rating: old.rating,
    feedbackComment: old.feedbackComment,
  };
}

/** What a memory is of which nothing else is said. */
const DEFAULTS = {
  type: 'note',
  sourceRole: 'user',
  summary: null,
  emotion: null,
  tags: [],
  isBookmarked: false,
  rating: null,
  feedbackComment: null,
  conversationId: null,
  messageId: null,
  documentId: null,
  page: null,
  charStart: null,
  charEnd: null,
  parentMemoryId: null,
} as const;

function newMemory(
  { config }: RememberOptions,
  owner: Pick<Memory, 'userId' | 'assistantId' | 'sessionId'>,
  { onDuplicate: _rule, allowRecall: _allowed, isOfSession: _isOfSession, ...input }: Carried,
  text: MemoryText,
): NewMemory {
  const given = { ...DEFAULTS, ...input };
  const { title = null, importance = null } = input;
  return {
    ...given,
    ...text,
    ...owner,
    id: uuidv7(),
    title: title ?? titleFrom(text.event),
    titleMade: title === null,
    importance: importance ?? importanceOf({ ...given, event: text.event }),
    importanceMade: importance === null,
    language: config.textSearchLanguage,
  };
}
