import type { Knex } from 'knex';
import type { Job } from '#shared/domain/types.ts';
import type { JobPayloads } from '#shared/queue/catalog.ts';

/** Records that the chunks of an embedding job that has ended badly have no vector; other kinds of jobs have none. */
export async function markChunksFailed(trx: Knex.Transaction, job: Job): Promise<void> {
  if (job.type !== 'document.embed') return;
  const payload = job.payload as Partial<JobPayloads['document.embed']>;
  if (payload.model_id === undefined || payload.from === undefined || payload.to === undefined) return;
  await trx.raw(
    `insert into chunk_embeddings (chunk_id, model_id, user_id, assistant_id, document_id, status)
     select id, ?, user_id, assistant_id, document_id, 'failed' from document_chunks
     where document_id = ? and revision = ? and position >= ? and position < ?
     on conflict (chunk_id, model_id) do nothing`,
    [payload.model_id, job.documentId, payload.revision ?? 0, payload.from, payload.to],
  );
}
