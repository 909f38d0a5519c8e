import { GraphQLBoolean, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLString } from 'graphql';
import type { AnyEndpoint } from '#api/http/endpoint.ts';
import { cursorOf, POSITION, readPage } from '#api/http/page.ts';
import type { PageQuery } from '#api/http/page.ts';
import type { OwnedItem, OwnedList } from '#db/queries/owned-pages.ts';
import type { ContractTypes } from './contract-types.ts';
import type { GraphContext } from './graph-context.ts';
import { fieldOf, listNames, pageArgs, pageCost, readArgs } from './graph-fields.ts';
import type { GraphField, Source } from './graph-fields.ts';
import { loadItems } from './graph-loaders.ts';
import type { ById } from './graph-loaders.ts';

/** A type with the type of its lists. */
export interface GraphNode {
  readonly type: GraphQLObjectType;
  readonly connection: GraphQLObjectType;
}

const required = (type: GraphQLObjectType | typeof GraphQLString | typeof GraphQLBoolean) =>
  new GraphQLNonNull(type);
const listOf = (type: GraphQLObjectType) => new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(type)));

export const createPageInfo = (): GraphQLObjectType =>
  new GraphQLObjectType({
    name: 'PageInfo',
    fields: {
      hasNextPage: { type: required(GraphQLBoolean) },
      hasPreviousPage: { type: required(GraphQLBoolean), description: 'Whether this is not the first page.' },
      startCursor: { type: GraphQLString },
      endCursor: { type: GraphQLString },
    },
  });

/** The connection of a type (Relay's GraphQL Cursor Connections Specification), and the nodes alone for short. */
export function connectionType(type: GraphQLObjectType, pageInfo: GraphQLObjectType): GraphQLObjectType {
  const edge = new GraphQLObjectType({
    name: `${type.name}Edge`,
    fields: { cursor: { type: required(GraphQLString) }, node: { type: required(type) } },
  });
  return new GraphQLObjectType({
    name: `${type.name}Connection`,
    fields: {
      edges: { type: listOf(edge) },
      nodes: { type: listOf(type), description: 'The nodes of the edges.' },
      pageInfo: { type: required(pageInfo) },
    },
  });
}

/** A page, as the fields of a connection show it. */
export function connectionOf(
  entries: readonly { readonly key: string; readonly node: unknown }[],
  page: { readonly list: readonly unknown[]; readonly hasMore: boolean; readonly isFirst: boolean },
) {
  const edges = entries.map(({ key, node }) => ({ cursor: cursorOf(key, page.list), node }));
  return {
    edges,
    nodes: entries.map(({ node }) => node),
    pageInfo: {
      hasNextPage: page.hasMore,
      hasPreviousPage: !page.isFirst,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** A list that the things of one type have each. */
export interface OwnedField<T> {
  readonly list: OwnedList;
  /** The list of REST that shows the same: its scope and its words are those of the field. */
  readonly endpoint: AnyEndpoint;
  readonly node: GraphNode;
  /** Parameters of that list by which this one can be narrowed down; columns of the table. */
  readonly filters?: readonly string[];
  readonly loader: (context: GraphContext) => ById<T>;
  readonly view?: (found: T, item: OwnedItem) => unknown;
  /** Looks at the owner before the list is read. */
  readonly check?: (owner: Source) => void;
}

/** Lists in the order of a position; the others are in that of their ids. */
const BY_POSITION: readonly OwnedList[] = ['chunks', 'entries'];

/** The field of such a list: for all owners of one level together it takes one statement, and one for what is in it. */
export function ownedField<T>(types: ContractTypes, of: OwnedField<T>): GraphField {
  const { list, endpoint, node, filters = [] } = of;
  const args = { ...pageArgs, ...types.args(node.type.name, endpoint.query, filters) };
  const key = BY_POSITION.includes(list) ? POSITION : undefined;
  return fieldOf(
    endpoint,
    node.connection,
    async (owner, given, context) => {
      of.check?.(owner);
      const query = readArgs<PageQuery & Source>(endpoint.query, listNames(...filters), given);
      const filter = Object.fromEntries(
        filters.flatMap((name) => (query[name] === undefined ? [] : [[name, query[name] as string]])),
      );
      const ownerId = String(owner.id);
      const binding = ['graphql', list, context.user.id, ownerId, filter];
      const request = readPage(query, binding, key);
      const page = await context.loaders.page(ownerId, { list, filter, ...request });
      const loaded = await loadItems(of.loader(context), page.items);
      const entries = loaded.map(({ key: at, item, found }) => ({
        key: at,
        node: of.view === undefined ? found : of.view(found, item),
      }));
      return connectionOf(entries, {
        list: binding,
        hasMore: page.hasMore,
        isFirst: request.after === null,
      });
    },
    { args, cost: pageCost },
  );
}
