import type { Mount } from '#api/http/routes.ts';
import { camelKeys } from '#api/http/schemas.ts';
import { search } from './search-endpoints.ts';
import type { SearchInput, SearchService } from './search-service.ts';
import { hitView, searchMetaView } from './search-view.ts';

export function mountSearch(mount: Mount, searches: SearchService): void {
  mount(search, async ({ user, body, signal }) => {
    const answer = await searches.search(user.id, camelKeys<SearchInput>(body), signal);
    return {
      status: 200,
      body: { data: answer.hits.map(hitView), meta: searchMetaView(answer) },
    };
  });
}
