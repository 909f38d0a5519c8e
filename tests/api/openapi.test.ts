import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type Joi from 'joi';
import type { AnyEndpoint } from '#api/http/endpoint.ts';
import { errorCatalog, errorEntry } from '#shared/errors/error-catalog.ts';
import type { ErrorCode } from '#shared/errors/error-catalog.ts';
import { HttpClient } from '#tests/support/http-client.ts';
import type { Json } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

suite('contracts', () => {
  let app: TestApp;
  let api: Json;
  before(async () => {
    app = await startTestApp();
    api = (await new HttpClient(app.url).get('/openapi.json')).body;
  });
  after(() => app[Symbol.asyncDispose]());

  const operationOf = (endpoint: AnyEndpoint): Json =>
    api.paths[endpoint.fullPath.replace(/:(\w+)/g, '{$1}')][endpoint.method.toLowerCase()];
  const newAjv = () => new Ajv2020({ strict: false, validateFormats: false, allErrors: true });

  test('the document describes every endpoint, each under a name of its own', () => {
    assert.equal(api.openapi, '3.1.0');
    const operations = Object.values<Json>(api.paths).flatMap((methods) => Object.values<Json>(methods));
    assert.equal(operations.length, app.endpoints.length);
    assert.equal(new Set(operations.map((operation) => operation.operationId)).size, operations.length);
    for (const { operationId, summary, tags } of operations) {
      assert.match(operationId, /^[a-z][A-Za-z]+$/);
      assert.match(summary, /^[A-Z].*[^.]$/, operationId);
      assert.ok(
        api.tags.some((tag: Json) => tag.name === tags[0] && tag.description !== tag.name),
        operationId,
      );
    }
  });

  test('every schema is a JSON Schema, and every example keeps to both its forms', () => {
    const check = (name: string, jsonSchema: object, joi: Joi.Schema, example: unknown): void => {
      assert.notEqual(example, undefined, `${name} has no example`);
      const validate = newAjv().compile(jsonSchema);
      assert.ok(validate(example), `${name}: ${JSON.stringify(validate.errors)}`);
      const { error } = joi.validate(example, { convert: false });
      assert.equal(error, undefined, `${name}: ${error?.message ?? ''}`);
    };
    for (const endpoint of app.endpoints) {
      const operation = operationOf(endpoint);
      const { operationId: name, example } = endpoint;
      if (endpoint.body)
        check(
          `${name} body`,
          operation.requestBody.content['application/json'].schema,
          endpoint.body,
          example.body,
        );
      if (endpoint.form)
        check(
          `${name} form`,
          { ...operation.requestBody.content['multipart/form-data'].schema, required: [] },
          endpoint.form,
          example.form,
        );
      if (endpoint.params) assert.ok(!endpoint.params.validate(example.params).error, `${name} params`);
      if (endpoint.query) assert.ok(!endpoint.query.validate(example.query ?? {}).error, `${name} query`);
      if (endpoint.headers)
        assert.ok(!endpoint.headers.validate(example.headers ?? {}).error, `${name} headers`);
      for (const [status, { schema, example: shown }] of Object.entries(endpoint.responses))
        if (schema)
          check(
            `${name} ${status}`,
            operation.responses[status].content['application/json'].schema,
            schema,
            shown,
          );
    }
  });

  test('parameters of the path are declared, and nothing else claims to be one', () => {
    for (const endpoint of app.endpoints) {
      const inPath = [...endpoint.fullPath.matchAll(/:(\w+)/g)].map(([, name]) => name);
      const declared = operationOf(endpoint).parameters.filter((one: Json) => one.in === 'path');
      assert.deepEqual(
        declared.map((one: Json) => one.name),
        inPath,
        endpoint.operationId,
      );
      for (const parameter of operationOf(endpoint).parameters) newAjv().compile(parameter.schema);
    }
  });

  test('whatever changes state asks for a login or a pre-session, a token, and says so', () => {
    for (const endpoint of app.endpoints.filter(({ method }) => method !== 'GET')) {
      assert.ok(endpoint.csrf, endpoint.operationId);
      assert.notEqual(endpoint.auth, 'public', endpoint.operationId);
      const names = operationOf(endpoint).parameters.map((one: Json) => one.name);
      assert.ok(names.includes('x-csrf-token'), endpoint.operationId);
    }
  });

  test('every error code an operation can give exists, has an example and is in the docs', async () => {
    const errorsPage = (await new HttpClient(app.url).get('/docs/errors')).body as string;
    const problem = newAjv().compile(api.components.schemas.Problem);
    for (const endpoint of app.endpoints)
      for (const code of endpoint.errors) {
        const { status } = errorEntry(code);
        const answer = operationOf(endpoint).responses[status].content['application/problem+json'];
        assert.equal(answer.examples[code].$ref, `#/components/examples/${code}`);
      }
    for (const code of Object.keys(errorCatalog) as ErrorCode[]) {
      assert.ok(problem(api.components.examples[code].value), JSON.stringify(problem.errors));
      assert.ok(errorsPage.includes(`id="${code}"`), code);
    }
  });

  test('the plain docs page shows every operation and works without scripts or other hosts', async () => {
    const client = new HttpClient(app.url);
    const response = await client.get('/docs/plain');
    const page = response.body as string;
    for (const { operationId } of app.endpoints) assert.ok(page.includes(`id="${operationId}"`), operationId);
    assert.doesNotMatch(page, /<script|\son\w+=|style="|(src|href)="(https?:)?\/\//);
    assert.match(response.headers.get('content-type') ?? '', /^text\/html/);
    for (const href of new Set([...page.matchAll(/href="(\/[^"#]*)/g)].map(([, path]) => path!)))
      assert.equal((await client.get(href)).status, 200, href);
    const again = await client.get('/docs/plain', { 'if-none-match': response.headers.get('etag')! });
    assert.equal(again.status, 304);
  });

  test('what the docs show cannot break out of its place', async () => {
    const { html } = await import('#api/docs/html.ts');
    assert.equal(html`<p>${'<script>"&\''}</p>`.text, '<p>&lt;script&gt;&quot;&amp;&#39;</p>');
  });
});

test('metrics are served on a port of their own, by route template', async () => {
  await using app = await startTestApp();
  const client = new HttpClient(app.url);
  await client.get('/health');
  assert.equal((await client.get('/metrics')).status, 404);
  const text = await (await fetch(app.metricsUrl)).text();
  const sample = /donkey_http_request_duration_seconds_count\{[^}]*route="\/health",status="200"\} 1\n/;
  assert.ok(sample.test(text), 'the request is not counted');
});
