import type { Database } from '#db/database.ts';
import type { JobHandler } from '#shared/queue/consumer.ts';

/**
 * `account.purge`: removes an account whose time is up, with everything that belongs to it; this job's own row goes with
 * it. Where it is broken off, the next attempt goes on.
 */
export function purgeAccount({ database }: { readonly database: Database }): JobHandler<'account.purge'> {
  return async (_payload, { claim, signal, logger }) => {
    const { userId } = claim.job;
    const step = () =>
      database.transaction(async (tx) => {
        await tx.jobs.assertClaimed(claim);
        return tx.accountDeletions.purgeStep(userId);
      });
    while (await step()) signal.throwIfAborted();
    const purged = await database.transaction(async (tx) => {
      await tx.jobs.assertClaimed(claim);
      if (!(await tx.accountDeletions.purge(userId))) return false;
      const target = { targetType: 'user', targetId: userId };
      // Of nobody: it shows that the deletion was carried out.
      await tx.audit.record({ userId: null, actorId: null, action: 'account.purge', ...target });
      return true;
    });
    logger.info({ purged }, purged ? 'account purged' : 'account was restored and is kept');
  };
}
