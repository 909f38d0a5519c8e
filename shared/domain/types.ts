/** The entities as the product speaks of them; the stores map rows to these and nothing else does. */

export type Role = 'user' | 'admin';

export interface User {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly role: Role;
  readonly version: number;
  readonly state: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface Session {
  readonly id: string;
  readonly userId: string;
  readonly userAgent: string | null;
  /** Where it was begun, roughly: an IPv4 /24 or an IPv6 /48. */
  readonly network: string | null;
  readonly createdAt: Date;
  /** Time of the last refresh; null before the first. */
  readonly rotatedAt: Date | null;
  /** When its password was given last. */
  readonly reauthenticatedAt: Date;
  readonly idleExpiresAt: Date;
  /** However much it is used. */
  readonly expiresAt: Date;
}

/** A session as the family of refresh tokens that it is. */
export interface SessionFamily {
  readonly id: string;
  readonly userId: string;
  readonly salt: Uint8Array;
  /** Of the one token that is good; older ones are not. */
  readonly generation: number;
  readonly rotatedAt: Date | null;
  readonly expiresAt: Date;
}

export type MemoryMode = 'none' | 'session' | 'long_term';
export type ThinkingStyle = 'cot' | 'direct' | 'reflective';

export interface Assistant {
  readonly id: string;
  readonly userId: string;
  readonly slug: string;
  readonly name: string;
  readonly preferredModel: string | null;
  readonly memoryMode: MemoryMode;
  readonly thinkingStyle: ThinkingStyle;
  readonly minScore: number | null;
  readonly isActive: boolean;
  readonly isPrimary: boolean;
  /** Null at the root of a family. */
  readonly parentId: string | null;
  /** Levels below the root. */
  readonly depth: number;
  /** Why its parent made it; null for those that were not spawned. */
  readonly spawnReason: string | null;
  readonly systemPromptId: string | null;
  readonly version: number;
  readonly state: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type DocumentStatus = 'queued' | 'processing' | 'completed' | 'partial' | 'failed';
export type SourceType = 'pdf' | 'text';

/** Why a document or job ended badly, as it is stored and shown. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly stage: string | null;
  readonly retryable: boolean;
}

export interface Document {
  readonly id: string;
  readonly userId: string;
  readonly assistantId: string;
  readonly title: string;
  readonly sourceType: SourceType;
  readonly filename: string;
  readonly mimeType: string;
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly language: string;
  readonly status: DocumentStatus;
  readonly error: Failure | null;
  readonly pageCount: number | null;
  readonly pagesWithoutText: readonly number[];
  readonly pagesFailed: readonly number[];
  readonly chunkCount: number;
  readonly embeddedCount: number;
  readonly revision: number;
  /** The revision that search reads; null until the first one is complete. */
  readonly liveRevision: number | null;
  /** Null unless a file other than the live one is being taken in or could not be. */
  readonly newVersion: NewVersion | null;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly version: number;
  readonly state: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A file that is to take the place of the live one, or could not. */
export interface NewVersion {
  readonly revision: number;
  readonly filename: string;
  readonly mimeType: string;
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** The stages of an ingestion, in their order. */
export const STAGES = ['extract', 'chunk', 'embed', 'verify'] as const;
export type Stage = (typeof STAGES)[number];

/** What is known of one revision of a document: its counts, and when each stage began and ended last. */
export interface DocumentRevision extends Readonly<
  Record<`${Stage}StartedAt` | `${Stage}FinishedAt`, Date | null>
> {
  readonly revision: number;
  readonly pageCount: number | null;
  readonly pagesWithoutText: readonly number[];
  readonly pagesFailed: readonly number[];
  readonly chunkCount: number;
  readonly embeddedCount: number;
}

export type EmbeddingStatus = 'pending' | 'embedded' | 'skipped' | 'failed';

export interface DocumentChunk {
  readonly id: string;
  readonly documentId: string;
  readonly position: number;
  readonly text: string;
  readonly pageFrom: number | null;
  readonly pageTo: number | null;
  /** Offsets into the extracted text, in UTF-16 code units. */
  readonly charStart: number;
  readonly charEnd: number;
  readonly tokenCount: number;
  readonly embeddingStatus: EmbeddingStatus;
}

export interface EmbeddingModel {
  readonly id: number;
  readonly provider: string;
  readonly name: string;
  readonly dimensions: number;
  /** Where it is asked for; null for the address of the settings. */
  readonly baseUrl: string | null;
}

/**
 * `active`: searched. `building`: vectors are being made. `standby`: searched before, and kept complete for a way back.
 * `dropping`, `dropped`: its vectors are being removed, or gone.
 */
export type ModelState = 'registered' | 'building' | 'active' | 'standby' | 'dropping' | 'dropped';

export type JobStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'dead';
export type Priority = 'high' | 'medium' | 'low';

export interface JobProgress {
  readonly stage: string;
  readonly done: number;
  /** Null while the amount of work is not known yet. */
  readonly total: number | null;
}

export interface JobFailure extends Failure {
  /** RFC 3339; null when the job will not be tried again by itself. */
  readonly nextRetryAt: string | null;
}

/** One attempt at a job. */
export interface JobAttempt {
  /** A number that grows with time, as text. */
  readonly id: string;
  readonly jobId: string;
  /** Of the job. */
  readonly type: string;
  readonly attempt: number;
  /** The process that made it; for operators. */
  readonly worker: string | null;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly outcome: 'running' | 'succeeded' | 'retry' | 'failed' | 'dead' | 'cancelled' | 'released' | 'lost';
  readonly stage: string | null;
  readonly error: JobFailure | null;
}

export interface Job {
  readonly id: string;
  readonly userId: string;
  readonly parentId: string | null;
  readonly documentId: string | null;
  /** The assistant it is about, where it is about one and no document. */
  readonly assistantId: string | null;
  readonly type: string;
  /** Null for jobs that only group others. */
  readonly queue: string | null;
  readonly priority: Priority;
  /** Lower ones are served first; see `shared/queue/places.ts`. */
  readonly place: number;
  readonly status: JobStatus;
  readonly payload: unknown;
  readonly correlationId: string | null;
  /** The trace it is part of, as the two headers of W3C Trace Context. */
  readonly traceparent: string | null;
  readonly tracestate: string | null;
  readonly progress: JobProgress | null;
  readonly attempts: number;
  readonly failures: number;
  readonly lostWorkers: number;
  /** Grows with every claim; a write under an older fence is refused. */
  readonly fence: number;
  readonly error: JobFailure | null;
  readonly result: unknown;
  /** Where its end is told. */
  readonly webhookUrl: string | null;
  /** The job that tells its end; null before. */
  readonly webhookJobId: string | null;
  readonly runAt: Date;
  readonly leaseExpiresAt: Date | null;
  readonly state: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}
