import type { Knex } from 'knex';
import type { Failure, Job } from '#shared/domain/types.ts';
import type { JobPayloads } from '#shared/queue/catalog.ts';

/**
 * Records that the chunks of an embedding job that has ended badly have no vector of the model that searches use, and why;
 * other kinds of jobs have none. For another model nothing is recorded: what it lacks is made good by its build, which
 * tries text by text, and says itself which are refused.
 */
export async function markChunksFailed(trx: Knex.Transaction, job: Job, failure: Failure): Promise<void> {
  if (job.type !== 'document.embed') return;
  const payload = job.payload as Partial<JobPayloads['document.embed']>;
  if (payload.model_id === undefined || payload.from === undefined || payload.to === undefined) return;
  await trx.raw(
    `insert into chunk_embeddings (chunk_id, model_id, user_id, assistant_id, document_id, status, error)
     select c.id, m.id, c.user_id, c.assistant_id, c.document_id, 'failed', ?::jsonb from document_chunks c
     join embedding_models m on m.id = ? and m.is_active
     where c.document_id = ? and c.revision = ? and c.position >= ? and c.position < ?
     on conflict (chunk_id, model_id) do nothing`,
    [
      JSON.stringify(failure),
      payload.model_id,
      job.documentId,
      payload.revision ?? 0,
      payload.from,
      payload.to,
    ],
  );
}
