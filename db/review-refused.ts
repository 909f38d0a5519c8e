import type { Knex } from 'knex';
import { AppError } from '#shared/errors/app-error.ts';
import { toFailure } from '#shared/queue/retry.ts';

const REFUSED = 'document.chunks_refused';

/** Live documents of which a model refuses passages, or of which the one in use was said to. */
const CONCERNED = `
  select d.id from documents d where d.error ->> 'code' = '${REFUSED}' and d.deleted_at is null
  union
  select d.id from chunk_embeddings e join document_chunks c on c.id = e.chunk_id
  join documents d on d.id = c.document_id and d.live_revision = c.revision and d.deleted_at is null
  where e.model_id = :modelId and e.status = 'failed'`;

/** Locks what {@link reviewRefused} will change. Before the lock of the models: the order in which publishing locks. */
export async function lockRefused(trx: Knex.Transaction, modelId: number): Promise<void> {
  // eslint-disable-next-line no-restricted-syntax -- a constant of this file
  await trx.raw(`select id from documents where id in (${CONCERNED}) order by id for update`, { modelId });
}

/**
 * Makes documents say what a change of the model has made of them: those that were complete and of which the model refuses
 * passages are `partial`, with the reason; those that were so and have all their vectors again are complete.
 *
 * @param modelId the model that searches use from now on
 * @returns how many documents have changed
 */
export async function reviewRefused(trx: Knex.Transaction, modelId: number): Promise<number> {
  const failure = { ...toFailure(new AppError(REFUSED, { stage: 'embed' })), nextRetryAt: null };
  const { rows } = await trx.raw<{ rows: { id: string }[] }>(
    // eslint-disable-next-line no-restricted-syntax -- a constant of this file
    `with counted as (
       select d.id, d.live_revision, n.embedded, n.embedded = n.chunks as is_complete
       from documents d cross join lateral (
         select count(*) as chunks, count(e.chunk_id) as embedded
         from document_chunks c
         left join chunk_embeddings e on e.chunk_id = c.id and e.model_id = :modelId and e.status = 'embedded'
         where c.document_id = d.id and c.revision = d.live_revision) n
       where d.id in (${CONCERNED}) and (d.status = 'completed' or d.error ->> 'code' = :code)),
     revised as (
       update document_revisions r set embedded_count = counted.embedded
       from counted where r.document_id = counted.id and r.revision = counted.live_revision)
     update documents d set embedded_count = counted.embedded, state = d.state + 1, updated_at = now(),
       status = case when counted.is_complete then 'completed' else 'partial' end,
       error = case when counted.is_complete then null else :failure::jsonb end
     from counted where d.id = counted.id and (counted.is_complete = (d.error is not null) or d.embedded_count <> counted.embedded)
     returning d.id`,
    { modelId, code: REFUSED, failure: JSON.stringify(failure) },
  );
  return rows.length;
}
