import { taggedHeaders } from '#api/http/conditional-get.ts';
import type { Reply } from '#api/http/endpoint.ts';
import { pageBody, readSortedPage } from '#api/http/page.ts';
import type { Mount } from '#api/http/routes.ts';
import type { ResourceVersionReader } from '#db/queries/resource-versions.ts';
import type { ConversationFilters } from '#db/stores/conversation-store.ts';
import type { Conversation } from '#shared/domain/conversation.ts';
import {
  archiveConversation,
  createConversation,
  deleteConversation,
  getConversation,
  listConversations,
  restoreConversation,
  updateConversation,
} from './conversation-endpoints.ts';
import type { ConversationQuery } from './conversation-endpoints.ts';
import type { ConversationService } from './conversation-service.ts';
import { conversationView } from './conversation-view.ts';

export function mountConversations(
  mount: Mount,
  conversations: ConversationService,
  versions: ResourceVersionReader,
): void {
  mount(listConversations, async ({ user, query }) => {
    const list = ['conversations', user.id, query.assistant_id, query.status, query.sort];
    const page = await conversations.list(user.id, filtersOf(query), readSortedPage(query, list));
    return { status: 200, body: pageBody(page, list, conversationView) };
  });
  mount(createConversation, async ({ user, body }) => {
    const { assistant_id: assistantId, title } = body;
    const fields = { assistantId, ...(title === undefined ? {} : { title }) };
    const created = await conversations.create(user.id, fields);
    return one(201, created, { Location: `/api/v1/conversations/${created.id}` });
  });
  mount(
    getConversation,
    async ({ user, params }) => one(200, await conversations.get(user.id, params.id)),
    ({ user, params }) => versions.findById('conversations', user.id, params.id),
  );
  mount(updateConversation, async ({ user, params, body, ifMatch }) =>
    one(200, await conversations.rename(user.id, params.id, body.title, ifMatch)),
  );
  mount(deleteConversation, async ({ user, params, ifMatch, actor }) => {
    await conversations.remove(user.id, params.id, ifMatch, actor);
    return { status: 204 };
  });
  mount(archiveConversation, async ({ user, params }) =>
    one(200, await conversations.archive(user.id, params.id)),
  );
  mount(restoreConversation, async ({ user, params }) =>
    one(200, await conversations.restore(user.id, params.id)),
  );
}

const one = (status: number, conversation: Conversation, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { ...taggedHeaders(conversation), ...headers },
  body: { data: conversationView(conversation) },
});

const filtersOf = (query: ConversationQuery): ConversationFilters => ({
  ...(query.assistant_id === undefined ? {} : { assistantId: query.assistant_id }),
  ...(query.status === undefined ? {} : { status: query.status }),
});
