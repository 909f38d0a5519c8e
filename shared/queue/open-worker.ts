import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'bullmq';

/** A BullMQ worker that comes up however often Redis fails it meanwhile. */
export interface OpenWorker {
  isRunning(): boolean;
  /** Puts another worker in its place; what it has in hand it may finish. */
  replace(): void;
  /** Takes no more jobs and waits for those in hand. */
  close(): Promise<void>;
}

const AGAIN_MS = 500;

/**
 * Starts a worker in the background, and makes another one where that one could not be set up. BullMQ 6.7 asks the server
 * for its version once; a connection that breaks before the answer leaves a worker that fails for good and, once it runs,
 * tries again without a pause, so that the process is too busy for anything else.
 *
 * @param make makes a worker that does not run by itself (`autorun: false`)
 */
export function openWorker(make: () => Worker): OpenWorker {
  const stop = new AbortController();
  const stopped = (): boolean => stop.signal.aborted;
  let worker = make();
  const start = async (): Promise<void> => {
    while (!stopped()) {
      const current = worker;
      const ready = await current.waitUntilReady().then(
        () => true,
        () => false,
      );
      if (stopped() || worker !== current) return;
      if (ready) return current.run();
      await current.close(true).catch(() => undefined);
      await sleep(AGAIN_MS, undefined, { signal: stop.signal }).catch(() => undefined);
      if (!stopped() && worker === current) worker = make();
    }
  };
  // What goes wrong while it runs is told by its 'error' event.
  const begin = (): void => void start().catch(() => undefined);
  begin();
  const closing = new Set<Promise<void>>();
  return {
    isRunning: () => worker.isRunning(),
    replace: () => {
      const old = worker
        .close()
        .catch(() => undefined)
        .finally(() => closing.delete(old));
      closing.add(old);
      worker = make();
      begin();
    },
    close: async () => {
      stop.abort();
      await Promise.all([worker.close(), ...closing]);
    },
  };
}
