import type { Knex } from 'knex';
import type { Failure } from '#shared/domain/types.ts';

/**
 * Ends the reflection of a job that has ended without writing it, in the transaction that ends the job; other kinds of
 * jobs have none.
 *
 * @param failure why; null when it was cancelled
 * @returns the assistant whose metrics are to be measured again, or null
 */
export async function endReflection(
  trx: Knex.Transaction,
  job: { readonly id: string; readonly type: string },
  failure: Failure | null,
): Promise<string | null> {
  if (job.type !== 'reflection.write') return null;
  const rows = await trx('reflections')
    .where({ job_id: job.id, status: 'pending' })
    .update({
      status: failure === null ? 'cancelled' : 'failed',
      error: failure === null ? null : JSON.stringify(failure),
      state: trx.raw('state + 1'),
      updated_at: trx.fn.now(),
    })
    .returning<{ assistant_id: string }[]>('assistant_id');
  return rows[0]?.assistant_id ?? null;
}
