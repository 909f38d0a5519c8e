import type { Knex } from 'knex';

/** The retrievals of an assistant that its metrics are made of, newest first. */
export const COUNTED_RETRIEVALS = 50;

/**
 * Marks the retrievals that newer ones have pushed out of an assistant's metrics; they may end when their time comes. Only
 * what came since the last mark is looked at.
 */
export async function settleRetrievals(
  trx: Knex.Transaction,
  userId: string,
  assistantId: string,
): Promise<void> {
  await trx.raw(
    `update retrievals set counted = false
     where assistant_id = :assistantId and user_id = :userId and counted
       and created_at < (select created_at from retrievals where assistant_id = :assistantId and user_id = :userId
         order by created_at desc offset :behind limit 1)
       and created_at >= coalesce((select created_at from retrievals
         where assistant_id = :assistantId and user_id = :userId and not counted
         order by created_at desc limit 1), '-infinity')`,
    { assistantId, userId, behind: COUNTED_RETRIEVALS - 1 },
  );
}
