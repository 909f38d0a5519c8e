import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from './connect.ts';
import type { PoolOptions } from './connect.ts';
import { askStandby, shared } from './replica-state.ts';
import type { PrimaryState } from './replica-state.ts';
import type { StatementLimits } from './statement-limits.ts';
import { createReaders } from './stores.ts';
import type { Readers } from './stores.ts';

/** A server that follows the primary. */
export interface Replica extends AsyncDisposable {
  /** Host and port, as metrics and warnings name it. */
  readonly name: string;
  readonly readers: Readers;
  /** False while it is left out. */
  isIn(): boolean;
  /** Whether it has replayed the log up to there, or does so within the time; otherwise it is left out. */
  catchUp(primary: PrimaryState, waitMs: number): Promise<boolean>;
  /** Leaves it out, until it has caught up again. */
  leaveOut(reason: 'late' | 'failed', error?: unknown): void;
}

/** Between two looks at one that is nearly there. */
const LOOK_AGAIN_MS = 2;
/** How long its answer is waited for at least; one that hangs is no use. */
const ANSWER_MS = 250;

/** Opens a pool to it. It begins left out: nobody knows yet how far it is. */
export function openReplica(url: string, options: PoolOptions, limits: StatementLimits): Replica {
  const name = new URL(url).host;
  const { metrics, logger } = options;
  const connection = connect({ ...options, config: { ...options.config, url }, poolName: name });
  limits.hold(connection);
  const ask = shared((cluster: string) => askStandby(connection, cluster));
  let isIn = false;
  const set = (now: boolean): void => {
    metrics.replicaUp.set({ replica: name }, now ? 1 : 0);
    if (now !== isIn) logger.info({ replica: name }, now ? 'replica is read from' : 'replica is left out');
    isIn = now;
  };
  set(false);
  const leaveOut: Replica['leaveOut'] = (reason, error) => {
    if (isIn) logger.warn({ replica: name, reason, err: error }, 'replica does not answer for now');
    set(false);
  };
  // Asked each time: one that was started again, or made anew, may have less than it had.
  const reach = async ({ position, cluster }: PrimaryState, waitMs: number): Promise<boolean> => {
    const until = performance.now() + waitMs;
    for (;;) {
      const now = await inTime(ask(cluster), Math.max(ANSWER_MS, waitMs));
      const behind = position - now;
      metrics.replicaLagBytes.set({ replica: name }, behind > 0n ? Number(behind) : 0);
      if (behind <= 0n) return true;
      if (performance.now() >= until) return false;
      await sleep(LOOK_AGAIN_MS);
    }
  };
  return {
    name,
    readers: createReaders(connection),
    isIn: () => isIn,
    leaveOut,
    catchUp: async (primary, waitMs) => {
      try {
        if (await reach(primary, waitMs)) {
          set(true);
          return true;
        }
        leaveOut('late');
      } catch (error) {
        leaveOut('failed', error);
      }
      return false;
    },
    [Symbol.asyncDispose]: () => connection.destroy(),
  };
}

async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer in ${ms} ms`)), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
