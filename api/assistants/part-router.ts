import { taggedHeaders } from '#api/http/conditional-get.ts';
import type { Reply } from '#api/http/endpoint.ts';
import type { Mount } from '#api/http/routes.ts';
import { promptView } from '#api/prompts/prompt-view.ts';
import type { ResourceVersionReader } from '#db/queries/resource-versions.ts';
import { capabilitiesOf, profileOf } from './part-body.ts';
import * as contracts from './part-endpoints.ts';
import type { PartOf, PartService } from './part-service.ts';
import { capabilitiesView, profileView } from './part-view.ts';

export function mountParts(mount: Mount, parts: PartService, versions: ResourceVersionReader): void {
  mount(
    contracts.getProfile,
    async ({ user, params }) => reply(await parts.profile(user.id, params.id), profileView),
    ({ user, params }) => versions.find('assistants', user.id, params.id),
  );
  mount(contracts.updateProfile, async ({ user, params, body, ifMatch, actor }) => {
    const edit = { ifMatch, actor };
    return reply(await parts.updateProfile(user.id, params.id, profileOf(body), edit), profileView);
  });
  mount(
    contracts.getCapabilities,
    async ({ user, params }) => reply(await parts.capabilities(user.id, params.id), capabilitiesView),
    ({ user, params }) => versions.find('assistants', user.id, params.id),
  );
  mount(contracts.updateCapabilities, async ({ user, params, body, ifMatch, actor }) => {
    const edit = { ifMatch, actor };
    const changed = await parts.updateCapabilities(user.id, params.id, capabilitiesOf(body), edit);
    return reply(changed, capabilitiesView);
  });
  mount(contracts.getSystemPrompt, async ({ user, params }) => {
    const { part } = await parts.systemPrompt(user.id, params.id);
    return { status: 200, body: { data: part && promptView(part) } };
  });
  mount(contracts.setSystemPrompt, async ({ user, params, body, ifMatch, actor }) => {
    const edit = { ifMatch, actor };
    const chosen = await parts.setSystemPrompt(user.id, params.id, body.prompt_id, edit);
    return reply(chosen, (prompt) => prompt && promptView(prompt));
  });
}

const reply = <T>({ assistant, part }: PartOf<T>, view: (part: T) => unknown): Reply => ({
  status: 200,
  headers: taggedHeaders(assistant),
  body: { data: view(part) },
});
