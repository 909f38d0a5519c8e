import type { Json } from './http-client.ts';

/** JSON Schema, or part of one. */
type Schema = Json;
/** What clients send must stay accepted; what they are sent must stay what they know. */
type Side = 'request' | 'response';
/** Notes one break: where it is, and what it is. */
type Note = (where: string, what: string) => void;

/**
 * Compares two OpenAPI documents by the rules of docs/api-versioning.md.
 *
 * @returns what breaks clients that were written for the first; nothing where only things were added
 */
export function breaksBetween(before: Json, after: Json): string[] {
  const breaks: string[] = [];
  const note: Note = (where, what) => void breaks.push(`${where}: ${what}`);
  for (const [path, methods] of Object.entries<Json>(before.paths))
    for (const [method, operation] of Object.entries<Json>(methods)) {
      const name = `${method.toUpperCase()} ${path}`;
      const now = after.paths[path]?.[method];
      if (now === undefined) note(name, 'the operation is gone');
      else compareOperations(name, operation, now, note);
    }
  const problemOf = (api: Json): Schema => api.components?.schemas?.Problem ?? {};
  compareSchemas('Problem', problemOf(before), problemOf(after), 'response', note);
  return breaks;
}

function compareOperations(name: string, before: Json, after: Json, note: Note): void {
  if (before.operationId !== after.operationId) note(name, 'has another operationId');
  compareAccess(name, before, after, note);
  compareParameters(name, before.parameters ?? [], after.parameters ?? [], note);
  compareBodies(name, before.requestBody, after.requestBody, note);
  for (const [status, answer] of Object.entries<Json>(before.responses)) {
    const where = `${name} ${status}`;
    const now = after.responses[status];
    if (now !== undefined) compareAnswers(where, answer, now, note);
    // An error that no longer happens is nobody's loss.
    else if (Number(status) < 400) note(where, 'the answer is gone');
  }
}

/** Whoever was let in before must be. */
function compareAccess(name: string, before: Json, after: Json, note: Note): void {
  const ways = ({ security = [] }: Json): Json[] => (security.length === 0 ? [{}] : security);
  for (const way of ways(before)) {
    const isLetIn = ways(after).some((demand) =>
      Object.entries<string[]>(demand).every(
        ([scheme, scopes]) =>
          scopes.every((scope) => way[scheme]?.includes(scope)) && way[scheme] !== undefined,
      ),
    );
    if (!isLetIn) note(name, `${JSON.stringify(way)} is no longer enough`);
  }
  const [proof, proofNow] = [before, after].map((one) => one['x-access']?.sensitive_when ?? null);
  if (proofNow !== null && proofNow !== proof) note(name, `asks for proof ${proofNow}`);
}

function compareParameters(name: string, before: Json[], after: Json[], note: Note): void {
  const find = (list: Json[], one: Json): Json =>
    list.find((other) => other.in === one.in && other.name === one.name);
  for (const parameter of before) {
    const now = find(after, parameter);
    const where = `${name} ${parameter.in} ${parameter.name}`;
    if (now === undefined) note(where, 'the parameter is gone');
    else {
      if (now.required === true && parameter.required !== true) note(where, 'is required now');
      compareSchemas(where, parameter.schema, now.schema, 'request', note);
    }
  }
  for (const parameter of after)
    if (parameter.required === true && find(before, parameter) === undefined)
      note(`${name} ${parameter.in} ${parameter.name}`, 'a new parameter is required');
}

function compareBodies(name: string, before: Json, after: Json, note: Note): void {
  const where = `${name} body`;
  if (before === undefined) {
    if (after?.required === true) note(where, 'a body is required now');
    return;
  }
  if (after === undefined) {
    note(where, 'is no longer read');
    return;
  }
  if (after.required === true && before.required !== true) note(where, 'is required now');
  compareContents(where, before.content, after.content, 'request', note);
}

function compareAnswers(where: string, before: Json, after: Json, note: Note): void {
  for (const header of Object.keys(before.headers ?? {}))
    if (after.headers?.[header] === undefined) note(where, `the header ${header} is gone`);
  compareContents(where, before.content ?? {}, after.content ?? {}, 'response', note);
}

function compareContents(where: string, before: Json, after: Json, side: Side, note: Note): void {
  for (const [type, { schema }] of Object.entries<Json>(before))
    if (after[type] === undefined) note(where, `${type} is gone`);
    else if (schema !== undefined && schema.$ref === undefined)
      compareSchemas(where, schema, after[type].schema ?? {}, side, note);
}

