import type { JobPayloads } from '#shared/queue/catalog.ts';
import type { Job } from '#shared/domain/types.ts';
import type { NewJob } from './stores/job-store.ts';
import type { Transaction } from './database.ts';
import { embeddedTables } from './embedded-tables.ts';

type Place = Pick<JobPayloads['embedding.build'], 'table' | 'after'>;

/** The job that goes on with the build of a model, or begins it; one a model at a time. */
export function buildJob(userId: string, modelId: number, place: Place | null): NewJob<'embedding.build'> {
  const from = place ?? { table: embeddedTables[0]?.table ?? '', after: null };
  return {
    type: 'embedding.build',
    userId,
    payload: { model_id: modelId, ...from },
    dedupeKey: `embedding.build:${modelId}`,
  };
}

/** For how long a build whose job has ended badly is left alone, in ms. */
const REST_MS = 900_000;

/**
 * Makes a job for every model beside the active one that is to be complete and is not, unless one is under way or has
 * failed a moment ago. What comes in is embedded for all of these models by itself; this finds what could not be.
 */
export async function planBuilds(tx: Transaction): Promise<Job[]> {
  const active = await tx.read.embeddingModels.active();
  const others = (await tx.read.embeddingModels.wanted()).filter(({ id }) => id !== active?.id);
  if (others.length > 0) await tx.embeddingModels.lock();
  const jobs: Job[] = [];
  for (const { id } of others) {
    if (await tx.read.jobs.isBusyWith('embedding.build', id, REST_MS)) continue;
    if (await tx.read.vectorBuilds.isThrough(id)) continue;
    jobs.push(...(await tx.jobs.insert([buildJob(await tx.systemUser.id(), id, null)])));
  }
  return jobs;
}
