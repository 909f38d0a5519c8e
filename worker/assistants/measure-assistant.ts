import type { Database } from '#db/database.ts';
import type { JobHandler } from '#shared/queue/consumer.ts';

/** `assistant.measure`: makes an assistant's metrics from the other tables. */
export function measureAssistant({
  database,
}: {
  readonly database: Database;
}): JobHandler<'assistant.measure'> {
  return async ({ assistant_id: assistantId }, { claim }) => {
    await database.transaction(async (tx) => {
      // The row goes first: a change that finds it waits for this commit, sees that it is gone, and asks again.
      await tx.jobs.discard(claim);
      await tx.metrics.measure(claim.job.userId, assistantId);
    });
  };
}
