import { getNamedType, isCompositeType, isObjectType, Kind } from 'graphql';
import type {
  DirectiveNode,
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLNamedType,
  GraphQLSchema,
  SelectionNode,
  SelectionSetNode,
} from 'graphql';
import { AppError } from '#shared/errors/app-error.ts';
import type { FieldCost } from './graph-fields.ts';

export interface OperationLimits {
  readonly maxDepth: number;
  readonly maxCost: number;
  readonly maxAliases: number;
  readonly maxRootFields: number;
  readonly maxDirectives: number;
}

/** Fields that are compared with one another where two have one name; the work grows with their square. */
const MOST_FIELDS = 500;

/** Pages have no more. */
const LARGEST_PAGE = 100;

/** How much a part of a document asks for, fragments put in where they are used. */
interface Measure {
  readonly depth: number;
  /** Objects, at most. */
  readonly cost: number;
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
}

const NOTHING: Measure = { depth: 0, cost: 0, fields: 0, aliases: 0, directives: 0 };

const both = (a: Measure, b: Measure): Measure => ({
  depth: Math.max(a.depth, b.depth),
  cost: a.cost + b.cost,
  fields: a.fields + b.fields,
  aliases: a.aliases + b.aliases,
  directives: a.directives + b.directives,
});

/**
 * Holds a document against the limits before it is validated, for validation itself can be made to take long. Each fragment
 * is looked at once, however often it is used.
 *
 * @returns the cost: how many objects the answer may have, page sizes multiplied
 * @throws AppError graphql.too_complex, and graphql.invalid for fragments that use themselves
 */
export function measureOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
  limits: OperationLimits,
): number {
  const measure = createMeasurer(schema, document, variables);
  let total = NOTHING;
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const { selectionSet } = definition;
    within('root fields', measure.roots(selectionSet), limits.maxRootFields);
    total = both(total, measure.set(selectionSet, schema.getQueryType() ?? undefined));
    total = both(total, directivesOf(definition.directives));
  }
  // Also those of fragments that no operation uses.
  const written = directivesIn(document);
  within('directives', Math.max(written, total.directives), limits.maxDirectives);
  within('aliases', total.aliases, limits.maxAliases);
  within('levels', total.depth, limits.maxDepth);
  within('fields', total.fields, MOST_FIELDS);
  within('objects', total.cost, limits.maxCost);
  return total.cost;
}

function within(what: string, count: number, most: number): void {
  if (count > most)
    throw new AppError('graphql.too_complex', {
      detail: `The operation has ${count > 1e6 ? 'far too many' : count} ${what}; ${most} is the most.`,
    });
}

const directivesOf = (directives: readonly DirectiveNode[] = []): Measure => ({
  ...NOTHING,
  directives: directives.length,
});

function directivesIn({ definitions }: DocumentNode): number {
  const inSet = (set: SelectionSetNode | undefined): number =>
    (set?.selections ?? []).reduce(
      (sum, selection) =>
        sum +
        (selection.directives?.length ?? 0) +
        (selection.kind === Kind.FRAGMENT_SPREAD ? 0 : inSet(selection.selectionSet)),
      0,
    );
  return definitions.reduce(
    (sum, definition) =>
      sum +
      (('directives' in definition ? definition.directives?.length : undefined) ?? 0) +
      ('selectionSet' in definition ? inSet(definition.selectionSet) : 0),
    0,
  );
}

function createMeasurer(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
) {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const measured = new Map<string, Measure>();
  const rooted = new Map<string, number>();
  const open = new Set<string>();

  /** Measures a fragment, once. */
  const ofFragment = <T>(
    name: string,
    known: Map<string, T>,
    none: T,
    look: (of: FragmentDefinitionNode) => T,
  ): T => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const fragment = fragments.get(name);
    // Validation will say so.
    if (fragment === undefined) return none;
    if (open.has(name))
      throw new AppError('graphql.invalid', { detail: `The fragment ${name} uses itself.` });
    open.add(name);
    const found = look(fragment);
    open.delete(name);
    known.set(name, found);
    return found;
  };
  const typeNamed = (name: string | undefined, fallback: GraphQLNamedType | undefined) =>
    name === undefined ? fallback : schema.getType(name);
  const set = ({ selections }: SelectionSetNode, parent: GraphQLNamedType | undefined): Measure =>
    selections.reduce(
      (sum, selection) => both(both(sum, directivesOf(selection.directives)), one(selection, parent)),
      NOTHING,
    );
  const one = (selection: SelectionNode, parent: GraphQLNamedType | undefined): Measure => {
    if (selection.kind === Kind.FIELD) return field(selection, parent);
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return set(selection.selectionSet, typeNamed(selection.typeCondition?.name.value, parent));
    return ofFragment(selection.name.value, measured, NOTHING, (fragment) =>
      set(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value)),
    );
  };
  const field = (node: FieldNode, parent: GraphQLNamedType | undefined): Measure => {
    const definition = isObjectType(parent) ? parent.getFields()[node.name.value] : undefined;
    const type = definition && getNamedType(definition.type);
    const cost = definition?.extensions.cost as FieldCost | undefined;
    const below = node.selectionSet === undefined ? NOTHING : set(node.selectionSet, type);
    const size = sizeOf(node, cost, variables);
    // The schema has a rule of its own for how deep it may be asked about itself.
    const isIntrospection = node.name.value.startsWith('__');
    return {
      depth: isIntrospection ? 1 : below.depth + 1,
      cost: (cost?.own ?? (isCompositeType(type) ? 1 : 0)) + size * below.cost,
      fields: below.fields + 1,
      aliases: below.aliases + (node.alias === undefined ? 0 : 1),
      directives: below.directives,
    };
  };
  const roots = ({ selections }: SelectionSetNode): number =>
    selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return sum + 1;
      if (selection.kind === Kind.INLINE_FRAGMENT) return sum + roots(selection.selectionSet);
      return sum + ofFragment(selection.name.value, rooted, 0, (fragment) => roots(fragment.selectionSet));
    }, 0);
  return { set, roots };
}

/** How many a field may show; what cannot be a number is taken for the most there can be. */
function sizeOf(
  node: FieldNode,
  cost: FieldCost | undefined,
  variables: Readonly<Record<string, unknown>>,
): number {
  if (cost?.size === undefined) return 1;
  const { argument, fallback } = cost.size;
  const value = node.arguments?.find(({ name }) => name.value === argument)?.value;
  if (value === undefined || value.kind === Kind.NULL) return fallback;
  if (value.kind === Kind.INT) return Math.max(0, Number(value.value));
  const given = value.kind === Kind.VARIABLE ? variables[value.name.value] : undefined;
  return typeof given === 'number' && given >= 0 ? given : LARGEST_PAGE;
}
