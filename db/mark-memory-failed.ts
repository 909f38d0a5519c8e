import type { Knex } from 'knex';
import type { Failure, Job } from '#shared/domain/types.ts';
import type { JobPayloads } from '#shared/queue/catalog.ts';

/**
 * Records that the memory of an embedding job that has ended badly has no vector of the model that searches use, and why; other
 * kinds of jobs have none. For another model nothing is recorded: what it lacks is made good by its build.
 */
export async function markMemoryFailed(trx: Knex.Transaction, job: Job, failure: Failure): Promise<void> {
  if (job.type !== 'memory.embed') return;
  const payload = job.payload as Partial<JobPayloads['memory.embed']>;
  if (payload.memory_id === undefined) return;
  await trx.raw(
    `insert into memory_embeddings (memory_id, model_id, user_id, assistant_id, status, error)
     select m.id, e.id, m.user_id, m.assistant_id, 'failed', ?::jsonb from memories m
     join embedding_models e on e.is_active and e.id = coalesce(?::int, e.id)
     where m.id = ? and m.user_id = ?
     on conflict (memory_id, model_id) do nothing`,
    [JSON.stringify(failure), payload.model_id ?? null, payload.memory_id, job.userId],
  );
}
