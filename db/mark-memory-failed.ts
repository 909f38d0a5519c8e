import type { Knex } from 'knex';
import type { Job } from '#shared/domain/types.ts';
import type { JobPayloads } from '#shared/queue/catalog.ts';

/**
 * Records that the memory of an embedding job that has ended badly has no vector: of the model that the job names, or of the
 * one that searches use. Other kinds of jobs have none.
 */
export async function markMemoryFailed(trx: Knex.Transaction, job: Job): Promise<void> {
  if (job.type !== 'memory.embed') return;
  const payload = job.payload as Partial<JobPayloads['memory.embed']>;
  if (payload.memory_id === undefined) return;
  await trx.raw(
    `insert into memory_embeddings (memory_id, model_id, user_id, assistant_id, status)
     select m.id, e.id, m.user_id, m.assistant_id, 'failed' from memories m
     join embedding_models e on e.id = ?::int or (?::int is null and e.is_active)
     where m.id = ? and m.user_id = ?
     on conflict (memory_id, model_id) do nothing`,
    [payload.model_id ?? null, payload.model_id ?? null, payload.memory_id, job.userId],
  );
}
