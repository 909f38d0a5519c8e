import { setTimeout as sleep } from 'node:timers/promises';
import type { ProductProcess } from './product-process.ts';
import { waitFor } from './wait-for.ts';

/** A process that is started again whenever it ends, as service managers do. Disposing kills it for good. */
export interface SupervisedProcess<T extends ProductProcess> extends AsyncDisposable {
  /** Undefined while none is up. */
  readonly current: T | undefined;
  /** How often one came up. */
  readonly starts: number;
  /** Waits for one that is up. */
  up(): Promise<T>;
  /** Kills the one that is up, if any, and waits for its end. */
  kill(): Promise<void>;
}

/** Pause before a process that could not start, as while its database is away, is tried again. */
const AGAIN_MS = 300;
const UP_MS = 240_000;

export function supervise<T extends ProductProcess>(start: () => Promise<T>): SupervisedProcess<T> {
  const over = new AbortController();
  let current: T | undefined;
  let starts = 0;
  let fault: unknown;
  const isOver = (): boolean => over.signal.aborted;
  const loop = (async () => {
    while (!isOver()) {
      const started = await start().catch((error: unknown) => void (fault = error));
      if (started === undefined) {
        await sleep(AGAIN_MS, undefined, { signal: over.signal }).catch(() => undefined);
        continue;
      }
      starts += 1;
      current = started;
      // It may have been disposed of while this one started.
      if (isOver()) await started.stop('SIGKILL');
      await started.ended;
      current = undefined;
    }
  })();
  const kill = async (): Promise<void> => {
    await current?.stop('SIGKILL');
  };
  return {
    get current() {
      return current;
    },
    get starts() {
      return starts;
    },
    up: () =>
      waitFor(() => current, { description: 'a process to come up', timeoutMs: UP_MS }).catch(
        (error: unknown) => {
          throw new Error('no process comes up', { cause: fault ?? error });
        },
      ),
    kill,
    [Symbol.asyncDispose]: async () => {
      over.abort();
      await kill();
      await loop;
    },
  };
}
