import { createHash } from 'node:crypto';
import { taggedHeaders } from '#api/http/conditional-get.ts';
import type { Reply } from '#api/http/endpoint.ts';
import { pageBody, readSortedPage } from '#api/http/page.ts';
import type { Mount } from '#api/http/routes.ts';
import { camelKeys } from '#api/http/schemas.ts';
import type { ResourceVersionReader } from '#db/queries/resource-versions.ts';
import type { AssistantFilters } from '#db/stores/assistant-store.ts';
import type { Assistant } from '#shared/domain/types.ts';
import * as contracts from './assistant-endpoints.ts';
import type { AssistantQuery, ListQuery } from './assistant-endpoints.ts';
import type { AssistantBody, AssistantLinks } from './assistant-schemas.ts';
import type { AssistantService } from './assistant-service.ts';
import { assistantView } from './assistant-view.ts';
import { assistantWithView } from './include-view.ts';
import type { Include } from './include-schemas.ts';
import type { CoreChanges } from './make-assistant.ts';
import { partsOf } from './part-body.ts';

export function mountAssistants(
  mount: Mount,
  assistants: AssistantService,
  versions: ResourceVersionReader,
): void {
  mount(contracts.listAssistants, ({ user, query }) =>
    pageReply(assistants, user.id, query, filtersOf(query)),
  );
  mount(contracts.createAssistant, async ({ user, body, actor }) => {
    const { profile, capabilities, parent_id: parent, system_prompt_id: systemPrompt, ...core } = body;
    const wish = { core: coreOf(core), parent, systemPrompt, ...partsOf({ profile, capabilities }) };
    return oneReply(201, await assistants.create(user.id, wish, actor));
  });
  const versionOf = async (userId: string, idOrSlug: string, include: readonly Include[]) => {
    if (include.length === 0) return versions.find('assistants', userId, idOrSlug);
    // What is included changes without the assistant: the tag stands for all that is shown.
    const found = await versions.findAssistant(userId, idOrSlug, include);
    return found && { version: found.version, state: digestOf([include, found]) };
  };
  mount(
    contracts.getAssistant,
    async ({ user, params, query: { include = [] } }) => {
      // Before the rest: a tag that is older than what it stands for only costs an answer more.
      const version = include.length === 0 ? undefined : await versionOf(user.id, params.id, include);
      const { assistant, included } = await assistants.get(user.id, params.id, include);
      const data = assistantWithView(assistant, included);
      return { status: 200, headers: taggedHeaders(version ?? assistant), body: { data } };
    },
    ({ user, params, query }) => versionOf(user.id, params.id, query.include ?? []),
  );
  mount(contracts.updateAssistant, async ({ user, params, body, ifMatch, actor }) => {
    const changes = changesOf(body);
    return oneReply(200, await assistants.update(user.id, params.id, changes, ifMatch, actor));
  });
  mount(contracts.deleteAssistant, async ({ user, params, query, ifMatch, actor }) => {
    await assistants.remove(user.id, params.id, query, ifMatch, actor);
    return { status: 204 };
  });
}

/** A number that changes with the value, for all practical purposes. */
const digestOf = (value: unknown): number =>
  Number.parseInt(createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 13), 16);

/** A page of assistants, with what is to be shown beside them. */
export async function pageReply(
  assistants: AssistantService,
  userId: string,
  query: ListQuery,
  filters: AssistantFilters,
): Promise<Reply> {
  const list = ['assistants', userId, filters, query.sort];
  const request = readSortedPage(query, list);
  const { page, included } = await assistants.list(userId, filters, request, query.include ?? []);
  return { status: 200, body: pageBody(page, list, (one) => assistantWithView(one, included)) };
}

/** One assistant; a new one with its address. */
export const oneReply = (status: 200 | 201, assistant: Assistant, meta?: object): Reply => ({
  status,
  headers: {
    ...taggedHeaders(assistant),
    ...(status === 201 && { Location: `/api/v1/assistants/${assistant.id}` }),
  },
  body: { data: assistantView(assistant), ...(meta && { meta }) },
});

/** @returns the core's fields in the names of the domain */
export const coreOf = <T extends AssistantBody>(body: T): CoreChanges & Pick<T, 'name' & keyof T> =>
  camelKeys(body);

function changesOf({
  parent_id: parent,
  system_prompt_id: systemPrompt,
  ...core
}: AssistantBody & AssistantLinks) {
  return { core: coreOf(core), parent, systemPrompt };
}

/** @returns what a list is narrowed to, in the names of the domain */
export const filtersOf = (query: AssistantQuery): AssistantFilters => ({
  isActive: query.is_active,
  isPrimary: query.is_primary,
  memoryMode: query.memory_mode,
  parent: query.parent_id === 'none' ? null : query.parent_id,
  name: query.q,
});
