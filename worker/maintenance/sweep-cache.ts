import type { Database } from '#db/database.ts';
import type { CacheKeys } from '#shared/cache/cache-keys.ts';

export interface SweepCacheOptions {
  readonly database: Pick<Database, 'transaction'>;
  readonly keys: Pick<CacheKeys, 'erase'>;
  /** Pause between two rounds of all workers together. */
  readonly intervalMs: number;
}

const SUBJECTS_PER_ROUND = 2_000;

/**
 * Takes what was changed or deleted out of the cache, where nobody would be served it any more but where its texts still
 * lie. Where Redis cannot be reached, nothing is counted as done, and the next round tries again.
 *
 * @returns how many subjects were erased; undefined when another worker has just had its turn
 */
export function sweepCache({ database, keys, intervalMs }: SweepCacheOptions): Promise<number | undefined> {
  return database.transaction(async (tx) => {
    if (!(await tx.maintenance.takeTurn('cache', intervalMs * 0.9))) return undefined;
    const { gone, changed } = await tx.cacheMarks.settle(SUBJECTS_PER_ROUND);
    await keys.erase(gone, changed);
    return gone.length + changed.length;
  });
}
