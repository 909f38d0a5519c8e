import { setTimeout as sleep } from 'node:timers/promises';
import { DelayedError, Worker } from 'bullmq';
import type { Job as BullJob } from 'bullmq';
import type { Logger } from '../logging/logger.ts';
import type { QueueName } from './catalog.ts';
import { createClaimWatch } from './claim-watch.ts';
import { createQueueConnection } from './connection.ts';
import type { QueueConnection, QueueConnectionOptions } from './connection.ts';
import { openWorker } from './open-worker.ts';
import type { OpenWorker } from './open-worker.ts';
import { lookAt } from './run-job.ts';
import type { RunOptions } from './run-job.ts';
import { startWatchdog } from './watchdog.ts';

export type { JobContext, JobHandler, JobHandlers } from './job-handler.ts';

export interface ConsumerOptions extends QueueConnectionOptions, RunOptions {
  readonly logger: Logger;
  /** Jobs run at the same time by queue; queues that are left out are for other workers. */
  readonly concurrency: Readonly<Partial<Record<QueueName, number>>>;
  /** Time that jobs in hand get to finish on disposal before they are given back, in ms. */
  readonly shutdownTimeoutMs: number;
  /** Pause between two looks for consumers that have stopped without saying so, in ms; 10 s by default. */
  readonly watchdogMs?: number;
}

/** The running side of the queues; disposing finishes or gives back the jobs in hand. */
export interface JobConsumer extends AsyncDisposable {
  isRunning(): boolean;
}

/** What BullMQ may take to let go of a Redis that answers; one that is away would hold a stopping process for ever. */
const CLOSE_GRACE_MS = 2_000;

const WATCHDOG_MS = 10_000;

class Shutdown extends Error {}

/** The consumer of one queue, with what it has in hand. */
interface Line {
  readonly name: QueueName;
  readonly worker: OpenWorker;
  readonly inHand: Set<Promise<void>>;
  readonly begun: () => number;
}

/** Starts a BullMQ worker for each queue. One wrapper runs every kind of job. */
export function createJobConsumer(options: ConsumerOptions): JobConsumer {
  const shutdown = new AbortController();
  const watch = createClaimWatch(options);
  const connection = createQueueConnection({ ...options, name: 'consumer', failFast: false });
  const probe = createQueueConnection({ ...options, name: 'watchdog', failFast: true });
  const outage = logOncePerOutage(options.logger);
  const lines = (Object.keys(options.concurrency) as QueueName[]).map((name) =>
    openLine({ ...options, watch }, { name, connection, outage, shutdown: shutdown.signal }),
  );
  const watchdog = startWatchdog({
    watched: lines.map(({ name, worker, inHand, begun }) => ({
      name,
      busy: () => inHand.size,
      begun,
      replace: () => worker.replace(),
    })),
    waiting: (queue) => countWaiting(probe, `${options.prefix}:${queue}`),
    intervalMs: options.watchdogMs ?? WATCHDOG_MS,
    logger: options.logger,
    onReplaced: (queue) => options.metrics.consumersReplaced.inc({ queue }),
  });
  return {
    isRunning: () => lines.every(({ worker }) => worker.isRunning()),
    [Symbol.asyncDispose]: async () => {
      const deadline = setTimeout(
        () => shutdown.abort(new Shutdown('the worker is stopping')),
        options.shutdownTimeoutMs,
      );
      await watchdog[Symbol.asyncDispose]();
      const closed = Promise.allSettled(lines.map(({ worker }) => worker.close()));
      const finished = Promise.allSettled(lines.flatMap(({ inHand }) => [...inHand])).then(() =>
        sleep(CLOSE_GRACE_MS, undefined, { ref: false }),
      );
      await Promise.race([closed, finished]);
      clearTimeout(deadline);
      watch[Symbol.dispose]();
      probe[Symbol.dispose]();
      connection[Symbol.dispose]();
    },
  };
}

interface LineParts {
  readonly name: QueueName;
  readonly connection: QueueConnection;
  readonly outage: ReturnType<typeof logOncePerOutage>;
  readonly shutdown: AbortSignal;
}

function openLine(options: ConsumerOptions, { name, connection, outage, shutdown }: LineParts): Line {
  const inHand = new Set<Promise<void>>();
  let begun = 0;
  const run = (job: BullJob<{ id: string }>, token: string | undefined): Promise<void> => {
    begun += 1;
    const work: Promise<void> = processJob(options, shutdown, job, token).finally(() => inHand.delete(work));
    inHand.add(work);
    return work;
  };
  const make = (): Worker => {
    const worker = new Worker(name, run, {
      autorun: false,
      connection: connection.client,
      prefix: options.prefix,
      concurrency: options.concurrency[name] ?? 1,
      lockDuration: options.leaseMs,
      stalledInterval: options.leaseMs / 2,
      // Deaths of workers are counted on the row, where they survive Redis.
      maxStalledCount: 1_000_000,
    });
    worker.on('error', (error) => outage.failed(error, name));
    worker.on('active', () => outage.over());
    return worker;
  };
  return { name, worker: openWorker(make), inHand, begun: () => begun };
}

async function processJob(
  options: ConsumerOptions,
  shutdown: AbortSignal,
  bullJob: BullJob<{ id: string }>,
  token: string | undefined,
): Promise<void> {
  const again = await lookAt(options, shutdown, bullJob.data.id, bullJob.name);
  if (again === null) return;
  await bullJob.moveToDelayed(Math.max(again.getTime(), Date.now() + 50), token);
  throw new DelayedError();
}

/** Jobs that BullMQ would hand out now. @param key prefix and name of the queue */
async function countWaiting(connection: QueueConnection, key: string): Promise<number> {
  if (Number(await connection.run(['HEXISTS', `${key}:meta`, 'paused'])) === 1) return 0;
  const counts = await Promise.all([
    connection.run(['ZCARD', `${key}:prioritized`]),
    connection.run(['LLEN', `${key}:wait`]),
  ]);
  return counts.reduce<number>((sum, count) => sum + Number(count), 0);
}

/** BullMQ reports every attempt of an outage; people need the first. */
function logOncePerOutage(logger: Logger) {
  let down = false;
  return {
    failed: (error: Error, queue: QueueName): void => {
      if (!down) logger.warn({ err: error, queue }, 'the queue cannot be served');
      down = true;
    },
    over: (): void => {
      down = false;
    },
  };
}
