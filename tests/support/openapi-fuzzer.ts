import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { HttpClient, Json } from './http-client.ts';
import { brokenValuesOf, oddities, valuesOf } from './json-schema-values.ts';
import type { Schema } from './json-schema-values.ts';

/** One operation of an OpenAPI document. */
export interface FuzzedOperation {
  readonly method: string;
  readonly path: string;
  readonly spec: Json;
}

/** A request as it is sent. */
export interface FuzzedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | FormData | undefined;
}

/** Ids of things that exist, so that not every id leads to a 404. */
export type KnownIds = readonly string[];

export function operationsOf(api: Json): FuzzedOperation[] {
  return Object.entries<Json>(api.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).map(([method, spec]) => ({ method: method.toUpperCase(), path, spec })),
  );
}

/** Mostly what the schema asks for: requests that are wrong all over say little. */
const mostly = (schema: Schema): Arbitrary<Json> =>
  fc.oneof({ weight: 3, arbitrary: valuesOf(schema) }, { weight: 1, arbitrary: brokenValuesOf(schema) });

/** Requests to an operation: valid ones and ones that are wrong in any part. */
export function requestsOf({ path, spec }: FuzzedOperation, ids: KnownIds): Arbitrary<FuzzedRequest> {
  const parameters = (place: string): Json[] => spec.parameters.filter((one: Json) => one.in === place);
  const pathValues = fc.record(
    Object.fromEntries(
      parameters('path').map(({ name, schema }) => [
        name,
        fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...ids) }, mostly(schema)).map(asStep),
      ]),
    ),
  );
  const query = optional(parameters('query'));
  const headers = optional(parameters('header').filter(({ name }) => name !== 'x-csrf-token'));
  return fc
    .tuple(pathValues, query, headers, bodiesOf(spec.requestBody, ids))
    .map(([steps, search, sent, body]) => ({
      path: path.replace(/\{(\w+)\}/g, (_, name: string) => String((steps as Json)[name])) + asQuery(search),
      headers: { ...asHeaders(sent), ...body.headers },
      body: body.body,
    }));
}

const optional = (parameters: readonly Json[]): Arbitrary<Record<string, Json>> =>
  fc.record(Object.fromEntries(parameters.map(({ name, schema }) => [name, mostly(schema)])), {
    requiredKeys: [],
  });

const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** One step of a path that leads to the operation in question: not empty, and not a step up. */
function asStep(value: Json): string {
  const text = asText(value).toWellFormed().slice(0, 500);
  return /^\.{0,2}$/.test(text) ? 'x' : encodeURIComponent(text);
}

function asQuery(values: Readonly<Record<string, Json>>): string {
  const query = new URLSearchParams(
    Object.entries(values).map(([name, value]): [string, string] => [name, asText(value).slice(0, 2000)]),
  ).toString();
  return query === '' ? '' : `?${query}`;
}

/** What the client could not send at all is left out. */
const asHeaders = (values: Readonly<Record<string, Json>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      asText(value)
        .replace(/[^\x20-\x7e]/g, '')
        .slice(0, 500),
    ]),
  );

interface FuzzedBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | FormData | undefined;
}

const json = (body: string, type = 'application/json'): FuzzedBody => ({
  headers: { 'content-type': type },
  body,
});

function bodiesOf(requestBody: Json, ids: KnownIds): Arbitrary<FuzzedBody> {
  const none = fc.constant<FuzzedBody>({ headers: {}, body: undefined });
  if (requestBody === undefined) return none;
  const kinds: { weight: number; arbitrary: Arbitrary<FuzzedBody> }[] = [{ weight: 1, arbitrary: none }];
  const schema: Schema | undefined = requestBody.content['application/json']?.schema;
  if (schema !== undefined) {
    const known = withIds(mostly(schema), ids).map((value) => json(JSON.stringify(value)));
    const broken = fc
      .tuple(
        valuesOf(schema),
        fc.nat(),
        fc.constantFrom('application/json', 'text/plain', 'application/json; charset=utf-7', ''),
      )
      .map(([value, cut, type]) => {
        const text = JSON.stringify(value);
        return json(text.slice(0, cut % (text.length + 1)), type);
      });
    kinds.push({ weight: 10, arbitrary: known }, { weight: 2, arbitrary: broken });
  }
  const form: Schema | undefined = requestBody.content['multipart/form-data']?.schema;
  if (form !== undefined) kinds.push({ weight: 6, arbitrary: formsOf(form, ids) });
  return fc.oneof(...kinds);
}

