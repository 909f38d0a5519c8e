import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import Joi from 'joi';
import type { AnyEndpoint } from '#api/http/endpoint.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

/** Rules of joi that bound a text, by length or by form. A pattern must also be bounded by its length. */
const BOUNDS = ['max', 'length', 'guid', 'isoDate', 'ip', 'hex'];

interface Limits {
  readonly type: string;
  readonly rules: readonly string[];
  /** Only listed values. */
  readonly only: boolean;
  readonly unknownKeys: boolean;
  readonly anyKeys: boolean;
  readonly keyPatterns: boolean;
}

/** What makes a value endless, and when. */
const checks: readonly [fault: string, applies: (limits: Limits) => boolean][] = [
  ['takes anything', ({ type, only }) => type === 'any' && !only],
  [
    'is an endless list',
    ({ type, rules }) => type === 'array' && !rules.some((name) => /^(max|length)$/.test(name)),
  ],
  [
    'is an endless text',
    ({ type, only, rules }) => type === 'string' && !only && !rules.some((name) => BOUNDS.includes(name)),
  ],
  [
    'is a number without bounds',
    ({ type, only, rules }) =>
      type === 'number' && !only && !(rules.includes('min') && rules.includes('max')),
  ],
  ['takes unknown keys', ({ unknownKeys }) => unknownKeys],
  ['is an object of any keys', ({ anyKeys }) => anyKeys],
  ['takes endlessly many keys', ({ keyPatterns, rules }) => keyPatterns && !rules.includes('max')],
];

function limitsOf(schema: Joi.Description): Limits {
  const flags = (schema.flags ?? {}) as { only?: boolean; unknown?: boolean };
  return {
    type: schema.type ?? '',
    rules: ((schema.rules ?? []) as { name: string }[]).map(({ name }) => name),
    only: flags.only === true,
    unknownKeys: schema.type === 'object' && flags.unknown === true,
    anyKeys: schema.type === 'object' && schema.keys === undefined,
    keyPatterns: schema.patterns !== undefined,
  };
}

/** The schemas inside a schema, with their places. */
function partsOf(schema: Joi.Description): [path: string, part: Joi.Description][] {
  const keys = Object.entries((schema.keys ?? {}) as Record<string, Joi.Description>);
  const matches = (schema.matches ?? []) as { schema?: Joi.Description }[];
  return [
    ...keys.map(([key, part]): [string, Joi.Description] => [`/${key}`, part]),
    ...((schema.items ?? []) as Joi.Description[]).map((part): [string, Joi.Description] => ['/*', part]),
    ...matches.flatMap((match): [string, Joi.Description][] => (match.schema ? [['', match.schema]] : [])),
    ...((schema.patterns ?? []) as { rule: Joi.Description }[]).map(({ rule }): [string, Joi.Description] => [
      '/{key}',
      rule,
    ]),
  ];
}

/** What is wrong with the limits of a schema and of everything in it. */
function faultsOf(schema: Joi.Description, path: string): string[] {
  // The body of an operation of a batch: its own contract, which this test knows as well, bounds it. The variables of
  // GraphQL: the schema and the limit of the body do.
  if ((schema.metas as object[] | undefined)?.some((meta) => 'isHeldElsewhere' in meta) === true) return [];
  const limits = limitsOf(schema);
  return [
    ...checks.filter(([, applies]) => applies(limits)).map(([fault]) => `${path} ${fault}`),
    ...partsOf(schema).flatMap(([step, part]) => faultsOf(part, `${path}${step}`)),
  ];
}

const PARTS = ['params', 'query', 'headers', 'body', 'form'] as const;
const faultsOfEndpoint = (endpoint: AnyEndpoint): string[] =>
  PARTS.flatMap((part) => {
    const schema = endpoint[part];
    return schema === undefined ? [] : faultsOf(schema.describe(), `${endpoint.operationId} ${part}`);
  });

suite('ASVS 5.0 2.2.1: every input has an end', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app[Symbol.asyncDispose]());

  test('lists, texts and numbers are bounded, and unknown keys are refused, in all contracts', (t) => {
    const schemas = app.endpoints.flatMap((endpoint) => PARTS.filter((part) => endpoint[part] !== undefined));
    const faults = app.endpoints.flatMap(faultsOfEndpoint);
    t.diagnostic(
      `${schemas.length} schemas of ${app.endpoints.length} operations, ${faults.length} inputs without an end`,
    );
    assert.deepEqual(faults, []);
  });

  test('of what is held to something else there are two', () => {
    const marked = app.endpoints.filter(
      ({ body }) => body !== undefined && JSON.stringify(body.describe()).includes('isHeldElsewhere'),
    );
    assert.deepEqual(
      marked.map(({ operationId }) => operationId),
      ['runGraphql', 'runOperations'],
    );
  });

  const endless: [what: string, schema: Joi.Schema][] = [
    ['a text', Joi.string()],
    ['a text of a pattern', Joi.string().pattern(/^a+$/)],
    ['a list', Joi.array().items(Joi.string().max(1))],
    ['a text in a list', Joi.array().max(3).items(Joi.string())],
    ['a number', Joi.number()],
    ['anything', Joi.any()],
    ['an object of any keys', Joi.object()],
    ['unknown keys', Joi.object({}).unknown()],
    ['one of two', Joi.alternatives(Joi.string().max(1), Joi.array().items(Joi.string().max(1)))],
    ['keys by pattern', Joi.object({}).pattern(/^a/, Joi.string().max(1))],
  ];
  for (const [what, schema] of endless)
    test(`is noticed: ${what}`, () =>
      assert.notDeepEqual(faultsOf(Joi.object({ a: schema }).describe(), ''), []));
});
