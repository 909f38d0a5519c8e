import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { Json } from './http-client.ts';

/** What a fuzzer knows of a JSON Schema as the contracts use it. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** Longest text and list that is made of a schema that would allow longer ones. */
const LONG = 120;
const MANY = 5;

/** Values that keep to a schema, as far as JSON Schema can tell. */
export function valuesOf(schema: Schema): Arbitrary<Json> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map(valuesOf));
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  if (types.length === 0) return fc.jsonValue({ maxDepth: 2 });
  return fc.oneof(...types.map((type) => valuesOfType(type, schema)));
}

function valuesOfType(type: string, schema: Schema): Arbitrary<Json> {
  switch (type) {
    case 'object':
      return objectsOf(schema);
    case 'array': {
      const { items = {}, minItems: minLength = 0, maxItems = MANY } = schema;
      const maxLength = Math.max(minLength, Math.min(maxItems, MANY));
      return fc.array(valuesOf(items), { minLength, maxLength });
    }
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -1000, max: schema.maximum ?? 1000 });
    case 'number':
      return fc.double({ min: schema.minimum ?? -1e6, max: schema.maximum ?? 1e6, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return textsOf(schema);
  }
}

function objectsOf({ properties = {}, required = [] }: Schema): Arbitrary<Json> {
  const fields = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, valuesOf(one)]));
  return fc.record(fields, { requiredKeys: required.filter((name) => name in fields) });
}

function textsOf(schema: Schema): Arbitrary<string> {
  if (schema.format === 'uuid') return fc.uuid();
  if (schema.format === 'email') return fc.emailAddress();
  if (schema.format === 'uri') return fc.webUrl();
  if (schema.format?.startsWith('date') === true)
    return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  // Look-ahead cannot be generated; such texts are left to chance.
  if (schema.pattern !== undefined && !schema.pattern.includes('(?'))
    return fc.stringMatching(new RegExp(schema.pattern));
  const minLength = schema.minLength ?? 0;
  const maxLength = Math.max(minLength, Math.min(schema.maxLength ?? LONG, LONG));
  return fc.oneof(fc.string({ minLength, maxLength }), fc.string({ minLength, maxLength, unit: 'grapheme' }));
}

/** What attackers and broken clients send, whatever was asked for. */
export const oddities: Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json[]>(
    null,
    true,
    0,
    -1,
    1.5,
    2 ** 31,
    2 ** 53,
    1e308,
    '',
    ' ',
    '0',
    'null',
    "' or 1=1 --",
    '"; drop table users; --',
    '$(id)',
    '%00',
    '\0',
    'a\0b',
    '\ud800',
    '\u202e\u0007\u001b[31m',
    '../../etc/passwd',
    '{{7*7}}',
    '<script>alert(1)</script>',
    '-1',
    'NaN',
    '2026-99-99T99:99:99Z',
    '00000000-0000-0000-0000-000000000000',
    'x'.repeat(5000),
    [],
    [[]],
    {},
    { $ne: null },
    { constructor: { prototype: { admin: true } } },
    JSON.parse('{"__proto__": {"role": "admin"}}'),
    JSON.parse(`${'['.repeat(60)}${']'.repeat(60)}`),
    Array.from({ length: 300 }, (_, index) => index),
  ),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

/** Values that break a schema in one place, or altogether. */
export function brokenValuesOf(schema: Schema): Arbitrary<Json> {
  const { properties } = schema;
  if (properties === undefined || Object.keys(properties).length === 0) return oddities;
  const names = Object.keys(properties);
  const broken = fc
    .tuple(valuesOf(schema), fc.constantFrom(...names), oddities)
    .map(([value, name, odd]) => ({ ...value, [name]: odd }));
  const lacking = fc
    .tuple(valuesOf(schema), fc.constantFrom(...names))
    .map(([value, gone]) => Object.fromEntries(Object.entries(value).filter(([name]) => name !== gone)));
  const extra = fc
    .tuple(
      valuesOf(schema),
      fc.constantFrom('id', 'user_id', 'role', 'is_admin', '__proto__', 'constructor'),
      oddities,
    )
    .map(([value, name, odd]) => Object.fromEntries([...Object.entries(value), [name, odd]]));
  return fc.oneof({ weight: 4, arbitrary: broken }, lacking, extra, oddities);
}
