import type { Knex } from 'knex';
import type { Failure } from '#shared/domain/types.ts';

/**
 * Ends the ingestion of a document badly, with the reason. A document that had been taken in before is not lost by a
 * further attempt: its live revision goes on serving, what was made of the new one goes, and it is `partial`.
 */
export async function failDocument(
  trx: Knex.Transaction,
  documentId: string,
  failure: Failure,
): Promise<void> {
  for (const table of ['document_chunks', 'document_texts'])
    await trx(table)
      .where('document_id', documentId)
      .whereRaw('revision > (select live_revision from documents where id = ?)', [documentId])
      .delete();
  await trx.raw(
    `update documents d set error = ?::jsonb, state = state + 1, updated_at = now(),
       status = case when live_revision is null then 'failed' else 'partial' end,
       revision = coalesce(live_revision, revision),
       chunk_count = case when live_revision is null then chunk_count else
         (select count(*) from document_chunks c where c.document_id = d.id) end,
       embedded_count = case when live_revision is null then embedded_count else
         (select count(*) from document_chunks c where c.document_id = d.id and exists (
            select 1 from chunk_embeddings e join embedding_models m on m.id = e.model_id and m.is_active
            where e.chunk_id = c.id and e.status = 'embedded')) end
     where id = ?`,
    [JSON.stringify(failure), documentId],
  );
}
