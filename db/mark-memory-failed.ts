import type { Knex } from 'knex';
import type { Job } from '#shared/domain/types.ts';
import type { JobPayloads } from '#shared/queue/catalog.ts';

/** Records that the memory of an embedding job that has ended badly has no vector; other kinds of jobs have none. */
export async function markMemoryFailed(trx: Knex.Transaction, job: Job): Promise<void> {
  if (job.type !== 'memory.embed') return;
  const payload = job.payload as Partial<JobPayloads['memory.embed']>;
  if (payload.model_id === undefined || payload.memory_id === undefined) return;
  await trx.raw(
    `insert into memory_embeddings (memory_id, model_id, user_id, assistant_id, status)
     select id, ?, user_id, assistant_id, 'failed' from memories where id = ? and user_id = ?
     on conflict (memory_id, model_id) do nothing`,
    [payload.model_id, payload.memory_id, job.userId],
  );
}