/** Keywords of which it is not worked out what a change means: any is taken for a break. */
const OPAQUE = [
  'const',
  'pattern',
  'format',
  'default',
  'not',
  'allOf',
  'if',
  'then',
  'else',
  'dependentRequired',
  'dependentSchemas',
  'propertyNames',
  'patternProperties',
  'contains',
  'prefixItems',
  '$ref',
] as const;
const LEAST = ['minLength', 'minimum', 'exclusiveMinimum', 'minItems', 'minProperties'] as const;
const MOST = ['maxLength', 'maximum', 'exclusiveMaximum', 'maxItems', 'maxProperties'] as const;

function compareSchemas(where: string, before: Schema, after: Schema, side: Side, note: Note): void {
  compareTypes(where, before, after, side, note);
  compareValues(where, before, after, side, note);
  if (side === 'request') compareBounds(where, before, after, note);
  for (const keyword of OPAQUE)
    if (!isSame(before[keyword], after[keyword]) && (side === 'request' || before[keyword] !== undefined))
      note(where, `${keyword} has changed`);
  compareProperties(where, before, after, side, note);
  if (before.items !== undefined && before.items !== false)
    compareSchemas(`${where}[]`, before.items, after.items ?? {}, side, note);
  compareBranches(where, before, after, side, note);
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Names of the types a schema allows; undefined for all. An integer is a number as well. */
const typesOf = ({ type }: Schema): string[] | undefined => (type === undefined ? undefined : [type].flat());

const covers = (wide: readonly string[], type: string): boolean =>
  wide.includes(type) || (type === 'integer' && wide.includes('number'));

function compareTypes(where: string, before: Schema, after: Schema, side: Side, note: Note): void {
  const [wide, narrow] =
    side === 'request' ? [typesOf(after), typesOf(before)] : [typesOf(before), typesOf(after)];
  if (wide === undefined) return;
  const isKept = narrow?.every((type) => covers(wide, type)) ?? false;
  if (!isKept) note(where, `the type was ${String(before.type)} and is ${String(after.type)}`);
}

/** New values of an answer are for clients to bear; one that is gone may be the one they wait for. */
function compareValues(where: string, before: Schema, after: Schema, side: Side, note: Note): void {
  if (after.enum === undefined) {
    if (side === 'response' && before.enum !== undefined) note(where, 'may be any value now');
    return;
  }
  if (before.enum === undefined) {
    if (side === 'request') note(where, 'only certain values are taken now');
    return;
  }
  for (const value of before.enum)
    if (!after.enum.includes(value)) note(where, `the value ${JSON.stringify(value)} is gone`);
}

function compareBounds(where: string, before: Schema, after: Schema, note: Note): void {
  for (const keyword of LEAST)
    if ((after[keyword] ?? -Infinity) > (before[keyword] ?? -Infinity)) note(where, `${keyword} is higher`);
  for (const keyword of MOST)
    if ((after[keyword] ?? Infinity) < (before[keyword] ?? Infinity)) note(where, `${keyword} is lower`);
  if (after.uniqueItems === true && before.uniqueItems !== true) note(where, 'entries must differ now');
  if (
    after.additionalProperties === false &&
    before.additionalProperties !== false &&
    before.type === 'object'
  )
    note(where, 'takes no other fields any more');
}

function compareProperties(where: string, before: Schema, after: Schema, side: Side, note: Note): void {
  const required = ({ required: names = [] }: Schema): string[] => names;
  for (const [name, schema] of Object.entries<Schema>(before.properties ?? {})) {
    const now = after.properties?.[name];
    if (now === undefined) note(where, `the field ${name} is gone`);
    else compareSchemas(`${where}.${name}`, schema, now, side, note);
  }
  if (side === 'request') {
    for (const name of required(after))
      if (!required(before).includes(name)) note(where, `the field ${name} is required now`);
  } else
    for (const name of required(before))
      if (!required(after).includes(name) && after.properties?.[name] !== undefined)
        note(where, `the field ${name} may be missing now`);
}

/** Alternatives: each that clients send must fit one of now, each that they are sent one of before. */
function compareBranches(where: string, before: Schema, after: Schema, side: Side, note: Note): void {
  const branches = ({ anyOf, oneOf }: Schema): Schema[] | undefined => anyOf ?? oneOf;
  const [was, is] = [branches(before), branches(after)];
  if (isSame(was, is) || (was === undefined && side === 'response')) return;
  const [from, to] = side === 'request' ? [was ?? [{}], is ?? [{}]] : [is ?? [{}], was ?? [{}]];
  const fits = (one: Schema, other: Schema): boolean => {
    let isBroken = false;
    const [old, now] = side === 'request' ? [one, other] : [other, one];
    compareSchemas(where, old, now, side, () => (isBroken = true));
    return !isBroken;
  };
  if (!from.every((one) => to.some((other) => fits(one, other))))
    note(where, 'the alternatives have changed');
}
