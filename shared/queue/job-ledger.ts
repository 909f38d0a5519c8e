import type { Failure, Job, JobProgress, Priority } from '../domain/types.ts';
import type { JobType } from './catalog.ts';
import type { Verdict } from './retry.ts';

/** A job that is to be handed to its queue. */
export interface Delivery {
  readonly id: string;
  readonly type: JobType;
  readonly priority: Priority;
  /** Lower ones are served first. */
  readonly place: number;
  readonly runAt: Date;
  /** Claims so far: what the queue still knows of an earlier one must not keep the job out. */
  readonly fence: number;
}

/** A job that belongs to the caller until its lease runs out; writes are guarded by the fence. */
export interface Claim {
  readonly job: Job;
  readonly fence: number;
}

export type ClaimResult =
  | { readonly kind: 'claimed'; readonly claim: Claim }
  /** Not due yet, or another worker holds it: look again then. */
  | { readonly kind: 'later'; readonly at: Date }
  /** Ended, deleted or declared dead: nothing is to be done. */
  | { readonly kind: 'none' };

/** Jobs of one priority in one queue. */
export interface QueueLoad {
  readonly queue: string;
  readonly priority: Priority;
  /** Due, and waiting for a worker. */
  readonly waiting: number;
  /** Due later, as after a failed attempt. */
  readonly delayed: number;
  readonly running: number;
  /** Of those waiting, for how long the oldest has been due, in seconds; 0 when none waits. */
  readonly oldestSeconds: number;
}

export interface DeadLetterCount {
  readonly type: string;
  readonly code: string;
  readonly count: number;
}

/**
 * What the queue needs of the jobs table, which is outbox, status and result in one. PostgreSQL is the truth: what Redis
 * says is only a hint that a row may be worth looking at.
 */
export interface JobLedger {
  /**
   * Takes a job by compare-and-set: one caller wins, the fence grows, the lease starts.
   *
   * @param worker name of the caller, for the history of the job
   */
  claim(id: string, leaseMs: number, worker?: string): Promise<ClaimResult>;
  /** Prolongs the lease and stores the progress; false when the job is no longer the caller's. */
  renew(claim: Claim, leaseMs: number, progress: JobProgress | null): Promise<boolean>;
  /** Ids of the jobs that are cancelled, put back or another's now; not of those that have ended well under their claim. */
  lost(claims: readonly Claim[]): Promise<string[]>;
  /** Ends a job that its handler has not ended itself; nothing happens when it has. */
  complete(claim: Claim): Promise<void>;
  /** Records a failed attempt and what follows from it; one that only has to wait counts neither as attempt nor as failure. */
  fail(claim: Claim, failure: Failure, verdict: Verdict): Promise<void>;
  /** Gives a job back unharmed, as on shutdown: the attempt does not count as a failure. */
  release(claim: Claim): Promise<void>;
  markEnqueued(jobs: readonly Pick<Delivery, 'id' | 'fence'>[]): Promise<void>;
  /** Queued jobs that never reached the queue, or seem to have been forgotten by it, oldest first. */
  undelivered(limit: number, forgottenAfterMs: number): Promise<Delivery[]>;
  /** Makes every queued job undelivered, for a queue that has lost its memory. Returns how many. */
  forgetDeliveries(): Promise<number>;
  /** Puts jobs of silent workers back in line, or ends those that too many workers died on. Returns how many. */
  reclaimExpired(limit: number): Promise<number>;
  /** Moves jobs ahead that have waited too long behind higher classes, and returns them. */
  promoteStarving(): Promise<Delivery[]>;
  /** Makes the jobs that tell webhooks of jobs that have ended, each end once. Returns them. */
  announceEnds(limit: number): Promise<Delivery[]>;
  /** What waits and runs in each queue, by priority; queues without work are left out. */
  loads(): Promise<QueueLoad[]>;
  /** Dead jobs that nobody has looked after yet, by type and code. */
  deadLetters(): Promise<DeadLetterCount[]>;
  /** Says that a worker lives and which queues it serves; to be repeated, see `startAttendance`. */
  reportWorker(name: string, queues: readonly string[]): Promise<void>;
  /** Says that a worker takes no more jobs. */
  forgetWorker(name: string): Promise<void>;
  /** Live workers by queue; 0 for those that nobody serves. */
  consumers(): Promise<ReadonlyMap<string, number>>;
  /** Queues in which work is due that no live worker serves. */
  unservedQueues(): Promise<string[]>;
  /** Whether an error of the calls above says that the table cannot be reached now, so that trying again makes sense. */
  isAway(error: unknown): boolean;
}
