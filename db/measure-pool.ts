import type { Knex } from 'knex';
import type { Metrics } from '#shared/metrics/metrics.ts';

/** What is used of the pool inside knex (tarn): its figures, and what it tells of requests for a connection. */
interface Pool {
  numUsed(): number;
  numFree(): number;
  numPendingAcquires(): number;
  on(event: 'acquireRequest' | 'acquireSuccess' | 'acquireFail', listener: (requestId: number) => void): void;
}

/** Counts the connections of a pool under its name, and times how long they are waited for. */
export function measurePool(
  connection: Knex,
  { name, size, metrics }: { readonly name: string; readonly size: number; readonly metrics: Metrics },
): void {
  const labels = { pool: name };
  const client = connection.client as { readonly pool?: Pool };
  metrics.poolSize.set(labels, size);
  // Counted from 0, so that the first one is seen as one more.
  metrics.poolTimeouts.inc(labels, 0);
  metrics.poolConnections.ask(() => {
    // There is none any more once it was closed.
    const { pool } = client;
    if (pool === undefined) return [];
    return [
      { labels: { ...labels, state: 'used' }, value: pool.numUsed() },
      { labels: { ...labels, state: 'free' }, value: pool.numFree() },
      { labels: { ...labels, state: 'pending' }, value: pool.numPendingAcquires() },
    ];
  });
  timeRequests(client.pool, (seconds, isGiven) => {
    metrics.poolWait.observe(labels, seconds);
    if (!isGiven) metrics.poolTimeouts.inc(labels);
  });
}

function timeRequests(pool: Pool | undefined, note: (seconds: number, isGiven: boolean) => void): void {
  const since = new Map<number, number>();
  const end = (isGiven: boolean) => (requestId: number) => {
    const start = since.get(requestId);
    if (start === undefined) return;
    since.delete(requestId);
    note((performance.now() - start) / 1000, isGiven);
  };
  pool?.on('acquireRequest', (requestId) => since.set(requestId, performance.now()));
  pool?.on('acquireSuccess', end(true));
  pool?.on('acquireFail', end(false));
}
