import { taggedHeaders } from '#api/http/conditional-get.ts';
import type { Reply } from '#api/http/endpoint.ts';
import { pageBody, readSortedPage } from '#api/http/page.ts';
import type { Mount } from '#api/http/routes.ts';
import type { ResourceVersionReader } from '#db/queries/resource-versions.ts';
import type { Prompt } from '#shared/domain/assistant-parts.ts';
import * as contracts from './prompt-endpoints.ts';
import type { PromptService } from './prompt-service.ts';
import { listedPromptView, promptView } from './prompt-view.ts';

export function mountPrompts(mount: Mount, prompts: PromptService, versions: ResourceVersionReader): void {
  mount(contracts.listPrompts, async ({ user, query }) => {
    const { type, tag, q: title, sort } = query;
    const list = ['prompts', user.id, type, tag, title, sort];
    const page = await prompts.list(user.id, { type, tag, title }, readSortedPage(query, list));
    return { status: 200, body: pageBody(page, list, listedPromptView) };
  });
  mount(contracts.createPrompt, async ({ user, body, actor }) =>
    made(await prompts.create(user.id, body, actor)),
  );
  mount(
    contracts.getPrompt,
    async ({ user, params }) => one(200, await prompts.get(user.id, params.id)),
    ({ user, params }) => versions.find('prompts', user.id, params.id),
  );
  mount(contracts.updatePrompt, async ({ user, params, ifMatch, body, actor }) =>
    one(200, await prompts.update(user.id, params.id, body, ifMatch, actor)),
  );
  mount(contracts.deletePrompt, async ({ user, params, ifMatch, actor }) => {
    await prompts.remove(user.id, params.id, ifMatch, actor);
    return { status: 204 };
  });
  mount(contracts.remixPrompt, async ({ user, params, body, actor }) =>
    made(await prompts.remix(user.id, params.id, body, actor)),
  );
  mount(contracts.getPromptLineage, async ({ user, params }) => {
    const { ancestors, self, descendants, hasMore } = await prompts.lineage(user.id, params.id);
    const data = {
      ancestors: ancestors.map(listedPromptView),
      self: listedPromptView(self),
      descendants: descendants.map(listedPromptView),
    };
    return { status: 200, body: { data, meta: { has_more: hasMore } } };
  });
}

const one = (status: number, prompt: Prompt, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { ...taggedHeaders(prompt), ...headers },
  body: { data: promptView(prompt) },
});

const made = (prompt: Prompt): Reply => one(201, prompt, { Location: `/api/v1/prompts/${prompt.id}` });
