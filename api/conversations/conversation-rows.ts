import type { Transaction } from '#db/database.ts';
import { REPLY_LEASE_SECONDS } from '#shared/domain/conversation.ts';
import type { Conversation } from '#shared/domain/conversation.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { toFailure } from '#shared/queue/retry.ts';

/** Steps that several use cases of conversations share, inside their transaction. */

/** Locks a conversation of the user. @throws AppError conversation.not_found */
export async function lockConversation(tx: Transaction, userId: string, id: string): Promise<Conversation> {
  const conversation = await tx.conversations.lock(userId, id);
  if (conversation === undefined) throw new AppError('conversation.not_found');
  return conversation;
}

/** Ends a reply whose process is dead, for whoever cannot wait for the maintenance round. */
export async function clearSilentReplies(tx: Transaction, conversationId: string): Promise<void> {
  const failure = toFailure(new AppError('message.interrupted'));
  const ended = await tx.messages.failSilent(REPLY_LEASE_SECONDS, failure, 1, conversationId);
  for (const assistantId of ended) tx.metrics.touch(assistantId);
}

/** Puts the messages of a locked conversation back where they can be read, if they are archived. */
export async function restoreMessages(tx: Transaction, conversation: Conversation): Promise<Conversation> {
  if (conversation.status !== 'archived') return conversation;
  await tx.conversationArchives.unpack(conversation.id);
  return tx.conversations.markActive(conversation.id);
}
