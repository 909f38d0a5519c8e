import type { Logger } from '../logging/logger.ts';
import type { JobProgress } from '../domain/types.ts';
import type { Claim, JobLedger } from './job-ledger.ts';

/** The row is not ours any more. */
export class ClaimLost extends Error {}

/** Heartbeats are this much more frequent than the lease needs, so that a cancellation is noticed soon. */
const HEARTBEATS_PER_LEASE = 10;

export interface HeartbeatOptions {
  readonly ledger: Pick<JobLedger, 'renew'>;
  readonly leaseMs: number;
}

export interface Heartbeat extends Disposable {
  /** The newest report is stored with the next beat. */
  readonly report: (progress: JobProgress) => void;
  /** Of the newest report; undefined before the first. */
  readonly stage: () => string | undefined;
}

/** Keeps the lease alive and stores progress; aborts the work when the row is no longer ours. */
export function startHeartbeat(
  options: HeartbeatOptions,
  claim: Claim,
  lost: AbortController,
  logger: Logger,
): Heartbeat {
  let progress: JobProgress | null = null;
  let stage: string | undefined;
  let expires = Date.now() + options.leaseMs;
  const beat = async (): Promise<void> => {
    const sent = progress;
    progress = null;
    const asked = Date.now();
    try {
      if (await options.ledger.renew(claim, options.leaseMs, sent)) expires = asked + options.leaseMs;
      else lost.abort(new ClaimLost('the job was cancelled or taken over'));
    } catch (error) {
      // A database that is away for a moment is no reason to stop; one that is away for a whole lease is.
      logger.warn({ err: error }, 'heartbeat failed');
      if (Date.now() > expires) lost.abort(new ClaimLost('the lease ran out'));
    }
  };
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    void beat().finally(() => {
      busy = false;
    });
  }, options.leaseMs / HEARTBEATS_PER_LEASE);
  return {
    report: (next) => {
      progress = next;
      ({ stage } = next);
    },
    stage: () => stage,
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
