import { setTimeout as sleep } from 'node:timers/promises';
import { DelayedError, Worker } from 'bullmq';
import type { Job as BullJob } from 'bullmq';
import { AppError, toAppError } from '../errors/app-error.ts';
import { withCorrelation } from '../logging/correlation.ts';
import type { Logger } from '../logging/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { JobProgress } from '../domain/types.ts';
import { jobCatalog } from './catalog.ts';
import type { JobPayloads, QueueName, RunnableJobType } from './catalog.ts';
import { createQueueConnection } from './connection.ts';
import type { QueueConnectionOptions } from './connection.ts';
import type { Claim, JobLedger } from './job-ledger.ts';
import { openWorker } from './open-worker.ts';
import { judge, toFailure } from './retry.ts';

/** What a handler is given beside its payload. */
export interface JobContext {
  readonly claim: Claim;
  /** Aborted on timeout, cancellation, shutdown and when the claim is lost. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** Cheap: the newest report is stored with the next heartbeat. */
  report(progress: JobProgress): void;
}

export type JobHandler<T extends RunnableJobType> = (
  payload: JobPayloads[T],
  context: JobContext,
) => Promise<void>;
/** One handler for each kind of job; a missing one does not compile. */
export type JobHandlers = { readonly [T in RunnableJobType]: JobHandler<T> };

export interface ConsumerOptions extends QueueConnectionOptions {
  readonly ledger: JobLedger;
  readonly handlers: JobHandlers;
  /** Kinds of jobs; tests have some with shorter times. */
  readonly catalog?: typeof jobCatalog;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly concurrency: Readonly<Record<QueueName, number>>;
  readonly leaseMs: number;
  /** Time that jobs in hand get to finish on disposal before they are given back, in ms. */
  readonly shutdownTimeoutMs: number;
}

/** The running side of the queues; disposing finishes or gives back the jobs in hand. */
export interface JobConsumer extends AsyncDisposable {
  isRunning(): boolean;
}

/** Pause before the table is asked again after it could not be reached. */
const LOOK_AGAIN_MS = 1_000;

/** What BullMQ may take to let go of a Redis that answers; one that is away would hold a stopping process for ever. */
const CLOSE_GRACE_MS = 2_000;

/** Pause between attempts to write down how a job ended while the database is away. */
const WRITE_AGAIN_MS = 500;

class Shutdown extends Error {}
class ClaimLost extends Error {}

/** Heartbeats are this much more frequent than the lease needs, so that a cancellation is noticed soon. */
const HEARTBEATS_PER_LEASE = 10;

/** Starts a BullMQ worker for each queue. One wrapper runs every kind of job. */
export function createJobConsumer(options: ConsumerOptions): JobConsumer {
  const shutdown = new AbortController();
  const connection = createQueueConnection({ ...options, name: 'consumer', failFast: false });
  const inHand = new Set<Promise<void>>();
  const outage = logOncePerOutage(options.logger);
  const run = (job: BullJob<{ id: string }>, token: string | undefined): Promise<void> => {
    const work: Promise<void> = processJob(options, shutdown.signal, job, token).finally(() =>
      inHand.delete(work),
    );
    inHand.add(work);
    return work;
  };
  const makeWorker = (name: QueueName): Worker => {
    const worker = new Worker(name, run, {
      autorun: false,
      connection: connection.client,
      prefix: options.prefix,
      concurrency: options.concurrency[name],
      lockDuration: options.leaseMs,
      stalledInterval: options.leaseMs / 2,
      // Deaths of workers are counted on the row, where they survive Redis.
      maxStalledCount: 1_000_000,
    });
    worker.on('error', (error) => outage.failed(error, name));
    worker.on('active', () => outage.over());
    return worker;
  };
  const names = Object.keys(options.concurrency) as QueueName[];
  const workers = names.map((name) => openWorker(() => makeWorker(name)));
  return {
    isRunning: () => workers.every((worker) => worker.isRunning()),
    [Symbol.asyncDispose]: async () => {
      const deadline = setTimeout(
        () => shutdown.abort(new Shutdown('the worker is stopping')),
        options.shutdownTimeoutMs,
      );
      const closed = Promise.allSettled(workers.map((worker) => worker.close()));
      const finished = Promise.allSettled(inHand).then(() =>
        sleep(CLOSE_GRACE_MS, undefined, { ref: false }),
      );
      await Promise.race([closed, finished]);
      clearTimeout(deadline);
      connection[Symbol.dispose]();
    },
  };
}

async function processJob(
  options: ConsumerOptions,
  shutdown: AbortSignal,
  bullJob: BullJob<{ id: string }>,
  token: string | undefined,
): Promise<void> {
  const again = await lookAt(options, shutdown, bullJob.data.id);
  if (again === null) return;
  await bullJob.moveToDelayed(Math.max(again.getTime(), Date.now() + 50), token);
  throw new DelayedError();
}

/** Looks at the row and runs it if it is due. Returns when it is to be looked at again, or null when never. */
async function lookAt(options: ConsumerOptions, shutdown: AbortSignal, id: string): Promise<Date | null> {
  try {
    const result = await options.ledger.claim(id, options.leaseMs);
    if (result.kind === 'none') return null;
    return result.kind === 'later' ? result.at : await runClaimed(options, shutdown, result.claim);
  } catch (error) {
    // The table cannot be reached, so nothing is known of the job: it must stay in the queue.
    options.logger.warn({ err: error, job_id: id }, 'job could not be looked at');
    return new Date(Date.now() + LOOK_AGAIN_MS);
  }
}