/** Puts ids that exist where a field asks for one. */
function withIds(values: Arbitrary<Json>, ids: KnownIds): Arbitrary<Json> {
  return fc.tuple(values, fc.constantFrom(...ids), fc.boolean()).map(([value, known, really]) => {
    if (!really || typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [name, name.endsWith('_id') ? known : field]),
    );
  });
}

function formsOf(schema: Schema, ids: KnownIds): Arbitrary<FuzzedBody> {
  const { file: _file, ...properties } = schema.properties ?? {};
  const fields = withIds(mostly({ type: 'object', properties, required: [] }), ids);
  const names = fc.oneof(
    fc.constantFrom('a.txt', 'a.pdf', '../a.txt', 'a.txt.exe', ''),
    fc.string({ maxLength: 50 }),
  );
  const contents = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string({ maxLength: 300, unit: 'grapheme' }).map((text) => new TextEncoder().encode(text)),
    fc.constant(new TextEncoder().encode('%PDF-1.7\n%%EOF')),
  );
  return fc.tuple(fields, fc.option(fc.tuple(names, contents))).map(([values, file]) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(Object(values) as object))
      body.append(name, asText(value).toWellFormed());
    if (file !== null) body.append('file', new Blob([new Uint8Array(file[1])]), file[0].toWellFormed());
    return { headers: {}, body };
  });
}

/** Holds answers against the document: their status, their schema, and the form of every problem. */
export function createJudge(api: Json): (operation: FuzzedOperation, answer: JudgedAnswer) => void {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const compiled = new Map<string, ReturnType<typeof ajv.compile>>();
  const check = (key: string, schema: object, value: unknown): void => {
    const validate = compiled.get(key) ?? ajv.compile(schema);
    compiled.set(key, validate);
    assert.ok(validate(value), `${key}: ${JSON.stringify(validate.errors)}`);
  };
  return ({ spec }, { status, headers, body }) => {
    assert.ok(status < 500, `a fault of ours: ${status} ${JSON.stringify(body)}`);
    const declared = spec.responses[status];
    assert.ok(declared, `status ${status} is not declared: ${JSON.stringify(body)}`);
    const type = headers.get('content-type') ?? '';
    if (status >= 400) {
      assert.match(type, /^application\/problem\+json/);
      check('Problem', api.components.schemas.Problem, body);
      assert.equal(body.status, status);
      assert.equal(body.correlation_id, headers.get('x-request-id'));
      assert.ok(spec['x-error-codes'].includes(body.code), `${body.code} is not declared`);
      assert.doesNotMatch(JSON.stringify(body), /\bat .+\.ts:\d+|node_modules|select .+ from /i);
    } else {
      const schema = declared.content?.['application/json']?.schema;
      if (schema !== undefined) check(`${spec.operationId} ${status}`, schema, body);
    }
  };
}

export interface JudgedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

/** Sends a request; of an endless answer only the beginning is waited for. */
export async function sendFuzzed(
  client: HttpClient,
  { method }: FuzzedOperation,
  request: FuzzedRequest,
): Promise<JudgedAnswer> {
  const abort = new AbortController();
  const response = await client.send(method, request.path, {
    headers: request.headers,
    ...(request.body === undefined ? {} : { raw: request.body }),
    signal: abort.signal,
  });
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('text/event-stream')) {
    abort.abort();
    return { status: response.status, headers: response.headers, body: '' };
  }
  const text = await response.text();
  const isJson = /\bjson\b|\+json/.test(type) && text !== '';
  const body: Json = isJson ? JSON.parse(text) : text;
  if (typeof body?.data?.csrf_token === 'string') client.csrfToken = body.data.csrf_token;
  return { status: response.status, headers: response.headers, body };
}

/** Addresses that lead nowhere, or somewhere else than they seem to. */
export const strayPaths: Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom('api', 'v1', 'auth', 'documents', '..', '%2e%2e', '%zz', '%00', '%', '{}'),
      oddities.map(asStep),
    ),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((steps) => `/${steps.join('/')}`);
