import type { Database } from '#db/database.ts';
import { queueNames } from '#shared/queue/catalog.ts';
import type { QueueName } from '#shared/queue/catalog.ts';
import type { QueueLoad } from '#shared/queue/job-ledger.ts';
import type { JobProducer } from '#shared/queue/producer.ts';

/** One queue with what it holds, as the table knows it. */
export interface QueueState {
  readonly name: QueueName;
  /** Null while Redis cannot be asked. */
  readonly paused: boolean | null;
  readonly loads: readonly QueueLoad[];
  readonly dead: number;
  /** Live workers that serve it. */
  readonly consumers: number;
}

export interface QueueService {
  /** All queues, in the order of the catalog. */
  list(): Promise<readonly QueueState[]>;
}

export function createQueueService(options: {
  readonly database: Pick<Database, 'read' | 'ledger'>;
  readonly producer: Pick<JobProducer, 'isPaused'>;
}): QueueService {
  const { ledger, read } = options.database;
  return {
    list: async () => {
      const [loads, dead, consumers] = await Promise.all([
        ledger.loads(),
        read.deadLetters.countByQueue(),
        ledger.consumers(),
      ]);
      return Promise.all(
        queueNames.map(async (name) => ({
          name,
          paused: await options.producer.isPaused(name).catch(() => null),
          loads: loads.filter(({ queue }) => queue === name),
          dead: dead.get(name) ?? 0,
          consumers: consumers.get(name) ?? 0,
        })),
      );
    },
  };
}
