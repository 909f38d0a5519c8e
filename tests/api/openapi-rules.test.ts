import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { clientTypesAreCurrent } from '#scripts/generate-client.ts';
import { lintOpenApi } from '#scripts/lint-openapi.ts';
import { collectEndpoints } from '#scripts/openapi/describe-api.ts';
import { errorCatalog, errorEntry } from '#shared/errors/error-catalog.ts';
import type { ErrorCode } from '#shared/errors/error-catalog.ts';
import { HttpClient } from '#tests/support/http-client.ts';
import type { Json } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

const BUCKETS = ['none', 'auth', 'login', 'refresh', 'default', 'upload', 'search'];

suite('the OpenAPI document is complete', () => {
  let app: TestApp;
  let api: Json;
  let operations: Json[];
  before(async () => {
    app = await startTestApp();
    api = (await new HttpClient(app.url).get('/openapi.json')).body;
    operations = Object.values<Json>(api.paths).flatMap((methods) => Object.values<Json>(methods));
  });
  after(() => app[Symbol.asyncDispose]());

  test('it keeps to the schema of OpenAPI 3.1 and to the rules of redocly.yaml, as served', async (t) => {
    assert.deepEqual(await lintOpenApi(api), []);
    t.diagnostic(`${operations.length} operations, 0 problems`);
  });

  test('what breaks a rule or the schema is noticed', async () => {
    const broken = async (change: (copy: Json) => void): Promise<string> => {
      const copy: Json = structuredClone(api);
      change(copy);
      return (await lintOpenApi(copy)).join('\n');
    };
    const path = '/api/v1/documents';
    assert.match(await broken((copy) => delete copy.paths[path].get.description), /^operation-description/m);
    assert.match(await broken((copy) => delete copy.info.title), /^not an OpenAPI 3\.1 document/m);
    const twice = (copy: Json) => (copy.paths[path].get.operationId = copy.paths[path].post.operationId);
    assert.match(await broken(twice), /^operation-operationId-unique/m);
    const wrong = (copy: Json) => (copy.paths[path].get.parameters[0].example = { no: 'number' });
    assert.match(await broken(wrong), /^no-invalid-parameter-examples/m);
  });

  test('every operation has words, a tag, security, a rate bucket, and an example of what it takes and gives', () => {
    const tags = new Map<string, string>(api.tags.map((tag: Json) => [tag.name, tag.description]));
    for (const one of operations) {
      const name: string = one.operationId;
      assert.ok(one.summary.length > 5 && one.description.length >= 15, name);
      assert.notEqual(one.description, one.summary, name);
      assert.equal(one.tags.length, 1, name);
      assert.ok((tags.get(one.tags[0]) ?? '').length > 10, name);
      assert.ok(Array.isArray(one.security), name);
      for (const scheme of one.security.flatMap(Object.keys))
        assert.ok(api.components.securitySchemes[scheme], `${name}: ${scheme}`);
      assert.ok(BUCKETS.includes(one['x-rate-bucket']), name);
      for (const { name: parameter, description } of one.parameters)
        assert.ok(description.length >= 5, `${name}: ${parameter}`);
      const successes = Object.entries<Json>(one.responses).filter(([status]) => status < '300');
      assert.ok(successes.length > 0, name);
      const contents = [one.requestBody, ...successes.map(([, response]) => response)];
      for (const content of contents.flatMap((part) => Object.values<Json>(part?.content ?? {})))
        assert.notEqual(content.example, undefined, `${name} lacks an example`);
    }
  });

  test('every error is a problem with an example for each of its codes, and every code can be met', () => {
    const met = new Set<string>();
    for (const one of operations) {
      const codes: ErrorCode[] = one['x-error-codes'];
      const statuses = Object.keys(one.responses).filter((status) => status >= '400');
      assert.ok(statuses.some((status) => status >= '500') && statuses.some((status) => status < '500'));
      for (const status of statuses) {
        const content = one.responses[status].content;
        // GraphQL tells in a form of its own what is wrong with an operation; see docs/graphql.md.
        const own = one.tags.includes('graphql') && status === '400';
        const others = own ? ['application/json', 'application/graphql-response+json'] : [];
        assert.deepEqual(Object.keys(content), [...others, 'application/problem+json'], one.operationId);
        const shown = Object.keys(content['application/problem+json'].examples);
        const expected = codes.filter((code) => String(errorEntry(code).status) === status);
        assert.deepEqual(shown, expected, `${one.operationId} ${status}`);
        for (const code of shown) met.add(code);
      }
    }
    for (const code of met) assert.ok(code in errorCatalog, code);
  });

  test('the contracts alone make the same document, and the types of the client are made of them', async () => {
    const ids = (endpoints: readonly { readonly operationId: string }[]) =>
      endpoints.map(({ operationId }) => operationId).sort();
    assert.deepEqual(ids(await collectEndpoints()), ids(app.endpoints));
    assert.ok(await clientTypesAreCurrent(), 'run "npm run client:generate"');
  });
});
