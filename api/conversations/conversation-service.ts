import { v7 as uuidv7 } from 'uuid';
import { expectedVersion } from '#api/http/conditional-get.ts';
import type { Actor } from '#api/http/endpoint.ts';
import type { Database, Transaction } from '#db/database.ts';
import type { Page, SortedPageRequest } from '#db/page.ts';
import type { ConversationFilters, ConversationSort } from '#db/stores/conversation-store.ts';
import { DEFAULT_TITLE } from '#shared/domain/conversation.ts';
import type { Conversation } from '#shared/domain/conversation.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { clearSilentReplies, lockConversation, restoreMessages } from './conversation-rows.ts';

/** The use cases of conversations. Those of other users do not exist here: conversation.not_found. */
export interface ConversationService {
  /** @param filters `assistantId` may be a slug; another user's finds nothing */
  list(
    userId: string,
    filters: ConversationFilters,
    page: SortedPageRequest<ConversationSort>,
  ): Promise<Page<Conversation>>;
  /** @throws AppError conversation.not_found */
  get(userId: string, id: string): Promise<Conversation>;
  /**
   * @param fields `assistantId` may be a slug
   * @throws AppError assistant.not_found
   */
  create(
    userId: string,
    fields: { readonly assistantId: string; readonly title?: string },
  ): Promise<Conversation>;
  /**
   * @param ifMatch the request's If-Match header
   * @throws AppError conversation.not_found, precondition.failed
   */
  rename(userId: string, id: string, title: string, ifMatch: string | undefined): Promise<Conversation>;
  /** A reply that is being made ends. @throws AppError conversation.not_found, precondition.failed */
  remove(userId: string, id: string, ifMatch: string | undefined, actor: Actor): Promise<void>;
  /** Does nothing to an archived one. @throws AppError conversation.not_found, conversation.busy */
  archive(userId: string, id: string): Promise<Conversation>;
  /** Does nothing to one that is not archived. @throws AppError conversation.not_found */
  restore(userId: string, id: string): Promise<Conversation>;
}

export interface ConversationServiceOptions {
  readonly database: Database;
  /** Called when a conversation is gone, so that its reply ends at once. */
  readonly onGone: () => void;
}

export function createConversationService({
  database,
  onGone,
}: ConversationServiceOptions): ConversationService {
  const { read } = database;
  const get = async (userId: string, id: string): Promise<Conversation> => {
    const found = await read.conversations.find(userId, id);
    if (found === undefined) throw new AppError('conversation.not_found');
    return found;
  };
  return {
    get,
    list: async (userId, filters, page) => {
      if (filters.assistantId === undefined) return read.conversations.list(userId, filters, page);
      const assistant = await read.assistants.find(userId, filters.assistantId);
      // An assistant that is deleted can still be asked for by its id.
      return read.conversations.list(
        userId,
        { ...filters, assistantId: assistant?.id ?? asId(filters.assistantId) },
        page,
      );
    },
    create: (userId, { assistantId, title }) =>
      database.transaction(async (tx) => {
        const assistant = await tx.assistants.hold(userId, assistantId);
        if (assistant === undefined) throw new AppError('assistant.not_found');
        return tx.conversations.insert({
          id: uuidv7(),
          userId,
          assistantId: assistant.id,
          title: title ?? DEFAULT_TITLE,
          hasOwnTitle: title !== undefined,
        });
      }),
    rename: async (userId, id, title, ifMatch) => {
      const version = expectedVersion(ifMatch, await get(userId, id));
      return database.transaction((tx) => tx.conversations.rename(userId, id, title, version));
    },
    remove: async (userId, id, ifMatch, actor) => {
      await database.transaction(async (tx) => {
        const conversation = await lockConversation(tx, userId, id);
        expectedVersion(ifMatch, conversation);
        await tx.conversations.remove(id);
        await note(tx, conversation, actor);
        tx.metrics.touch(conversation.assistantId);
        tx.afterCommit(onGone);
      });
    },
    archive: (userId, id) =>
      database.transaction(async (tx) => {
        const conversation = await lockConversation(tx, userId, id);
        if (conversation.status === 'archived') return conversation;
        await clearSilentReplies(tx, id);
        if (await tx.messages.hasPending(id)) throw new AppError('conversation.busy');
        await tx.conversationArchives.pack(userId, id);
        tx.metrics.touch(conversation.assistantId);
        return tx.conversations.markArchived(id);
      }),
    restore: (userId, id) =>
      database.transaction(async (tx) => {
        const conversation = await lockConversation(tx, userId, id);
        tx.metrics.touch(conversation.assistantId);
        return restoreMessages(tx, conversation);
      }),
  };
}

const NOBODY = '00000000-0000-0000-0000-000000000000';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const asId = (idOrSlug: string): string => (UUID.test(idOrSlug) ? idOrSlug : NOBODY);

const note = (tx: Transaction, { id, userId, assistantId }: Conversation, actor: Actor): Promise<void> => {
  const target = { targetType: 'conversation', targetId: id };
  const details = { assistant_id: assistantId };
  return tx.audit.record({ ...actor, ...target, userId, action: 'conversation.delete', details });
};
