import type { Config } from '#shared/config/config.ts';
import type { Database } from './database.ts';

/**
 * Makes the look at the canary that readiness takes: something to be said when its documents do not arrive, as happens
 * when everything seems well and no worker does anything.
 */
export function createCanaryWarning(
  read: Database['read'],
  { intervalMs, overdueMs }: Config['canary'],
): () => Promise<string[]> {
  const begun = Date.now();
  return async () => {
    if (intervalMs === 0) return [];
    const { lastFoundAt, missingSince } = await read.canary.health();
    // Where none was even sent since, no worker is there to do it.
    const due = lastFoundAt === null ? begun : lastFoundAt.getTime() + intervalMs;
    if (Date.now() - (missingSince?.getTime() ?? due) <= overdueMs) return [];
    const seconds = Math.round(overdueMs / 1000);
    return [`no canary document has become searchable for more than ${seconds} s: uploads may be waiting`];
  };
}
