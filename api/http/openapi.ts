import type Joi from 'joi';
import { errorCatalog, errorEntry } from '#shared/errors/error-catalog.ts';
import type { ErrorCode } from '#shared/errors/error-catalog.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { mediaTypes } from './body.ts';
import { takesIdempotencyKey } from './endpoint.ts';
import type { AnyEndpoint, Method, ResponseContract } from './endpoint.ts';
import { problemOf, problemSchema } from './error-handler.ts';
import { toolkitHeaders } from './toolkit-headers.ts';

/** JSON Schema 2020-12, which is what OpenAPI 3.1 speaks. */
export interface JsonSchema {
  readonly [key: string]: unknown;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly required?: readonly string[];
}

export interface OpenApiOptions {
  readonly publicUrl: string;
  readonly version: string;
  readonly sessionCookie: string;
  readonly refreshCookie: string;
}

const TAGS: Readonly<Record<string, string>> = {
  auth: 'Accounts and logins.',
  'api-keys': 'Keys of programs.',
  audit: 'Who did what, and from where.',
  integrations: 'Credentials for the services of others.',
  reflections: 'What assistants think of themselves and their material, and what they are told.',
  assistants: 'Assistants: who they are, what they can do, and their families.',
  prompts: 'Prompts, and what was made of them.',
  memories: 'What assistants remember.',
  'memory-chains': 'Memories in an order, chosen by hand or by filters.',
  conversations: 'Conversations, and replies made of what the assistant knows.',
  documents: 'Documents: taken in by jobs, found by search.',
  'embedding models': 'For administrators: a change of the embedding model, without downtime.',
  jobs: 'Work done in the background.',
  webhooks: 'Being told when jobs end.',
  admin: 'Queues and dead jobs, for administrators.',
  batch: 'Several operations in one request.',
  search: 'Passages by meaning and by words.',
  graphql: 'All of it that can be read, several things at once.',
  health: 'For whatever watches over the process.',
  docs: 'This description.',
};

/** Methods of a path stand in the order in which one meets them. */
const METHODS: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const rank = ({ method }: AnyEndpoint): number => METHODS.indexOf(method);

/** Describes all endpoints as an OpenAPI 3.1 document. */
export function createOpenApi(endpoints: readonly AnyEndpoint[], options: OpenApiOptions) {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const endpoint of [...endpoints].sort((a, b) => rank(a) - rank(b))) {
    const path = endpoint.fullPath.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[endpoint.method.toLowerCase()] = operation(endpoint);
  }
  const used = new Set(endpoints.map((endpoint) => endpoint.tag));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Donkey Workspace',
      version: options.version,
      description: 'Self-hosted backend for AI assistants: documents in, cited passages out.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: options.publicUrl }],
    tags: [...used].map((name) => ({ name, description: TAGS[name] ?? name })),
    paths,
    components: {
      schemas: { Problem: jsonSchemaOf(problemSchema) },
      examples: Object.fromEntries(
        (Object.keys(errorCatalog) as ErrorCode[]).map((code) => [code, errorExample(code, options)]),
      ),
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: options.sessionCookie },
        refresh: { type: 'apiKey', in: 'cookie', name: options.refreshCookie },
        apiKey: { type: 'http', scheme: 'bearer', description: 'A key from POST /api/v1/auth/api-keys.' },
      },
    },
  };
}

export type OpenApi = ReturnType<typeof createOpenApi>;
export type Operation = ReturnType<typeof operation>;

function operation(endpoint: AnyEndpoint) {
  return {
    operationId: endpoint.operationId,
    summary: endpoint.summary,
    description: [endpoint.description, proofSentence(endpoint)].filter((text) => text !== '').join(' '),
    tags: [endpoint.tag],
    ...(endpoint.deprecation === undefined ? {} : { deprecated: true }),
    security: securityOf(endpoint),
    parameters: parameters(endpoint),
    ...(mediaTypes(endpoint).length === 0 ? {} : { requestBody: requestBody(endpoint) }),
    responses: merged(successes(endpoint), failures(endpoint)),
    'x-error-codes': endpoint.errors,
    'x-rate-bucket': endpoint.rateBucket,
    'x-access': {
      auth: endpoint.auth,
      scope: endpoint.scope ?? null,
      ownership: endpoint.ownership,
      sensitive: endpoint.sensitive,
      sensitive_when: endpoint.sensitive ? (endpoint.proofCondition?.when ?? 'always') : null,
    },
  };
}

