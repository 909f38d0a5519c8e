import type { Logger } from '../logging/logger.ts';
import type { JobProgress } from '../domain/types.ts';
import type { JobPayloads, RunnableJobType } from './catalog.ts';
import type { Claim } from './job-ledger.ts';

/** What a handler is given beside its payload. */
export interface JobContext {
  readonly claim: Claim;
  /** Aborted on timeout, cancellation, shutdown and when the claim is lost. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** Cheap: the newest report is stored with the next heartbeat. */
  report(progress: JobProgress): void;
}

export type JobHandler<T extends RunnableJobType> = (
  payload: JobPayloads[T],
  context: JobContext,
) => Promise<void>;
/** One handler for each kind of job; a missing one does not compile. */
export type JobHandlers = { readonly [T in RunnableJobType]: JobHandler<T> };
