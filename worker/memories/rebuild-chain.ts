import type { Database } from '#db/database.ts';
import type { JobHandler } from '#shared/queue/consumer.ts';

export interface RebuildChainDeps {
  readonly database: Database;
}

/** `chain.rebuild`: makes an automatic chain hold what its filters take. One that has gone or become manual is left alone. */
export function rebuildChain({ database }: RebuildChainDeps): JobHandler<'chain.rebuild'> {
  return async ({ chain_id: id }, { claim }) => {
    const { userId } = claim.job;
    await database.transaction(async (tx) => {
      await tx.jobs.assertClaimed(claim);
      const seen = await tx.read.memoryChains.find(userId, id);
      // From here on nobody writes a memory of the assistant: what fits now is all that there is.
      if (seen !== undefined) await tx.memories.lockWrites(seen.assistantId);
      const chain = await tx.read.memoryChains.find(userId, id);
      const done = chain?.mode === 'automatic' ? await tx.chainEntries.rebuild(id) : { added: 0, removed: 0 };
      await tx.jobs.succeed(claim, done);
    });
  };
}
