import { getConversation } from '#api/conversations/conversation-endpoints.ts';
import { listMessages } from '#api/conversations/message-endpoints.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { GraphFields } from './contract-types.ts';
import { ownedField } from './graph-connections.ts';
import { linkOf, ownerOf } from './graph-types.ts';
import type { GraphTypes } from './graph-types.ts';

/** What a conversation leads on to. */
export const conversationFields = (types: GraphTypes): GraphFields => ({
  assistant: ownerOf(types),
  messages: ownedField(types.contracts, {
    list: 'messages',
    endpoint: listMessages,
    node: types.message,
    loader: ({ loaders }) => loaders.messages,
    check: ({ status }) => {
      // Its messages are put away, which is not the same as that there are none.
      if (status === 'archived') throw new AppError('conversation.archived');
    },
  }),
});

/** What a message leads on to; its citations are part of it. */
export const messageFields = (types: GraphTypes): GraphFields => ({
  conversation: linkOf(
    getConversation,
    types.conversation.type,
    'conversation_id',
    ({ loaders }) => loaders.conversations,
  ),
});
