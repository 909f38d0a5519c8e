import { taggedHeaders } from '#api/http/conditional-get.ts';
import type { Reply } from '#api/http/endpoint.ts';
import { pageBody, POSITION, readPage, readSortedPage } from '#api/http/page.ts';
import type { Mount } from '#api/http/routes.ts';
import { camelKeys } from '#api/http/schemas.ts';
import { jobView } from '#api/jobs/job-view.ts';
import type { ResourceVersionReader } from '#db/queries/resource-versions.ts';
import type { ChainChanges, ChainSort } from '#db/stores/memory-chain-store.ts';
import type { MemoryChain } from '#shared/domain/memory.ts';
import * as contracts from './chain-endpoints.ts';
import { addEntries, listEntries, removeEntry, reorderEntries } from './chain-entry-endpoints.ts';
import type { ChainService, NewChainInput } from './chain-service.ts';
import { chainView, entryView } from './chain-view.ts';

export function mountMemoryChains(mount: Mount, chains: ChainService, versions: ResourceVersionReader): void {
  mount(contracts.listChains, async ({ user, query }) => {
    const { assistant_id: assistant, mode, sort } = query;
    const list = ['memory chains', assistant, mode, sort];
    const page = await chains.list(user.id, { assistant, mode }, readSortedPage<ChainSort>(query, list));
    return { status: 200, body: pageBody(page, list, chainView) };
  });
  mount(contracts.createChain, async ({ user, body }) => {
    const chain = await chains.create(user.id, camelKeys<NewChainInput>(body));
    return one(201, chain, { Location: `/api/v1/memory-chains/${chain.id}` });
  });
  mount(
    contracts.getChain,
    async ({ user, params }) => one(200, await chains.get(user.id, params.id)),
    ({ user, params }) => versions.findById('memory_chains', user.id, params.id),
  );
  mount(contracts.updateChain, async ({ user, params, body, ifMatch }) =>
    one(200, await chains.update(user.id, params.id, camelKeys<ChainChanges>(body), ifMatch)),
  );
  mount(contracts.deleteChain, async ({ user, params, ifMatch, actor }) => {
    await chains.remove(user.id, params.id, actor, ifMatch);
    return { status: 204 };
  });
  mount(contracts.summariseChain, async ({ user, params }) => {
    const shown = await chains.summarise(user.id, params.id);
    return {
      status: 202,
      headers: { Location: `/api/v1/jobs/${shown.job.id}` },
      body: { data: jobView(shown) },
    };
  });
  mountEntries(mount, chains);
}

function mountEntries(mount: Mount, chains: ChainService): void {
  mount(listEntries, async ({ user, params, query }) => {
    const list = ['chain entries', params.id];
    const page = await chains.entries(user.id, params.id, readPage(query, list, POSITION));
    return { status: 200, body: pageBody(page, list, entryView) };
  });
  mount(addEntries, async ({ user, params, body }) =>
    one(200, await chains.add(user.id, params.id, body.memory_ids, body.position)),
  );
  mount(removeEntry, async ({ user, params }) => {
    await chains.take(user.id, params.id, params.memory_id);
    return { status: 204 };
  });
  mount(reorderEntries, async ({ user, params, body, ifMatch }) =>
    one(200, await chains.reorder(user.id, params.id, body.memory_ids, ifMatch)),
  );
}

const one = (status: number, chain: MemoryChain, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { ...taggedHeaders(chain), ...headers },
  body: { data: chainView(chain) },
});
