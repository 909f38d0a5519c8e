import type { Database } from '#db/database.ts';
import type { JobHandler } from '#shared/queue/consumer.ts';

/** Chunks of one transaction: an edit of the document waits no longer than for these. */
const BATCH = 200;

/**
 * `document.reindex`: titles take part in text search, so what is searched of the chunks follows a new one, batch by
 * batch. Whatever stops it, the next attempt begins anew: what is done already costs little.
 */
export function reindexDocument({
  database,
}: {
  readonly database: Database;
}): JobHandler<'document.reindex'> {
  return async ({ document_id: documentId }, context) => {
    const { claim, signal } = context;
    for (let position = 0; ; position += BATCH) {
      signal.throwIfAborted();
      const more = await database.transaction(async (tx) => {
        await tx.jobs.assertClaimed(claim);
        const document = await tx.documents.lock(claim.job.userId, documentId);
        // Deleted meanwhile: there is nothing left to be found.
        if (document === undefined) return false;
        return tx.chunks.retitle(document, position, position + BATCH);
      });
      if (!more) return;
      context.report({ stage: 'index', done: position + BATCH, total: null });
    }
  };
}
