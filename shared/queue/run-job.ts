import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, toAppError } from '../errors/app-error.ts';
import { withCorrelation } from '../logging/correlation.ts';
import type { Logger } from '../logging/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { findJobKind, jobCatalog } from './catalog.ts';
import type { JobPayloads, RunnableJobType } from './catalog.ts';
import type { ClaimWatch } from './claim-watch.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { JobHandler, JobHandlers } from './job-handler.ts';
import type { Claim, JobLedger } from './job-ledger.ts';
import { plainTracer } from '../tracing/span.ts';
import type { Tracer } from '../tracing/span.ts';
import { parseTrace } from '../tracing/trace-context.ts';
import { judge, toFailure } from './retry.ts';

export interface RunOptions {
  readonly ledger: JobLedger;
  readonly handlers: JobHandlers;
  /** Kinds of jobs; tests have some with shorter times. */
  readonly catalog?: typeof jobCatalog;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Records attempts; without one they only have ids. */
  readonly tracer?: Tracer;
  readonly leaseMs: number;
  /** Notices cancellations between two heartbeats. */
  readonly watch?: ClaimWatch;
  /** Name of this process in the history of jobs. */
  readonly worker?: string;
}

/** Pause before the table is asked again after it could not be reached. */
const LOOK_AGAIN_MS = 1_000;

/** Pause before a job of a kind that only a later version knows is looked at again: that version's workers may have it. */
const UNKNOWN_KIND_MS = 5_000;

/** Pause between attempts to write down how a job ended while the database is away. */
const WRITE_AGAIN_MS = 500;

/** What a handler may take to end once its signal was aborted; after that its place is free and it is left alone. */
const STOP_GRACE_MS = 400;

/**
 * Looks at the row of a job and runs it if it is due.
 *
 * @param name type of the job, as the queue has it
 * @returns when it is to be looked at again, or null when never
 */
export async function lookAt(
  options: RunOptions,
  shutdown: AbortSignal,
  id: string,
  name: string,
): Promise<Date | null> {
  if (findJobKind(name, options.catalog) === undefined) return new Date(Date.now() + UNKNOWN_KIND_MS);
  try {
    const result = await options.ledger.claim(id, options.leaseMs, options.worker);
    if (result.kind === 'none') return null;
    return result.kind === 'later' ? result.at : await runClaimed(options, shutdown, result.claim);
  } catch (error) {
    // The table cannot be reached, so nothing is known of the job: it must stay in the queue.
    options.logger.warn({ err: error, job_id: id }, 'job could not be looked at');
    return new Date(Date.now() + LOOK_AGAIN_MS);
  }
}

/** Runs one attempt. Returns when the job is to be looked at again, or null when it has ended. */
async function runClaimed(options: RunOptions, shutdown: AbortSignal, claim: Claim): Promise<Date | null> {
  const type = claim.job.type as RunnableJobType;
  const { job } = claim;
  const logger = options.logger.child({ job_id: job.id, job_type: type, attempt: job.attempts });
  const tracer = options.tracer ?? plainTracer();
  const span = tracer.begin(`job ${type}`, 'consumer', parseTrace(job.traceparent, job.tracestate), {
    'messaging.system': 'donkey',
    'messaging.destination.name': job.queue ?? type,
    'messaging.message.id': job.id,
    'donkey.job.type': type,
    'donkey.job.attempt': job.attempts,
  });
  const run = async (): Promise<Date | null> => {
    const due = Math.max(job.runAt.getTime(), job.createdAt.getTime());
    options.metrics.jobWait.observe({ type, priority: job.priority }, Math.max(0, Date.now() - due) / 1000);
    const stopTimer = options.metrics.jobDuration.startTimer({ type, priority: job.priority });
    const again = await attempt(options, shutdown, claim, logger).catch((error: unknown) => {
      span.end(toAppError(error).code);
      throw error;
    });
    stopTimer({ outcome: again.outcome });
    span.tell({ 'donkey.job.outcome': again.outcome });
    span.end(again.fault);
    return again.at;
  };
  return withCorrelation(job.correlationId ?? job.id, run, span);
}

