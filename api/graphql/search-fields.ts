import { getDocument } from '#api/documents/document-endpoints.ts';
import { search } from '#api/search/search-endpoints.ts';
import type { SearchBody } from '#api/search/search-endpoints.ts';
import type { SearchInput } from '#api/search/search-service.ts';
import { hitView, searchMetaView } from '#api/search/search-view.ts';
import { camelKeys } from '#api/http/schemas.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { GraphFields } from './contract-types.ts';
import { fieldOf, readArgs } from './graph-fields.ts';
import type { GraphField } from './graph-fields.ts';
import { linkOf } from './graph-types.ts';
import type { GraphTypes } from './graph-types.ts';

/** What a hit leads on to. */
export const hitFields = (types: GraphTypes): GraphFields => ({
  document: linkOf(getDocument, types.document.type, 'document_id', ({ loaders }) => loaders.documents),
});

const NAMES = ['query', 'limit', 'group_by', 'mode', 'assistant_id', 'document_ids', 'min_score'];

/** A search costs a vector and two looks at an index. */
const cost = { own: 50, size: { argument: 'limit', fallback: 10 } };

/** Counts against the limit of searches, and is logged like those of REST; for that it is not asked for with GET. */
export const searchField = ({ contracts, searchResult }: GraphTypes): GraphField =>
  fieldOf(
    search,
    searchResult,
    async (_source, args, { user, services, method, countSearch, signal }) => {
      const body = readArgs<SearchBody>(search.body as typeof search.body & object, NAMES, args);
      if (method === 'GET') throw new AppError('graphql.post_required');
      await countSearch();
      const { hits, ...how } = await services.search.search(user.id, camelKeys<SearchInput>(body), signal);
      return { degraded: false, ...searchMetaView(how), hits: hits.map(hitView) };
    },
    { args: contracts.args('Search', search.body, NAMES), cost },
  );
