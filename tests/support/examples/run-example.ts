import assert from 'node:assert/strict';
import type { AnyEndpoint } from '#api/http/endpoint.ts';
import { jsonSchemaOf } from '#api/http/openapi.ts';
import { exampleBody, examplePath } from '#tests/support/endpoint-calls.ts';
import type { HttpClient, Json, RequestOptions } from '#tests/support/http-client.ts';
import { differencesOf } from './compare-shapes.ts';

/**
 * What stands in the request in place of what the example shows, by the name of the parameter or field: ids of things
 * that exist, and names and passwords of the user that asks. All else is sent as it is documented.
 */
export type Substitution = Readonly<Record<string, unknown>>;

/** An endpoint whose example names what exists. */
function withReal(endpoint: AnyEndpoint, real: Substitution): AnyEndpoint {
  const replaced = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(replaced);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [name, name in real ? real[name] : replaced(field)]),
    );
  };
  const unknown = Object.keys(real).filter((name) => !JSON.stringify(endpoint.example).includes(`"${name}"`));
  assert.deepEqual(unknown, [], `${endpoint.operationId}: the example has no such names`);
  return { ...endpoint, example: replaced(endpoint.example) };
}

/**
 * Sends exactly the documented request and holds the answer against the documented one: its status, its schema (as the
 * process does with every answer in tests) and the shape of its example.
 *
 * @returns the status
 */
export async function runExample(
  endpoint: AnyEndpoint,
  client: HttpClient,
  real: Substitution,
): Promise<number> {
  const bodies: RequestOptions[] = [];
  const filled = withReal(endpoint, real);
  if (filled.body !== undefined || filled.form === undefined) bodies.push(exampleBody(filled));
  if (filled.form !== undefined) bodies.push(exampleBody({ ...filled, body: undefined }));
  let status = 0;
  for (const body of bodies) {
    const abort = new AbortController();
    const headers = filled.example.headers ?? {};
    const options = { ...body, headers, signal: abort.signal };
    const response = await client.send(endpoint.method, examplePath(filled), options);
    status = response.status;
    const type = response.headers.get('content-type') ?? '';
    const text = type.startsWith('text/event-stream') ? '' : await response.text();
    abort.abort();
    judge(endpoint, status, type, text);
  }
  return status;
}

function judge(endpoint: AnyEndpoint, status: number, type: string, text: string): void {
  const contract = endpoint.responses[status];
  const successes = Object.keys(endpoint.responses).filter((one) => one.startsWith('2'));
  assert.ok(successes.includes(String(status)), `${status}, not ${successes.join(' or ')}: ${text}`);
  if (contract?.schema === undefined) {
    assert.ok(type.startsWith(contract?.contentType ?? ''), type);
    assert.equal(contract?.contentType === undefined, type === '', `${status} ${type}`);
    return;
  }
  assert.match(type, /^application\/json/);
  assert.notEqual(contract.example, undefined, `${status} has no example`);
  const schema = jsonSchemaOf(contract.schema);
  assert.deepEqual(differencesOf(schema, contract.example, JSON.parse(text)), [], text.slice(0, 500));
}