interface AttemptEnd {
  readonly outcome: 'succeeded' | 'retry' | 'failed' | 'dead' | 'released' | 'lost';
  readonly at: Date | null;
  /** Code of what it failed with. */
  readonly fault?: string;
}

async function attempt(
  options: RunOptions,
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
  using _watched = options.watch?.add(claim, lost);
  try {
    const payload = parsePayload(options, claim);
    const handler = options.handlers[type] as JobHandler<RunnableJobType>;
    const { report } = heartbeat;
    await unlessAbandoned(handler(payload, { claim, signal, logger, report }), signal, logger);
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
      { logger, stage: heartbeat.stage() ?? kind.stage ?? null },
    );
  }
}

/** Waits for a handler, but not for one that does not heed its signal: whatever it writes later, the fence refuses. */
async function unlessAbandoned(work: Promise<void>, signal: AbortSignal, logger: Logger): Promise<void> {
  const settled = new AbortController();
  const abandoned = async (): Promise<void> => {
    const over = AbortSignal.any([settled.signal, signal]);
    if (!over.aborted)
      await new Promise((resolve) => over.addEventListener('abort', resolve, { once: true }));
    await sleep(STOP_GRACE_MS, undefined, { signal: settled.signal }).catch(() => undefined);
    if (settled.signal.aborted) return;
    logger.error('a job that was stopped does not end; it is left alone');
    work.catch((error: unknown) => logger.warn({ err: error }, 'a job that was left alone has ended'));
    signal.throwIfAborted();
  };
  try {
    await Promise.race([work, abandoned()]);
  } finally {
    settled.abort();
  }
}

async function recordFailure(
  options: RunOptions,
  claim: Claim,
  thrown: unknown,
  { logger, stage }: { readonly logger: Logger; readonly stage: string | null },
): Promise<AttemptEnd> {
  const error = toAppError(thrown);
  const type = claim.job.type as RunnableJobType;
  const verdict = judge(error, claim.job.failures + 1, (options.catalog ?? jobCatalog)[type]);
  options.metrics.errors.inc({ code: error.code });
  const outcome = verdict.kind === 'retry' ? 'retry' : verdict.status;
  const level = error.reportable || outcome === 'dead' ? 'error' : 'warn';
  logger[level]({ err: error, code: error.code, outcome }, 'job attempt failed');
  await persist(options, () => options.ledger.fail(claim, toFailure(error, stage), verdict));
  if (outcome === 'dead') options.metrics.jobsDead.inc({ type, code: error.code });
  if (outcome === 'retry') options.metrics.jobRetries.inc({ type, code: error.code });
  return { outcome, at: verdict.kind === 'retry' ? verdict.at : null, fault: error.code };
}

/** Writes how an attempt ended; a database that is away for a moment must not look like a dead worker. */
async function persist(options: RunOptions, write: () => Promise<void>): Promise<void> {
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

/** How long a job that cannot be read waits for a worker of another version, in ms, and the pause between two looks. */
const UPGRADE_MS = 3_600_000;
const LOOK_FOR_ANOTHER_S = 5;

/**
 * Takes payloads of the version before and of the one after: they are brought up to date, and what is new left out. One that
 * cannot be read may be of a later version, whose workers are about to come: it is put back, at no cost, for an hour.
 */
function parsePayload(options: Pick<RunOptions, 'catalog'>, { job }: Claim): JobPayloads[RunnableJobType] {
  const { payload, upgrade } = (options.catalog ?? jobCatalog)[job.type as RunnableJobType];
  const raw = upgrade === undefined ? job.payload : upgrade(job.payload);
  const result = payload.validate(raw, { stripUnknown: true });
  if (result.error) {
    const isFresh = Date.now() - job.createdAt.getTime() < UPGRADE_MS;
    throw isFresh
      ? new AppError('job.payload_unknown', { retryAfterSeconds: LOOK_FOR_ANOTHER_S, cause: result.error })
      : new AppError('job.payload_invalid', { cause: result.error });
  }
  return result.value;
}

const isLostClaim = (error: unknown): boolean => error instanceof Error && error.name === 'LostClaimError';
