import type { Database } from '#db/database.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';

/** Why a reply was ended before its time. */
export class ReplyStopped extends Error {
  override readonly name = 'ReplyStopped';
  readonly by: 'elsewhere' | 'shutdown';
  constructor(by: ReplyStopped['by']) {
    super(`the reply was stopped: ${by}`);
    this.by = by;
  }
}

/** The replies that this process is making. */
export interface LiveReplies extends Disposable {
  /**
   * Takes one of the user's places; give it back by disposing of it.
   *
   * @throws AppError request.busy when the user has as many as there may be, or the process is about to stop
   */
  takePlace(userId: string): Disposable;
  /** Watches the row of a reply until disposed of: when it has ended otherwise, or the process stops, `abort` is told. */
  watch(id: string, abort: AbortController): Disposable;
  /** Looks at the rows now, so that what was cancelled here ends at once. */
  look(): void;
}

export interface LiveRepliesOptions {
  readonly database: Pick<Database, 'transaction'>;
  readonly logger: Logger;
  readonly perUser: number;
  readonly intervalMs: number;
  /** Aborted when what is in hand has no more time. */
  readonly ending: AbortSignal;
}

/**
 * Looks at the rows of all replies together: that they are looked at says that their process lives, and a row that is no
 * longer pending was cancelled, or deleted, by whichever instance the client spoke to.
 */
export function createLiveReplies(options: LiveRepliesOptions): LiveReplies {
  const places = new Map<string, number>();
  const live = new Map<string, AbortController>();
  let timer: NodeJS.Timeout | undefined;
  let looking = false;

  const look = async (): Promise<void> => {
    const ids = [...live.keys()];
    const pending = new Set(await options.database.transaction((tx) => tx.messages.stillPending(ids)));
    for (const id of ids) if (!pending.has(id)) live.get(id)?.abort(new ReplyStopped('elsewhere'));
  };
  const tick = (): void => {
    if (looking || live.size === 0) return;
    looking = true;
    look()
      .catch((error: unknown) => options.logger.warn({ err: error }, 'replies could not be looked after'))
      .finally(() => {
        looking = false;
      });
  };
  const stopAll = (): void => {
    for (const abort of live.values()) abort.abort(new ReplyStopped('shutdown'));
  };
  options.ending.addEventListener('abort', stopAll);
  return {
    takePlace: (userId) => {
      const taken = places.get(userId) ?? 0;
      if (options.ending.aborted || taken >= options.perUser)
        throw new AppError('request.busy', { retryAfterSeconds: 5 });
      places.set(userId, taken + 1);
      return once(() => {
        const left = (places.get(userId) ?? 1) - 1;
        if (left === 0) places.delete(userId);
        else places.set(userId, left);
      });
    },
    watch: (id, abort) => {
      live.set(id, abort);
      timer ??= setInterval(tick, options.intervalMs);
      if (options.ending.aborted) abort.abort(new ReplyStopped('shutdown'));
      return once(() => {
        live.delete(id);
        if (live.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      });
    },
    look: tick,
    [Symbol.dispose]: () => {
      stopAll();
      clearInterval(timer);
    },
  };
}

/** Does it the first time it is disposed of. */
function once(work: () => void): Disposable {
  let done = false;
  return {
    [Symbol.dispose]: () => {
      if (done) return;
      done = true;
      work();
    },
  };
}