/** When an operation asks for more than a cookie or a key, and for what. */
function proofSentence({ sensitive, proofCondition, scope }: AnyEndpoint): string {
  if (!sensitive) return '';
  const start = proofCondition === undefined ? 'Asks' : `Asks ${proofCondition.when}`;
  const password = `${start} for a password given within the last five minutes`;
  return scope === undefined ? `${password}.` : `${password}, of API keys for a signed request.`;
}

/** Any one of these will do. Scopes of schemes that are not OAuth are roles, to OpenAPI 3.1. */
function securityOf({ auth, scope }: AnyEndpoint): Record<string, string[]>[] {
  if (auth === 'public') return [];
  const session = { session: [] };
  if (auth === 'refresh') return [{ refresh: [] }];
  if (auth === 'optional') return [{}, session];
  return scope === undefined ? [session] : [session, { apiKey: [scope] }];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description: string;
  readonly schema: JsonSchema;
  readonly example?: unknown;
}

function parameters(endpoint: AnyEndpoint): Parameter[] {
  const { example } = endpoint;
  const all = [
    ...fieldsOf('path', endpoint.params, example.params),
    ...fieldsOf('query', endpoint.query, example.query),
    ...fieldsOf('header', endpoint.headers, example.headers),
  ];
  if (endpoint.csrf)
    all.push({
      name: 'x-csrf-token',
      in: 'header',
      required: endpoint.scope === undefined,
      description:
        'Token from GET /api/v1/auth/csrf, bound to the session. Callers with an API key need none.',
      schema: { type: 'string' },
      example: 'q1W2e3R4-8sVd0hYcUu3mZ5oKx9TtLrBnJgE',
    });
  if (takesIdempotencyKey(endpoint))
    all.push({
      name: 'idempotency-key',
      in: 'header',
      required: false,
      description:
        'Chosen by the client, 1 to 255 visible ASCII characters. The same request under the same key has one effect and one answer, for 24 hours.',
      schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
      example: '7f4d2c1e-0b5a-4e6f-9c8d-3a2b1c0d9e8f',
    });
  if (endpoint.sensitive && endpoint.scope !== undefined) all.push(...signatureParameters(endpoint));
  return all;
}

/** What callers with an API key send with a sensitive request (RFC 9421 and 9530). */
function signatureParameters(endpoint: AnyEndpoint): Parameter[] {
  const parameter = (name: string, description: string): Parameter => ({
    name,
    in: 'header',
    required: false,
    description: `${description} Callers with an API key alone.`,
    schema: { type: 'string' },
  });
  return [
    parameter('signature-input', 'What is signed (RFC 9421).'),
    parameter('signature', 'The signature.'),
    ...(endpoint.body === undefined ? [] : [parameter('content-digest', 'Digest of the body (RFC 9530).')]),
  ];
}

function fieldsOf(
  place: Parameter['in'],
  schema: Joi.ObjectSchema | undefined,
  examples: Readonly<Record<string, unknown>> = {},
): Parameter[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = jsonSchemaOf(schema);
  return Object.entries(properties).map(([name, property]) => {
    const { description = '', ...rest } = property;
    return {
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      description,
      schema: rest,
      ...(name in examples ? { example: examples[name] } : {}),
    };
  });
}

