import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Json } from '#tests/support/http-client.ts';
import { breaksBetween } from '#tests/support/openapi-breaks.ts';

/** A small API with something of everything. */
const sample = (): Json => ({
  components: {
    schemas: {
      Problem: { type: 'object', properties: { code: { enum: ['a.b', 'c.d'] } }, required: ['code'] },
    },
  },
  paths: {
    '/things': {
      post: {
        operationId: 'makeThing',
        security: [{ session: [] }, { apiKey: ['things'] }],
        'x-access': { sensitive_when: null },
        parameters: [
          {
            in: 'query',
            name: 'limit',
            required: false,
            schema: { type: 'integer', minimum: 1, maximum: 100 },
          },
          { in: 'header', name: 'x-hint', required: false, schema: { type: 'string', enum: ['a', 'b'] } },
        ],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['name'],
                additionalProperties: false,
                properties: {
                  name: { type: 'string', minLength: 1, maxLength: 50 },
                  size: { anyOf: [{ type: 'integer' }, { enum: ['small', 'large'] }] },
                  tags: { type: 'array', maxItems: 10, items: { type: 'string' } },
                },
              },
            },
          },
        },
        responses: {
          201: {
            headers: { Location: {} },
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  required: ['id', 'state'],
                  properties: {
                    id: { type: 'string' },
                    state: { type: 'string', enum: ['new', 'done'] },
                    count: { type: 'number' },
                    tags: {
                      type: 'array',
                      items: { type: 'object', properties: { label: { type: 'string' } } },
                    },
                  },
                },
              },
            },
          },
          404: {
            content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
          },
        },
      },
      get: { operationId: 'listThings', security: [], responses: { 200: {}, 304: {} } },
    },
  },
});

interface Parts {
  readonly api: Json;
  readonly paths: Json;
  readonly make: Json;
  /** Schema of the body of a request, and its fields. */
  readonly body: Json;
  readonly fields: Json;
  /** Schema of the answer, and its fields. */
  readonly answer: Json;
  readonly shown: Json;
}

function partsOf(api: Json): Parts {
  const make = api.paths['/things'].post;
  const body = make.requestBody.content['application/json'].schema;
  const answer = make.responses[201].content['application/json'].schema;
  return { api, paths: api.paths, make, body, fields: body.properties, answer, shown: answer.properties };
}

/** What an API that is changed so is said to break. */
function breaksOf(change: (parts: Parts) => unknown): string[] {
  const changed = sample();
  change(partsOf(changed));
  return breaksBetween(sample(), changed);
}

const breaking: Readonly<Record<string, (parts: Parts) => unknown>> = {
  'an operation is gone': ({ paths }) => delete paths['/things'].get,
  'a path is gone': ({ paths }) => delete paths['/things'],
  'an operation has another name': ({ make }) => (make.operationId = 'createThing'),
  'a parameter is gone': ({ make }) => make.parameters.pop(),
  'a parameter is required now': ({ make }) => (make.parameters[0].required = true),
  'a new parameter is required': ({ make }) =>
    make.parameters.push({ in: 'header', name: 'if-match', required: true, schema: {} }),
  'a parameter takes fewer values': ({ make }) => make.parameters[1].schema.enum.pop(),
  'a bound of a parameter is tighter': ({ make }) => (make.parameters[0].schema.maximum = 50),
  'a field of a body is gone': ({ fields }) => delete fields.tags,
  'a field of a body is required now': ({ body }) => body.required.push('size'),
  'a new field of a body is required': ({ body, fields }) => {
    fields.colour = { type: 'string' };
    body.required.push('colour');
  },
  'a text may be less long': ({ fields }) => (fields.name.maxLength = 20),
  'a text has to have a form': ({ fields }) => (fields.name.pattern = '^a'),
  'a list takes entries of another type': ({ fields }) => (fields.tags.items.type = 'integer'),
  'an alternative is no longer taken': ({ fields }) => fields.size.anyOf.pop(),
  'another type of body': ({ make }) =>
    (make.requestBody.content = { 'text/plain': make.requestBody.content['application/json'] }),
  'a field of an answer is gone': ({ shown }) => delete shown.count,
  'a field deep in an answer is gone': ({ shown }) => delete shown.tags.items.properties.label,
  'a field of an answer may be missing': ({ answer }) => answer.required.pop(),
  'a field of an answer may be null': ({ shown }) => (shown.id.type = ['string', 'null']),
  'a field of an answer has another type': ({ shown }) => (shown.count.type = 'string'),
  'a value of an answer is gone': ({ shown }) => shown.state.enum.pop(),
  'a status is gone': ({ make }) => {
    make.responses[200] = make.responses[201];
    delete make.responses[201];
  },
  'an answer that says nothing new is gone': ({ paths }) => delete paths['/things'].get.responses[304],
  'a header of an answer is gone': ({ make }) => delete make.responses[201].headers.Location,
  'a login is asked for': ({ paths }) => (paths['/things'].get.security = [{ session: [] }]),
  'keys are no longer let in': ({ make }) => make.security.pop(),
  'keys need another scope': ({ make }) => make.security[1].apiKey.push('more'),
  'proof is asked for': ({ make }) => (make['x-access'].sensitive_when = 'always'),
  'an error code is gone': ({ api }) => api.components.schemas.Problem.properties.code.enum.pop(),
};

