import type { Knex } from 'knex';
import type { Failure } from '#shared/domain/types.ts';

/**
 * Ends the ingestion of a document badly, with the reason. A document that had been taken in before is not lost by a
 * further attempt: its live revision goes on serving, and it is `partial`. What was made of the new one stays, out of
 * search, for a retry to go on from.
 */
export async function failDocument(
  trx: Knex.Transaction,
  documentId: string,
  failure: Failure,
): Promise<void> {
  await trx.raw(
    `update documents set error = ?::jsonb, state = state + 1, updated_at = now(),
       status = case when live_revision is null then 'failed' else 'partial' end
     where id = ?`,
    [JSON.stringify(failure), documentId],
  );
}