function requestBody(endpoint: AnyEndpoint) {
  const content: Record<string, { schema: JsonSchema; example?: unknown }> = {};
  const { example } = endpoint;
  if (endpoint.body !== undefined)
    content['application/json'] = { schema: jsonSchemaOf(endpoint.body), example: example.body };
  if (endpoint.form !== undefined) {
    const form = jsonSchemaOf(endpoint.form);
    const file: JsonSchema = { type: 'string', contentMediaType: 'application/octet-stream' };
    content['multipart/form-data'] = {
      schema: {
        ...form,
        properties: { ...form.properties, file },
        required: [...(form.required ?? []), 'file'],
      },
      example: { ...example.form, file: '(the bytes of the file)' },
    };
  }
  return { required: true, content };
}

export interface ResponseObject {
  readonly description: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, unknown>>;
}

function successes(endpoint: AnyEndpoint): Record<string, ResponseObject> {
  return Object.fromEntries(
    Object.entries(endpoint.responses).map(([status, contract]) => [
      status,
      {
        description: contract.description,
        headers: Object.fromEntries(
          Object.entries({ ...toolkitHeaders(endpoint, Number(status)), ...contract.headers }).map(
            ([name, description]) => [name, { description, schema: { type: 'string' } }],
          ),
        ),
        ...contentOf(contract),
      },
    ]),
  );
}

/** Answers by status; what is no problem may have the status of one. */
function merged(
  answers: Readonly<Record<string, ResponseObject>>,
  problems: Readonly<Record<string, ResponseObject>>,
): Record<string, ResponseObject> {
  const shared = Object.entries(problems).map(([status, problem]) => {
    const answer = answers[status];
    if (answer === undefined) return [status, problem] as const;
    const description = `${answer.description} ${problem.description}`;
    return [status, { ...answer, description, content: { ...answer.content, ...problem.content } }] as const;
  });
  return { ...answers, ...Object.fromEntries(shared) };
}

function contentOf({
  schema,
  jsonTypes = ['application/json'],
  contentType,
  example,
}: ResponseContract): Pick<ResponseObject, 'content'> {
  const shown = example === undefined ? {} : { example };
  if (schema !== undefined)
    return {
      content: Object.fromEntries(
        jsonTypes.map((type) => [type, { schema: jsonSchemaOf(schema), ...shown }]),
      ),
    };
  return contentType === undefined ? {} : { content: { [contentType]: shown } };
}

function failures(endpoint: AnyEndpoint): Record<string, ResponseObject> {
  const byStatus = Map.groupBy(endpoint.errors, (code) => errorEntry(code).status);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `${code}: ${errorEntry(code).title}.`).join(' '),
        content: {
          'application/problem+json': {
            schema: { $ref: '#/components/schemas/Problem' },
            examples: Object.fromEntries(
              codes.map((code) => [code, { $ref: `#/components/examples/${code}` }]),
            ),
          },
        },
      },
    ]),
  );
}

function errorExample(code: ErrorCode, { publicUrl }: OpenApiOptions) {
  const fault = { pointer: '/body/name', code: 'any.required', message: '"name" is required' };
  const error = new AppError(code, code === 'request.invalid' ? { errors: [fault] } : {});
  const instance = '/api/v1/example';
  const correlation = { correlation_id: '01980f5e-2c4a-7b3e-9d51-6a7f0e8c1b24' };
  return {
    summary: errorEntry(code).title,
    value: { ...problemOf(error, publicUrl), instance, ...correlation },
  };
}

/** The JSON Schema of a joi schema, with what joi leaves out put right. */
export function jsonSchemaOf(schema: Joi.Schema): JsonSchema {
  return repaired(schema['~standard'].jsonSchema.input({ target: 'draft-2020-12' })) as JsonSchema;
}

/** joi says `null` in `type` but not in `enum`, where it would have to be as well. */
function repaired(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(repaired);
  if (typeof value !== 'object' || value === null) return value;
  const result = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, repaired(item)]));
  const { type, enum: allowed } = result;
  if (Array.isArray(type) && type.includes('null') && Array.isArray(allowed) && !allowed.includes(null))
    result.enum = [...(allowed as unknown[]), null];
  return result;
}
