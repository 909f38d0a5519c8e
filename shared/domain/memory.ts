import type { EmbeddingStatus } from './types.ts';

export const MEMORY_TYPES = ['note', 'fact', 'preference', 'event', 'insight', 'task', 'summary'] as const;
export type MemoryType = (typeof MEMORY_TYPES)[number];

/** Whose words a memory is made of. */
export const SOURCE_ROLES = ['user', 'assistant', 'agent', 'system', 'external'] as const;
export type SourceRole = (typeof SOURCE_ROLES)[number];

/** Where a memory came from; each of these is the owner's own. */
export interface Provenance {
  readonly conversationId: string | null;
  readonly messageId: string | null;
  readonly documentId: string | null;
  /** Place in the document: its page, and offsets into the extracted text in UTF-16 code units. */
  readonly page: number | null;
  readonly charStart: number | null;
  readonly charEnd: number | null;
  readonly parentMemoryId: string | null;
}

export interface Memory extends Provenance {
  readonly id: string;
  readonly userId: string;
  readonly assistantId: string;
  /** The one conversation in which it is used, and with which it goes; null for one that lasts. */
  readonly sessionId: string | null;
  readonly type: MemoryType;
  readonly sourceRole: SourceRole;
  readonly title: string;
  /** Whether the title was made from the text. */
  readonly titleMade: boolean;
  /** The text itself. */
  readonly event: string;
  readonly summary: string | null;
  /** 0..10 */
  readonly importance: number;
  /** Whether the importance was computed from the text. */
  readonly importanceMade: boolean;
  readonly emotion: string | null;
  readonly tags: readonly string[];
  /** 1..5 */
  readonly rating: number | null;
  readonly feedbackComment: string | null;
  readonly isBookmarked: boolean;
  /** Only active memories are searched, compared with new ones and taken into automatic chains. */
  readonly isActive: boolean;
  /** The memory that took its place. */
  readonly supersededById: string | null;
  readonly tokenCount: number;
  /** Of the vector of the model that searches use. */
  readonly embeddingStatus: EmbeddingStatus;
  readonly version: number;
  readonly state: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type ChainMode = 'manual' | 'automatic';

/** What an automatic chain takes in. */
export interface ChainFilters {
  /** Memories with any of these tags; without tags, all. */
  readonly filterTags: readonly string[];
  readonly excludeTypes: readonly MemoryType[];
}

export interface MemoryChain extends ChainFilters {
  readonly id: string;
  readonly userId: string;
  readonly assistantId: string;
  readonly title: string;
  readonly description: string | null;
  readonly mode: ChainMode;
  readonly entryCount: number;
  /** Counts the changes of the entries, their texts and their order. */
  readonly entriesRevision: number;
  readonly summary: string | null;
  readonly summaryProvider: string | null;
  readonly summaryModel: string | null;
  /** The revision of the entries that the summary was made of. */
  readonly summaryRevision: number | null;
  readonly summarisedAt: Date | null;
  readonly version: number;
  readonly state: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
