import type { Logger } from '../logging/logger.ts';
import { ClaimLost } from './heartbeat.ts';
import type { Claim, JobLedger } from './job-ledger.ts';

/** Pause between two looks, in ms: what a cancelled job keeps its place for at most, and a little. */
const LOOK_MS = 250;

export interface ClaimWatchOptions {
  readonly ledger: Pick<JobLedger, 'lost'>;
  readonly logger: Logger;
}

export interface ClaimWatch extends Disposable {
  /** @param lost aborted when the claim is somebody else's, or nobody's, as after a cancellation */
  add(claim: Claim, lost: AbortController): Disposable;
}

/**
 * Notices cancellations sooner than heartbeats do, which are as rare as the lease allows: one look at the table for all
 * that a worker has in hand, and none while it has nothing.
 */
export function createClaimWatch({ ledger, logger }: ClaimWatchOptions): ClaimWatch {
  const watched = new Map<Claim, AbortController>();
  let busy = false;
  const look = async (): Promise<void> => {
    const ids = new Set(await ledger.lost([...watched.keys()]));
    for (const [claim, lost] of watched)
      if (ids.has(claim.job.id)) lost.abort(new ClaimLost('the job was cancelled or taken over'));
  };
  const timer = setInterval(() => {
    if (busy || watched.size === 0) return;
    busy = true;
    void look()
      // The heartbeat is the one that decides what an absent database means.
      .catch((error: unknown) => logger.debug({ err: error }, 'claims could not be looked at'))
      .finally(() => {
        busy = false;
      });
  }, LOOK_MS);
  return {
    add: (claim, lost) => {
      watched.set(claim, lost);
      return { [Symbol.dispose]: () => void watched.delete(claim) };
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
