import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import type { Database, Transaction } from '#db/database.ts';
import type { ModelsInUse } from '#db/models-in-use.ts';
import { startIngest } from '#db/start-ingest.ts';
import type { CanaryRun } from '#db/stores/canary-store.ts';
import { deliveriesOf } from '#db/stores/job-store.ts';
import type { Config } from '#shared/config/config.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Document } from '#shared/domain/types.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import type { JobProducer } from '#shared/queue/producer.ts';
import { queueNames } from '#shared/queue/catalog.ts';

export interface CanaryOptions {
  readonly database: Database;
  readonly producer: Pick<JobProducer, 'deliver'>;
  readonly models: ModelsInUse;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly config: Pick<Config, 'canary' | 'search' | 'textSearchLanguage'>;
}

/** How often it is looked at, and what waits is counted. */
const LOOK_MS = 2_000;

/**
 * Starts the loop that sends a small document of the product's own through everything an upload goes through, and finds it
 * by search. Where all is well in the logs and nothing is done, this is what does not arrive. Any number of workers may
 * run it: one document at a time is under way in all of them together.
 */
export function startCanary(options: CanaryOptions): AsyncDisposable {
  const stop = new AbortController();
  const { intervalMs } = options.config.canary;
  const pause = intervalMs === 0 ? LOOK_MS : Math.min(intervalMs, LOOK_MS);
  const loop = (async () => {
    while (!stop.signal.aborted) {
      await look(options, stop.signal).catch((error: unknown) => {
        if (!stop.signal.aborted) options.logger.warn({ err: error }, 'the canary could not be looked at');
      });
      await sleep(pause, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  })();
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await loop;
    },
  };
}

async function look(options: CanaryOptions, signal: AbortSignal): Promise<void> {
  if (options.config.canary.intervalMs > 0) await canaryRound(options, signal);
  await measure(options);
}

/** Looks at the document that is under way, and sends the next one when its time has come. */
export async function canaryRound(options: CanaryOptions, signal: AbortSignal): Promise<void> {
  const { database, config } = options;
  await database.transaction(async (tx) => {
    const run = await tx.canary.lockOpen();
    if (run !== undefined) await judgeRun(options, tx, run, signal);
  });
  await database.transaction(async (tx) => {
    // Slightly less than the pause, so that a lone worker is not kept out by its own last round.
    if (!(await tx.maintenance.takeTurn('canary', config.canary.intervalMs * 0.9))) return;
    if (await tx.read.canary.isUnderWay()) return;
    const jobs = await send(tx, config.textSearchLanguage);
    tx.afterCommit(() => options.producer.deliver(deliveriesOf(jobs)));
  });
}

const wordOf = (run: Pick<CanaryRun, 'id'>): string => `canary${run.id.replaceAll('-', '')}`;

async function send(tx: Transaction, language: string) {
  const userId = await tx.systemUser.id();
  const run = { id: uuidv7(), documentId: uuidv7() };
  const content = Buffer.from(`The bird of this round is ${wordOf(run)}. It is to be found by its name.\n`);
  const document = await tx.documents.insert({
    id: run.documentId,
    userId,
    assistantId: await tx.systemUser.assistantId(),
    title: 'Canary',
    sourceType: 'text',
    filename: 'canary.txt',
    mimeType: 'text/plain',
    sha256: createHash('sha256').update(content).digest(),
    language,
    tags: [],
    content,
  });
  if (document === undefined) return [];
  await tx.canary.start(run);
  return startIngest(tx, document);
}

/** Ends a run that was found, failed or is overdue, and removes its document; whatever else is still under way. */
async function judgeRun(
  options: CanaryOptions,
  tx: Transaction,
  run: CanaryRun,
  signal: AbortSignal,
): Promise<void> {
  const userId = await tx.systemUser.id();
  const document = await tx.read.documents.find(userId, run.documentId ?? run.id);
  const error = await faultOf(options, tx, run, document, signal);
  if (error === undefined) return;
  const revision = document && (await tx.read.revisions.find(document.id, document.revision));
  const foundAt = error === null ? revision?.verifyFinishedAt : undefined;
  await tx.canary.finish(run.id, foundAt ?? new Date(), error);
  if (document !== undefined) {
    await tx.jobs.lockOfDocument(document.id);
    await tx.documents.lock(userId, document.id);
    await tx.documents.erase(document.id);
    await tx.canary.forget(document.id);
  }
  options.metrics.canaryRuns.inc({ outcome: error === null ? 'found' : 'failed' });
  if (error !== null) options.logger.error({ code: error }, 'the canary document did not become searchable');
}

/** Why a run has failed; null when its document was found, undefined while that is open. */
async function faultOf(
  options: CanaryOptions,
  tx: Transaction,
  run: CanaryRun,
  document: Document | undefined,
  signal: AbortSignal,
): Promise<string | null | undefined> {
  if (document === undefined) return 'document.not_found';
  if (document.status === 'failed' || document.status === 'partial')
    return document.error?.code ?? document.status;
  if (document.status === 'completed' && (await isFound(options, tx, run, document, signal))) return null;
  const age = Date.now() - run.startedAt.getTime();
  return age > options.config.canary.overdueMs ? 'canary.overdue' : undefined;
}

/** Asks as a user does: an embedder that cannot embed the question has not found it. */
async function isFound(
  { models, config, logger }: CanaryOptions,
  tx: Transaction,
  run: CanaryRun,
  document: Document,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const { model, embedder } = await models.active();
    const query = wordOf(run);
    const values = await embedder.embedQuery(query, { signal });
    const hits = await tx.read.search.chunks({
      userId: document.userId,
      mode: 'hybrid',
      query,
      vector: { model, values },
      vectorWeight: config.search.vectorWeight,
      feedbackWeight: config.search.feedbackWeight,
      limit: 1,
      groupBy: 'document',
    });
    return hits[0]?.documentId === document.id;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    logger.warn({ err: error }, 'the canary could not be searched for');
    return false;
  }
}

/** Every worker tells the same: one that has died must not be the only one that knew. */
async function measure({ database, metrics }: CanaryOptions): Promise<void> {
  const { lastFoundAt, lastDelaySeconds } = await database.read.canary.health();
  if (lastFoundAt !== null) metrics.canaryLastFound.set(lastFoundAt.getTime() / 1000);
  if (lastDelaySeconds !== null) metrics.canaryDelay.set(lastDelaySeconds);
  const { unfinishedIngests, oldestQueuedSeconds } = await database.read.canary.backlog();
  metrics.ingestsUnfinished.set(unfinishedIngests);
  for (const queue of queueNames)
    metrics.oldestQueued.set({ queue }, Math.max(0, oldestQueuedSeconds.get(queue) ?? 0));
}
