import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../logging/logger.ts';

/** A consumer of one queue, as the watchdog sees it. */
export interface Watched {
  readonly name: string;
  /** Jobs in hand. */
  busy(): number;
  /** Jobs begun so far. */
  begun(): number;
  /** Puts another consumer in its place. */
  replace(): void;
}

export interface WatchdogOptions {
  readonly watched: readonly Watched[];
  /** How many jobs a queue has for whoever asks: 0 while it is paused. Rejects when Redis does not answer. */
  readonly waiting: (queue: string) => Promise<number>;
  readonly intervalMs: number;
  readonly logger: Logger;
  readonly onReplaced?: (queue: string) => void;
}

/**
 * Replaces consumers that have stopped without saying so, as BullMQ's may after an outage of Redis: where, at two looks in
 * a row, jobs wait, none is in hand and none was begun in between, while Redis answers.
 */
export function startWatchdog(options: WatchdogOptions): AsyncDisposable {
  const stop = new AbortController();
  const suspects = new Map<string, number>();
  const look = async (watched: Watched): Promise<void> => {
    const begun = watched.begun();
    const waits = (await options.waiting(watched.name)) > 0;
    const stuck = waits && watched.busy() === 0 && watched.begun() === begun;
    if (stuck && suspects.get(watched.name) === begun) {
      options.logger.error({ queue: watched.name }, 'jobs wait and none is begun: the consumer is replaced');
      options.onReplaced?.(watched.name);
      watched.replace();
      suspects.delete(watched.name);
    } else if (stuck) suspects.set(watched.name, begun);
    else suspects.delete(watched.name);
  };
  const loop = (async () => {
    for (;;) {
      await sleep(options.intervalMs, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);
      if (stop.signal.aborted) return;
      // While Redis is away nothing can be said of anyone.
      for (const watched of options.watched) await look(watched).catch(() => suspects.delete(watched.name));
    }
  })();
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await loop;
    },
  };
}