/** Runs one attempt. Returns when the job is to be looked at again, or null when it has ended. */
async function runClaimed(
  options: ConsumerOptions,
  shutdown: AbortSignal,
  claim: Claim,
): Promise<Date | null> {
  const type = claim.job.type as RunnableJobType;
  const { job } = claim;
  const logger = options.logger.child({ job_id: job.id, job_type: type, attempt: job.attempts });
  return withCorrelation(job.correlationId ?? job.id, async () => {
    const due = Math.max(job.runAt.getTime(), job.createdAt.getTime());
    options.metrics.jobWait.observe({ type, priority: job.priority }, Math.max(0, Date.now() - due) / 1000);
    const stopTimer = options.metrics.jobDuration.startTimer({ type });
    const again = await attempt(options, shutdown, claim, logger);
    stopTimer({ outcome: again.outcome });
    return again.at;
  });
}

interface AttemptEnd {
  readonly outcome: 'succeeded' | 'retry' | 'failed' | 'dead' | 'released' | 'lost';
  readonly at: Date | null;
}

async function attempt(
  options: ConsumerOptions,
  shutdown: AbortSignal,
  claim: Claim,
  logger: Logger,
): Promise<AttemptEnd> {
  const type = claim.job.type as RunnableJobType;
  const kind = (options.catalog ?? jobCatalog)[type];
  const lost = new AbortController();
  const timeout = AbortSignal.timeout(kind.timeoutMs);
  const signal = AbortSignal.any([shutdown, lost.signal, timeout]);
  using heartbeat = startHeartbeat(options, claim, lost, logger);
  try {
    const payload = parsePayload(type, claim.job.payload);
    const handler = options.handlers[type] as JobHandler<RunnableJobType>;
    await handler(payload, { claim, signal, logger, report: heartbeat.report });
    await options.ledger.complete(claim);
    logger.info('job succeeded');
    return { outcome: 'succeeded', at: null };
  } catch (error) {
    if (lost.signal.aborted || isLostClaim(error)) {
      logger.info('job was cancelled or taken over');
      return { outcome: 'lost', at: null };
    }
    if (shutdown.aborted) {
      await persist(options, () => options.ledger.release(claim));
      logger.info('job given back on shutdown');
      return { outcome: 'released', at: null };
    }
    return await recordFailure(
      options,
      claim,
      timeout.aborted ? new AppError('job.timeout', { cause: error }) : error,
      logger,
    );
  }
}

async function recordFailure(
  options: ConsumerOptions,
  claim: Claim,
  thrown: unknown,
  logger: Logger,
): Promise<AttemptEnd> {
  const error = toAppError(thrown);
  const kind = (options.catalog ?? jobCatalog)[claim.job.type as RunnableJobType];
  const verdict = judge(error, claim.job.failures + 1, kind);
  options.metrics.errors.inc({ code: error.code });
  const outcome = verdict.kind === 'retry' ? 'retry' : verdict.status;
  const level = error.reportable || outcome === 'dead' ? 'error' : 'warn';
  logger[level]({ err: error, code: error.code, outcome }, 'job attempt failed');
  await persist(options, () => options.ledger.fail(claim, toFailure(error), verdict));
  return { outcome, at: verdict.kind === 'retry' ? verdict.at : null };
}

/** Writes how an attempt ended; a database that is away for a moment must not look like a dead worker. */
async function persist(options: ConsumerOptions, write: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + options.leaseMs;
  for (;;) {
    try {
      await write();
      return;
    } catch (error) {
      // Anything else would be refused in the same way for the whole lease.
      if (!options.ledger.isAway(error) || Date.now() + WRITE_AGAIN_MS > deadline) throw error;
      options.logger.warn({ err: error }, 'the end of a job could not be written yet');
      await sleep(WRITE_AGAIN_MS);
    }
  }
}

function parsePayload(type: RunnableJobType, raw: unknown): JobPayloads[RunnableJobType] {
  const result = jobCatalog[type].payload.validate(raw);
  if (result.error) throw new AppError('job.payload_invalid', { cause: result.error });
  return result.value;
}

const isLostClaim = (error: unknown): boolean => error instanceof Error && error.name === 'LostClaimError';

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

/** Keeps the lease alive and stores progress; aborts the work when the row is no longer ours. */
function startHeartbeat(
  options: ConsumerOptions,
  claim: Claim,
  lost: AbortController,
  logger: Logger,
): Disposable & { report: (progress: JobProgress) => void } {
  let progress: JobProgress | null = null;
  let expires = Date.now() + options.leaseMs;
  const beat = async (): Promise<void> => {
    const sent = progress;
    progress = null;
    const asked = Date.now();
    try {
      if (await options.ledger.renew(claim, options.leaseMs, sent)) expires = asked + options.leaseMs;
      else lost.abort(new ClaimLost('the job was cancelled or taken over'));
    } catch (error) {
      // A database that is away for a moment is no reason to stop; one that is away for a whole lease is.
      logger.warn({ err: error }, 'heartbeat failed');
      if (Date.now() > expires) lost.abort(new ClaimLost('the lease ran out'));
    }
  };
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    void beat().finally(() => {
      busy = false;
    });
  }, options.leaseMs / HEARTBEATS_PER_LEASE);
  return {
    report: (next) => {
      progress = next;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
