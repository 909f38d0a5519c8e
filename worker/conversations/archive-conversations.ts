import type { Database } from '#db/database.ts';
import type { Config } from '#shared/config/config.ts';
import type { JobHandler } from '#shared/queue/consumer.ts';

export interface ArchiveConversationsDeps {
  readonly database: Database;
  readonly config: Pick<Config, 'conversations'>;
}

/** Conversations that one transaction archives. */
const BATCH = 20;

/**
 * `conversation.archive`: puts away the conversations of one user in which nothing was said for the days of the setting.
 * Where it is broken off, what was archived stays so, and the next attempt goes on.
 */
export function archiveConversations({
  database,
  config,
}: ArchiveConversationsDeps): JobHandler<'conversation.archive'> {
  return async (_payload, context) => {
    const { claim, signal } = context;
    const { userId } = claim.job;
    const { archiveAfterDays } = config.conversations;
    let archived = 0;
    for (let found = BATCH; found === BATCH;) {
      signal.throwIfAborted();
      found = await database.transaction(async (tx) => {
        await tx.jobs.assertClaimed(claim);
        // The setting may have been switched off since the job was made.
        const ids =
          archiveAfterDays === 0 ? [] : await tx.conversations.lockIdle(userId, archiveAfterDays, BATCH);
        for (const id of ids) {
          await tx.conversationArchives.pack(userId, id);
          await tx.conversations.markArchived(id);
          await tx.metrics.touchConversation(id);
        }
        return ids.length;
      });
      archived += found;
      context.report({ stage: 'archive', done: archived, total: null });
    }
    await database.transaction(async (tx) => {
      await tx.jobs.assertClaimed(claim);
      await tx.jobs.succeed(claim, { archived });
    });
  };
}
