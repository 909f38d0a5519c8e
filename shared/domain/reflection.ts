import type { Failure } from './types.ts';

export const reflectionTypes = ['recent', 'memories', 'chain', 'document', 'self', 'feedback'] as const;
export type ReflectionType = (typeof reflectionTypes)[number];
/** Those that a job writes. */
export type WrittenType = Exclude<ReflectionType, 'feedback'>;
export type ReflectionStatus = 'pending' | 'completed' | 'failed' | 'cancelled';

export interface Reflection {
  readonly id: string;
  readonly userId: string;
  readonly assistantId: string;
  readonly type: ReflectionType;
  readonly category: string | null;
  readonly status: ReflectionStatus;
  readonly summary: string | null;
  readonly insights: readonly string[];
  /** What it drew on; of `memories`, while it is pending, what it was asked to draw on. */
  readonly memoryIds: readonly string[];
  readonly messageIds: readonly string[];
  readonly chunkIds: readonly string[];
  readonly reflectionIds: readonly string[];
  readonly documentId: string | null;
  readonly chainId: string | null;
  /** Of feedback alone. */
  readonly rating: number | null;
  readonly content: string | null;
  /** Who wrote it: `extractive` for sentences taken from the material, else a provider with its model. */
  readonly provider: string | null;
  readonly model: string | null;
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  readonly error: Failure | null;
  readonly jobId: string | null;
  readonly createdAt: Date;
  readonly completedAt: Date | null;
}

/** What a reflection is about. */
export interface ReflectionSubject {
  readonly assistantId: string;
  readonly type: WrittenType;
  readonly memoryIds: readonly string[];
  readonly documentId: string | null;
  readonly chainId: string | null;
}

/** Memories or messages that one reflection draws on at most. */
export const MOST_SOURCES = 100;
