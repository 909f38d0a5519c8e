import type { Config } from '#shared/config/config.ts';
import type { QueueLoad } from '#shared/queue/job-ledger.ts';
import type { Database } from './database.ts';

/**
 * Makes the look at the queues that readiness takes: work that is due and that nobody does, as happens when no worker
 * serves a queue (`WORKER_QUEUES`) or none runs at all. The age is that of the canary, which would be overdue as well.
 */
export function createIdleQueuesWarning(
  ledger: Pick<Database['ledger'], 'loads'>,
  { overdueMs }: Config['canary'],
): () => Promise<string[]> {
  return async () => {
    const queues = Map.groupBy(await ledger.loads(), ({ queue }) => queue);
    return [...queues].flatMap(([queue, loads]) => describeIdle(queue, loads, overdueMs / 1000));
  };
}

function describeIdle(queue: string, loads: readonly QueueLoad[], overdueSeconds: number): string[] {
  const oldest = Math.max(...loads.map((load) => load.oldestSeconds));
  if (loads.some((load) => load.running > 0) || oldest <= overdueSeconds) return [];
  const waiting = loads.reduce((sum, load) => sum + load.waiting, 0);
  const age = `the oldest for ${Math.round(oldest)} s`;
  return [
    `${waiting} jobs of the queue ${queue} wait, ${age}, and none runs: a worker must serve it, see WORKER_QUEUES`,
  ];
}
