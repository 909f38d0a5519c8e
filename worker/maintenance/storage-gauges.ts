import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '#db/database.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';

export interface StorageGaugesOptions {
  readonly database: Pick<Database, 'serverLoad' | 'tableSizes'>;
  readonly metrics: Pick<
    Metrics,
    'databaseSize' | 'tableSize' | 'serverConnections' | 'serverConnectionsMax'
  >;
  readonly logger: Logger;
}

/** Sizes change slowly, and are read from the file system. */
const INTERVAL_MS = 60_000;

/** Starts the loop that measures what the database takes on disk, and how many connections its server has. */
export function startStorageGauges(options: StorageGaugesOptions): AsyncDisposable {
  const stop = new AbortController();
  const loop = (async () => {
    while (!stop.signal.aborted) {
      await measureStorage(options).catch((error: unknown) => {
        options.logger.warn({ err: error }, 'the database could not be measured');
      });
      await sleep(INTERVAL_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  })();
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await loop;
    },
  };
}

/** One look. Every worker tells the same: one that has died must not be the only one that knew. */
export async function measureStorage({
  database,
  metrics,
}: Pick<StorageGaugesOptions, 'database' | 'metrics'>): Promise<void> {
  const [load, tables] = await Promise.all([database.serverLoad(), database.tableSizes()]);
  metrics.databaseSize.set(load.bytes);
  metrics.serverConnections.set(load.connections);
  metrics.serverConnectionsMax.set(load.maxConnections);
  metrics.tableSize.reset();
  for (const { table, data, indexes } of tables) {
    metrics.tableSize.set({ table, part: 'data' }, data);
    metrics.tableSize.set({ table, part: 'indexes' }, indexes);
  }
}
