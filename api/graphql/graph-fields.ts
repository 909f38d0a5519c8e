import { GraphQLInt, GraphQLString } from 'graphql';
import type { GraphQLFieldConfig, GraphQLFieldConfigArgumentMap, GraphQLOutputType } from 'graphql';
import type Joi from 'joi';
import type { AnyEndpoint, Endpoint } from '#api/http/endpoint.ts';
import { checkPart } from '#api/http/validate.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { camel } from './contract-types.ts';
import { assertScope } from './graph-context.ts';
import type { GraphContext } from './graph-context.ts';

/** A thing as its view shows it: what the resolvers of its fields are given. */
export type Source = Readonly<Record<string, unknown>>;
export type Args = Readonly<Record<string, unknown>>;
export type Resolve = (source: Source, args: Args, context: GraphContext) => unknown;
export type GraphField = GraphQLFieldConfig<Source, GraphContext>;

/** What the limits of an operation want to know of a field. */
export interface FieldCost {
  /** Counts as so many objects beside those it shows; by default one. */
  readonly own?: number;
  /** Argument that says how many it may show at most, and how many those are where it is left out. */
  readonly size?: { readonly argument: string; readonly fallback: number };
}

/** A field that shows what an endpoint of REST shows, to whoever may ask for that. */
export function fieldOf(
  endpoint: AnyEndpoint,
  type: GraphQLOutputType,
  resolve: Resolve,
  more: { readonly args?: GraphQLFieldConfigArgumentMap; readonly cost?: FieldCost } = {},
): GraphField {
  return {
    type,
    description: `${endpoint.summary}. Scope of keys: ${endpoint.scope ?? 'none'}.`,
    ...(more.args && { args: more.args }),
    extensions: { cost: more.cost },
    resolve: (source, args: Args, context) => {
      assertScope(context, endpoint.scope);
      return resolve(source, args, context);
    },
  };
}

const PAGE_SIZE = 20;

/** Arguments of every list, as the Relay specification of connections has them. */
export const pageArgs: GraphQLFieldConfigArgumentMap = {
  first: { type: GraphQLInt, description: 'Number of entries, 1 to 100; 20 if it is left out.' },
  after: { type: GraphQLString, description: '`endCursor` of the page before, or any `cursor` of it.' },
};

export const pageCost: FieldCost = { size: { argument: 'first', fallback: PAGE_SIZE } };

/** Names that REST has for the arguments of a page. */
const RENAMED: Readonly<Record<string, string>> = { limit: 'first', cursor: 'after' };

/**
 * Reads arguments as REST reads its query or body: by the same schema, under the same names.
 *
 * @param names those that may be given
 * @throws AppError request.invalid with pointers to the arguments at fault
 */
export function readArgs<T>(
  schema: Joi.ObjectSchema<T> | undefined,
  names: readonly string[],
  args: Args,
): T {
  if (schema === undefined) throw new Error('there is nothing that could be read');
  const given = names.flatMap((name) => {
    const value = args[RENAMED[name] ?? camel(name)];
    return value === undefined || value === null ? [] : [[name, value] as const];
  });
  const { value, faults } = checkPart('args', schema, Object.fromEntries(given));
  if (faults.length > 0)
    throw new AppError('request.invalid', {
      errors: faults.map((fault) => ({ ...fault, pointer: camel(fault.pointer) })),
    });
  return value as T;
}

/** Names of the page and of whatever narrows the list down. */
export const listNames = (...names: readonly string[]): readonly string[] => ['limit', 'cursor', ...names];

/** The id or slug that is asked for. @throws AppError request.invalid */
export const readId = (
  endpoint: Endpoint<'user', { id: string }, never, never, never> | AnyEndpoint,
  args: Args,
): string => readArgs<{ id: string }>(endpoint.params, ['id'], args).id;