const harmless: Readonly<Record<string, (parts: Parts) => unknown>> = {
  'nothing at all': () => undefined,
  'a new path': ({ paths }) => (paths['/others'] = paths['/things']),
  'a new operation': ({ paths }) => (paths['/things'].delete = { operationId: 'x', responses: {} }),
  'a new parameter that may be left out': ({ make }) =>
    make.parameters.push({ in: 'query', name: 'q', required: false, schema: { type: 'string' } }),
  'a new field of a body that may be left out': ({ fields }) => (fields.colour = { type: 'string' }),
  'a field of a body is no longer required': ({ body }) => (body.required = []),
  'a longer text, more entries': ({ fields }) => {
    fields.name.maxLength = 500;
    delete fields.tags.maxItems;
  },
  'a parameter takes more values': ({ make }) => make.parameters[1].schema.enum.push('c'),
  'a number may be a fraction': ({ make }) => (make.parameters[0].schema.type = 'number'),
  'a field of a body may be null': ({ fields }) => (fields.name.type = ['string', 'null']),
  'another alternative': ({ fields }) => fields.size.anyOf.push({ type: 'null' }),
  'another type of body as well': ({ make }) => (make.requestBody.content['text/plain'] = {}),
  'a new field of an answer': ({ answer, shown }) => {
    shown.colour = { type: 'string' };
    answer.required.push('colour');
  },
  'a new value of an answer': ({ shown }) => shown.state.enum.push('lost'),
  'a number of an answer is whole': ({ shown }) => (shown.count.type = 'integer'),
  'a field of an answer is always there': ({ answer }) => answer.required.push('count'),
  'a new header, a new status': ({ make }) => {
    make.responses[201].headers.ETag = {};
    make.responses[409] = { content: {} };
  },
  'an error that no longer happens': ({ make }) => delete make.responses[404],
  'a new error code': ({ api }) => api.components.schemas.Problem.properties.code.enum.push('e.f'),
  'another way to be let in': ({ make }) => make.security.push({ signature: [] }),
  'no login is needed any more': ({ make }) => (make.security = []),
  'other words': ({ make }) => Object.assign(make, { summary: 'Make it', description: '', deprecated: true }),
};

suite('what breaks clients', () => {
  for (const [name, change] of Object.entries(breaking))
    test(`a break: ${name}`, (t) => {
      const breaks = breaksOf(change);
      assert.ok(breaks.length >= 1, 'it is not noticed');
      t.diagnostic(breaks.join('; '));
    });
  for (const [name, change] of Object.entries(harmless))
    test(`harmless: ${name}`, () => assert.deepEqual(breaksOf(change), []));
});
