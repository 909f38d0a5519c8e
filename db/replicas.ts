import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from './connect.ts';
import type { PoolOptions } from './connect.ts';
import { openReplica } from './replica.ts';
import type { Replica } from './replica.ts';
import { askPrimary, shared } from './replica-state.ts';
import type { StatementLimits } from './statement-limits.ts';

/** The servers that follow the primary. */
export interface Replicas extends AsyncDisposable {
  /**
   * One that has everything that was committed before this call, whoever did it in whichever process; undefined where none
   * has, and then the primary is to be asked.
   */
  current(): Promise<Replica | undefined>;
  /** What operators should know of those that are left out. */
  warnings(): string[];
}

/** Between two looks at those that are left out. */
const LOOK_MS = 500;

/** Opens what the settings name; undefined where they name none. */
export function openReplicas(options: PoolOptions, limits: StatementLimits): Replicas | undefined {
  const { config, metrics, logger } = options;
  if (config.replicaUrls.length === 0) return undefined;
  // What does not answer at once is left out; whoever then asks the primary has all of the patience that there is.
  const hasty = { ...options, config: { ...config, restartWaitMs: 0 } };
  const replicas = config.replicaUrls.map((url) => openReplica(url, hasty, limits));
  // A connection of its own, for which no read has to wait: one question at a time is asked on it.
  const primary = connect({ ...hasty, config: { ...hasty.config, poolMax: 1 } });
  const position = shared(() => askPrimary(primary));
  const stop = new AbortController();
  const watching = watch();
  let turn = 0;

  async function watch(): Promise<void> {
    while (!stop.signal.aborted) {
      const out = replicas.filter((replica) => !replica.isIn());
      if (out.length > 0)
        await position()
          .then((now) => Promise.all(out.map((replica) => replica.catchUp(now, config.replicaWaitMs))))
          .catch((error: unknown) => logger.debug({ err: error }, 'replicas were not looked at'));
      await sleep(LOOK_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  }

  return {
    current: async () => {
      const usable = replicas.filter((replica) => replica.isIn());
      const chosen = usable[turn++ % usable.length];
      if (chosen === undefined) return undefined;
      // A primary that cannot say where it stands says so better itself, when it is asked.
      const now = await position().catch(() => undefined);
      if (now === undefined) return undefined;
      if (await chosen.catchUp(now, config.replicaWaitMs)) return chosen;
      metrics.replicaFallbacks.inc({ replica: chosen.name, reason: 'late' });
      return undefined;
    },
    warnings: () =>
      replicas
        .filter((replica) => !replica.isIn())
        .map(({ name }) => `the replica ${name} is behind or away: it is not read from`),
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await watching;
      await Promise.all([primary.destroy(), ...replicas.map((replica) => replica[Symbol.asyncDispose]())]);
    },
  };
}
