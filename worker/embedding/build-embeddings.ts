import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '#db/database.ts';
import type { ModelInUse, ModelsInUse } from '#db/models-in-use.ts';
import { buildJob } from '#db/plan-builds.ts';
import { deliveriesOf } from '#db/stores/job-store.ts';
import type { Config } from '#shared/config/config.ts';
import type { Failure } from '#shared/domain/types.ts';
import type { JobContext, JobHandler } from '#shared/queue/consumer.ts';
import type { JobProducer } from '#shared/queue/producer.ts';
import type { JobPayloads } from '#shared/queue/catalog.ts';
import { toFailure } from '#shared/queue/retry.ts';
import type { Turns } from '#worker/turns.ts';
import { embedAll } from './embed-all.ts';
import type { EmbeddedTexts } from './embed-all.ts';

export interface BuildEmbeddingsDeps {
  readonly database: Database;
  readonly producer: Pick<JobProducer, 'deliver'>;
  readonly models: ModelsInUse;
  /** For what keeps the database busy, the indexing of words and vectors: one at a time leaves room for searches. */
  readonly indexing: Turns;
  readonly config: Pick<Config, 'embedding'>;
}

/** A job's turn: after it, what people wait for has the slot. */
const TURN_MS = 5_000;

type Place = Pick<JobPayloads['embedding.build'], 'table' | 'after'>;

/**
 * `embedding.build`: makes vectors of a model for what has none yet, as fast as the settings allow. A turn ends after a
 * few seconds, and the next job goes on where it stopped; one that is broken off is repeated and does nothing twice.
 */
export function buildEmbeddings(deps: BuildEmbeddingsDeps): JobHandler<'embedding.build'> {
  return async (payload, context) => {
    const { claim, signal } = context;
    const model = await deps.database.read.embeddingModels.get(payload.model_id);
    // Dropped, or not to be built any more.
    if (model === undefined || !['active', 'building', 'standby'].includes(model.state)) return;
    const inUse = deps.models.withEmbedder(model);
    await deps.database.createVectorIndexes(model);
    const turnEnds = Date.now() + TURN_MS;
    let place: Place | null = { table: payload.table, after: payload.after };
    let done = 0;
    while (place !== null && Date.now() < turnEnds) {
      signal.throwIfAborted();
      const started = Date.now();
      const step: { count: number; next: Place | null } = await buildStep(deps, inUse, place, context);
      done += step.count;
      place = step.next;
      context.report({ stage: 'embed', done, total: null });
      await pace(deps.config.embedding.buildPerMinute, step.count, started, signal);
    }
    await deps.database.transaction(async (tx) => {
      await tx.jobs.assertClaimed(claim);
      const through = place === null && (await tx.read.vectorBuilds.isThrough(model.id));
      await tx.jobs.succeed(claim, { embedded: done });
      if (through) return;
      const jobs = await tx.jobs.insert([buildJob(claim.job.userId, model.id, place)]);
      tx.afterCommit(() => deps.producer.deliver(deliveriesOf(jobs)));
    });
  };
}

/** One batch. @returns how many texts it was, and where the next one begins */
async function buildStep(
  deps: BuildEmbeddingsDeps,
  { model, embedder }: ModelInUse,
  { table, after }: Place,
  { claim, signal }: JobContext,
): Promise<{ count: number; next: Place | null }> {
  const { vectorBuilds } = deps.database.read;
  const texts = await vectorBuilds.without(table, model.id, after, deps.config.embedding.batchSize);
  const last = texts.at(-1);
  if (last === undefined) {
    const following = vectorBuilds.tables[vectorBuilds.tables.indexOf(table) + 1];
    return { count: 0, next: following === undefined ? null : { table: following, after: null } };
  }
  const { vectors, refused } = await embedAll(texts, (batch) => embedder.embedDocuments(batch, { signal }));
  await deps.indexing.transaction(signal, async (tx) => {
    await tx.jobs.assertClaimed(claim);
    await tx.vectorBuilds.store(table, model, vectors);
    if (refused.size > 0) await tx.vectorBuilds.refuse(table, model.id, reasonsOf(refused));
  });
  return { count: texts.length, next: { table, after: last.id } };
}

const reasonsOf = (refused: EmbeddedTexts['refused']): Map<string, Failure> =>
  new Map([...refused].map(([id, error]) => [id, toFailure(error, 'embed')]));

/** Waits as long as so many texts are to take. */
async function pace(perMinute: number, count: number, started: number, signal: AbortSignal): Promise<void> {
  if (perMinute === 0 || count === 0) return;
  const pause = started + (count / perMinute) * 60_000 - Date.now();
  if (pause > 0) await sleep(pause, undefined, { signal });
}
