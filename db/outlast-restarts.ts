import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';

/** What a pool hands out and takes back. */
interface Lender {
  acquireConnection(): Promise<unknown>;
  releaseConnection(connection: unknown): unknown;
}

/** Between two looks at a server that refuses connections. */
const LOOK_MS = 50;

/** Refused, reset, or told that the server stops, starts or recovers. */
const AWAY = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', '57P01', '57P02', '57P03']);

/**
 * Lets whoever asks for a connection wait while the server takes none, as in a restart that is over in a moment. Nothing has been
 * asked of it by then, so whatever is asked afterwards is asked once. One looks for all who wait.
 *
 * @param patienceMs longest wait of each, in ms; then it fails as it would have at once
 */
export function outlastRestarts(pool: Knex, patienceMs: number): void {
  if (patienceMs === 0) return;
  const lender = pool.client as Lender;
  const acquire = lender.acquireConnection.bind(lender);
  let looking: Promise<boolean> | undefined;
  const look = async (): Promise<boolean> => {
    await sleep(LOOK_MS);
    try {
      await lender.releaseConnection(await acquire());
      return true;
    } catch (error) {
      // Any other fault is for those who wait to meet themselves.
      return !isAway(error);
    }
  };
  lender.acquireConnection = async () => {
    const until = performance.now() + patienceMs;
    for (;;) {
      try {
        return await acquire();
      } catch (error) {
        if (!isAway(error)) throw error;
        let isBack = false;
        while (!isBack && performance.now() < until)
          isBack = await (looking ??= look().finally(() => (looking = undefined)));
        if (!isBack) throw error;
      }
    }
  };
}

const isAway = (error: unknown): boolean =>
  AWAY.has((error as { code?: string }).code ?? '') ||
  (error as Error).message === 'Connection terminated unexpectedly';
