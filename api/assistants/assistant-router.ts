import { taggedHeaders } from '#api/http/conditional-get.ts';
import type { Reply } from '#api/http/endpoint.ts';
import { pageBody, readPage } from '#api/http/page.ts';
import type { Mount } from '#api/http/routes.ts';
import { camelKeys } from '#api/http/schemas.ts';
import type { AssistantChanges } from '#db/stores/assistant-store.ts';
import type { Assistant } from '#shared/domain/types.ts';
import {
  createAssistant,
  deleteAssistant,
  getAssistant,
  listAssistants,
  updateAssistant,
} from './assistant-endpoints.ts';
import type { AssistantBody } from './assistant-endpoints.ts';
import type { AssistantService } from './assistant-service.ts';
import { assistantView } from './assistant-view.ts';

export function mountAssistants(mount: Mount, assistants: AssistantService): void {
  mount(listAssistants, async ({ user, query }) => {
    const list = ['assistants'];
    const page = await assistants.list(user.id, readPage(query, list));
    return { status: 200, body: pageBody(page, list, assistantView) };
  });
  mount(createAssistant, async ({ user, body, actor }) => {
    const created = await assistants.create(user.id, { ...changesOf(body), name: body.name }, actor);
    return one(201, created, { Location: `/api/v1/assistants/${created.id}` });
  });
  mount(getAssistant, async ({ user, params }) => one(200, await assistants.get(user.id, params.id)));
  mount(updateAssistant, async ({ user, params, body, headers, actor }) =>
    one(200, await assistants.update(user.id, params.id, changesOf(body), headers['if-match'], actor)),
  );
  mount(deleteAssistant, async ({ user, params, headers, actor }) => {
    await assistants.remove(user.id, params.id, headers['if-match'], actor);
    return { status: 204 };
  });
}

const one = (status: number, assistant: Assistant, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { ...taggedHeaders(assistant), ...headers },
  body: { data: assistantView(assistant) },
});
const changesOf = (body: AssistantBody): Partial<AssistantChanges> =>
  camelKeys<Partial<AssistantChanges>>(body);
