import type { Conversation } from '#shared/domain/conversation.ts';

/** A conversation as clients see it. */
export const conversationView = (conversation: Conversation) => ({
  id: conversation.id,
  assistant_id: conversation.assistantId,
  title: conversation.title,
  status: conversation.status,
  message_count: conversation.messageCount,
  last_message_at: conversation.lastMessageAt.toISOString(),
  archived_at: conversation.archivedAt?.toISOString() ?? null,
  version: conversation.version,
  created_at: conversation.createdAt.toISOString(),
  updated_at: conversation.updatedAt.toISOString(),
});
