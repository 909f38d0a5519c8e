import type { Readers } from '#db/stores.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { showJobs } from './show-jobs.ts';
import type { ShownJob } from './job-view.ts';

export type JobListener = (job: ShownJob | undefined) => void;

/** Tells streams about the jobs they follow. */
export interface JobWatcher extends Disposable {
  /** Calls back with the job at once and then at every look; undefined once it is gone. Returns how to stop. */
  watch(id: string, listener: JobListener): () => void;
}

/**
 * Looks at all followed jobs together, so that a thousand open streams cost two statements a tick and none when nobody
 * follows. Reading PostgreSQL instead of listening to Redis keeps streams true while Redis is away.
 */
export function createJobWatcher(options: {
  readonly read: Pick<Readers, 'jobs' | 'jobProgress'>;
  readonly logger: Logger;
  readonly intervalMs: number;
}): JobWatcher {
  const listeners = new Map<string, Set<JobListener>>();
  let timer: NodeJS.Timeout | undefined;
  let looking = false;

  const look = async (): Promise<void> => {
    const ids = [...listeners.keys()];
    const jobs = await showJobs(options.read, await options.read.jobs.findMany(ids));
    const found = new Map(jobs.map((shown) => [shown.job.id, shown]));
    for (const id of ids) for (const listener of listeners.get(id) ?? []) listener(found.get(id));
  };
  const tick = (): void => {
    if (looking) return;
    looking = true;
    look()
      .catch((error: unknown) => options.logger.warn({ err: error }, 'followed jobs could not be read'))
      .finally(() => {
        looking = false;
      });
  };
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  return {
    watch: (id, listener) => {
      const set = listeners.get(id) ?? new Set();
      listeners.set(id, set.add(listener));
      timer ??= setInterval(tick, options.intervalMs);
      tick();
      return () => {
        set.delete(listener);
        if (set.size === 0) listeners.delete(id);
        if (listeners.size === 0) stop();
      };
    },
    [Symbol.dispose]: () => {
      for (const set of listeners.values()) for (const listener of set) listener(undefined);
      listeners.clear();
      stop();
    },
  };
}
