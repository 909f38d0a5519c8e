import { pageBody, readPage } from '#api/http/page.ts';
import type { Mount } from '#api/http/routes.ts';
import { coreOf, oneReply, pageReply } from './assistant-router.ts';
import type { AssistantService } from './assistant-service.ts';
import { delegationView, relativeView } from './assistant-view.ts';
import * as contracts from './family-endpoints.ts';
import type { ChildBody } from './family-endpoints.ts';
import { HERITAGE } from './family-service.ts';
import type { ChildWish, FamilyService } from './family-service.ts';
import { partsOf } from './part-body.ts';

export function mountFamilies(mount: Mount, families: FamilyService, assistants: AssistantService): void {
  for (const contract of [contracts.spawnChild, contracts.spawnChildBefore])
    mount(contract, async ({ user, params, body, actor }) => {
      const { child, event } = await families.spawn(user.id, params.id, wishOf(body), actor);
      return oneReply(201, child, { delegation: delegationView(event) });
    });
  mount(contracts.listChildren, async ({ user, params, query }) => {
    const { assistant } = await assistants.get(user.id, params.id, []);
    return pageReply(assistants, user.id, query, { parent: assistant.id });
  });
  mount(contracts.getLineage, async ({ user, params }) => {
    const { ancestors, self, descendants, hasMore } = await families.lineage(user.id, params.id);
    const data = {
      ancestors: ancestors.map(relativeView),
      self: relativeView(self),
      descendants: descendants.map(relativeView),
    };
    return { status: 200, body: { data, meta: { has_more: hasMore } } };
  });
  mount(contracts.listDelegations, async ({ user, params, query }) => {
    const list = ['delegations', user.id, params.id, query.side];
    const page = await families.delegations(user.id, params.id, query.side, readPage(query, list));
    return { status: 200, body: pageBody(page, list, delegationView) };
  });
}

function wishOf(body: ChildBody): ChildWish {
  const { reason, inherit, score, notes, profile, capabilities, ...rest } = body;
  const { memory_id: memoryId, document_id: documentId, system_prompt_id: systemPrompt, ...core } = rest;
  return {
    reason,
    inherit: inheritedOf(inherit),
    memoryId,
    documentId,
    score,
    notes,
    systemPrompt,
    core: coreOf(core),
    ...partsOf({ profile, capabilities }),
  };
}

const inheritedOf = (inherit: ChildBody['inherit']): ChildWish['inherit'] => {
  if (inherit === undefined) return HERITAGE;
  if (Array.isArray(inherit)) return inherit as ChildWish['inherit'];
  return HERITAGE.filter((name) => (inherit as Readonly<Record<string, boolean>>)[name] === true);
};
