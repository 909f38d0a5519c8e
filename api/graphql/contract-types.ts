import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLString,
} from 'graphql';
import type {
  GraphQLFieldConfigArgumentMap,
  GraphQLFieldConfigMap,
  GraphQLInputType,
  GraphQLLeafType,
  GraphQLNullableOutputType,
} from 'graphql';
import type { AnyEndpoint } from '#api/http/endpoint.ts';
import type { GraphContext } from './graph-context.ts';

/** What joi says of a schema, as far as it is looked at here. */
export interface Described {
  readonly type?: string;
  readonly flags?: { readonly presence?: string; readonly only?: boolean; readonly description?: string };
  readonly allow?: readonly unknown[];
  readonly rules?: readonly { readonly name: string }[];
  readonly keys?: Readonly<Record<string, Described>>;
  readonly items?: readonly Described[];
}

export type GraphFields = GraphQLFieldConfigMap<Readonly<Record<string, unknown>>, GraphContext>;

/** Makes GraphQL types of the contracts of REST, so that both show the same fields and mean the same by them. */
export interface ContractTypes {
  readonly json: GraphQLScalarType;
  /**
   * @param name of the type; those of objects within it begin with it
   * @param more fields beside those of the contract
   */
  object(name: string, described: Described, more?: () => GraphFields): GraphQLObjectType;
  /**
   * Arguments of the names of a REST query.
   *
   * @param name of the type that is asked for
   */
  args(name: string, query: AnyEndpoint['query'], names: readonly string[]): GraphQLFieldConfigArgumentMap;
}

/** What an endpoint shows one of: its `data`, or an entry of that. */
export function shownBy(endpoint: AnyEndpoint): Described {
  const data = dataOf(endpoint);
  return data.type === 'array' ? (data.items?.[0] ?? {}) : data;
}

/** The schema of `data` in the answer of an endpoint. */
export const dataOf = (endpoint: AnyEndpoint): Described => partOf(endpoint, 'data');

/** The schema of `data` or `meta` in the answer of an endpoint. */
export function partOf({ responses, operationId }: AnyEndpoint, part: 'data' | 'meta'): Described {
  const described = (responses[200]?.schema?.describe() as Described | undefined)?.keys?.[part];
  if (described === undefined) throw new Error(`${operationId} shows no ${part}`);
  return described;
}

export const camel = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const pascal = (name: string): string => camel(`_${name}`);

export function createContractTypes(): ContractTypes {
  const enums = new Map<string, GraphQLEnumType>();
  const json = new GraphQLScalarType({
    name: 'JSON',
    description: 'Any value of JSON.',
    coerceOutputValue: (value) => value,
  });
  const dateTime = new GraphQLScalarType({
    name: 'DateTime',
    description: 'RFC 3339, UTC.',
    coerceOutputValue: (value) => value,
  });

  const leaf = (name: string, described: Described): GraphQLLeafType => {
    const choices = choicesOf(described);
    if (choices !== undefined) return enumOf(name, choices);
    const has = (rule: string): boolean => described.rules?.some((one) => one.name === rule) === true;
    if (described.type === 'boolean') return GraphQLBoolean;
    if (described.type === 'number') return has('integer') ? GraphQLInt : GraphQLFloat;
    if (described.type !== 'string') return json;
    if (has('guid')) return GraphQLID;
    return has('isoDate') ? dateTime : GraphQLString;
  };
  const enumOf = (name: string, choices: readonly string[]): GraphQLEnumType => {
    const known = enums.get(name);
    if (known !== undefined) {
      const same = known.getValues().every(({ value }, index) => value === choices[index]);
      if (same && known.getValues().length === choices.length) return known;
      throw new Error(`${name} is two things`);
    }
    const made = new GraphQLEnumType({
      name,
      values: Object.fromEntries(choices.map((value) => [choiceName(value), { value }])),
    });
    enums.set(name, made);
    return made;
  };
  const nullable = (name: string, described: Described): GraphQLNullableOutputType => {
    if (described.type === 'array')
      return new GraphQLList(new GraphQLNonNull(nullable(name, described.items?.[0] ?? {})));
    // An object of no fields of its own is one of any.
    const isOpen = Object.keys(described.keys ?? {}).length === 0;
    return isOpen ? leaf(name, described) : object(name, described);
  };
  const object: ContractTypes['object'] = (name, described, more) =>
    new GraphQLObjectType({
      name,
      fields: () => ({
        ...Object.fromEntries(
          Object.entries(described.keys ?? {}).map(([key, field]) => {
            const type = nullable(`${name}${pascal(key)}`, field);
            return [
              camel(key),
              {
                ...about(field),
                type: isNullable(field) ? type : new GraphQLNonNull(type),
                resolve: (source: Readonly<Record<string, unknown>>) => source[key],
              },
            ];
          }),
        ),
        ...more?.(),
      }),
    });
  return {
    json,
    object,
    args: (name, query, names) => {
      const keys = (query?.describe().keys ?? {}) as Readonly<Record<string, Described>>;
      const pairs = names.map((key) => {
        const described = keys[key];
        if (described === undefined) throw new Error(`${name} is not asked for by ${key}`);
        const item = (one: Described): GraphQLLeafType => leaf(`${name}${pascal(key)}`, one);
        const type: GraphQLInputType =
          described.type === 'array'
            ? new GraphQLList(new GraphQLNonNull(item(described.items?.[0] ?? {})))
            : item(described);
        const needed = described.flags?.presence === 'required';
        return [
          camel(key),
          { ...about(described, key), type: needed ? new GraphQLNonNull(type) : type },
        ] as const;
      });
      return Object.fromEntries(pairs);
    },
  };
}

const about = ({ flags }: Described, key?: string) => {
  if (key === 'sort')
    return { description: 'Field to sort by; with _desc the largest or newest comes first.' };
  return flags?.description === undefined ? {} : { description: flags.description };
};

const isNullable = ({ type, flags, allow }: Described): boolean =>
  type === 'any' || flags?.presence !== 'required' || allow?.includes(null) === true;

/** Values that are all there are, where each of them can be the name of one. */
function choicesOf({ flags, allow = [] }: Described): string[] | undefined {
  const values = allow.filter((value) => value !== null);
  const fits = (value: unknown): value is string =>
    typeof value === 'string' && /^-?[a-z][a-z0-9_]*$/.test(value) && !['true', 'false'].includes(value);
  return flags?.only === true && values.every(fits) ? values : undefined;
}

/** `-created_at` is no name. */
const choiceName = (value: string): string => (value.startsWith('-') ? `${value.slice(1)}_desc` : value);
