import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import Joi from 'joi';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { problemSchema, recognise } from '#api/http/error-handler.ts';
import { assertDeclared } from '#api/http/respond.ts';
import { HttpClient, registerUser } from '#tests/support/http-client.ts';
import type { Json, TestResponse } from '#tests/support/http-client.ts';
import { testServices } from '#tests/support/services.ts';
import { startTcpProxy } from '#tests/support/tcp-proxy.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

/** Every error is a problem document that names the request. */
function assertProblem(response: TestResponse, status: number, code: string): void {
  assert.deepEqual([response.status, response.body.code], [status, code], JSON.stringify(response.body));
  assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/);
  assert.equal(problemSchema.validate(response.body).error, undefined);
  assert.equal(response.body.correlation_id, response.headers.get('x-request-id'));
  assert.equal(response.body.type, `http://donkey.test/docs/errors#${code}`);
}

suite('errors', () => {
  let app: TestApp;
  let client: HttpClient;
  before(async () => {
    app = await startTestApp();
    ({ client } = await registerUser(app));
  });
  after(() => app[Symbol.asyncDispose]());

  test('unknown addresses are 404, known ones under another method 405 with Allow', async () => {
    assertProblem(await client.get('/nothing/here'), 404, 'route.not_found');
    assertProblem(await client.get('/api/v1/nothing?token=secret'), 404, 'route.not_found');
    const wrong = await client.request('PUT', 'assistants/x');
    assertProblem(wrong, 405, 'route.method_not_allowed');
    assert.equal(wrong.headers.get('allow'), 'DELETE, GET, HEAD, OPTIONS, PATCH');
    const options = await client.request('OPTIONS', 'assistants/');
    assert.deepEqual([options.status, options.headers.get('allow')], [204, 'GET, HEAD, OPTIONS, POST']);
  });

  test('a trailing slash and HEAD are accepted', async () => {
    assert.equal((await client.get('assistants/')).status, 200);
    assert.equal((await client.request('HEAD', 'assistants')).status, 200);
  });

  test('instance is the path without the query', async () => {
    const { body } = await client.get('/api/v1/nothing?token=secret');
    assert.equal(body.instance, '/api/v1/nothing');
  });

  test('bodies that cannot be read', async () => {
    const send = (raw: string, type = 'application/json', headers = {}) =>
      client.request('POST', 'assistants', { raw, headers: { 'content-type': type, ...headers } });
    assertProblem(await send('{"name":'), 400, 'request.malformed');
    assertProblem(await send('"text"'), 400, 'request.malformed');
    assertProblem(await send('name=x', 'application/x-www-form-urlencoded'), 415, 'request.media_type');
    assertProblem(await send('{}', 'application/json; charset=latin1'), 415, 'request.media_type');
    const zipped = await send('{}', 'application/json', { 'content-encoding': 'gzip' });
    assertProblem(zipped, 415, 'request.media_type');
    const large = await send(JSON.stringify({ name: 'x'.repeat(300_000) }));
    assertProblem(large, 413, 'request.too_large');
    assertProblem(await client.request('POST', 'assistants', {}), 415, 'request.media_type');
    assertProblem(await send(''), 400, 'request.invalid');
  });

  test('addresses that cannot be decoded', async () => {
    assertProblem(await client.get('assistants/%E0%A4%A'), 400, 'request.malformed');
  });

  test('all faults are listed, each with a pointer', async () => {
    const body = { name: '', min_score: 7, memory_mode: 'forever', is_active: 'true', 'a/b~c': 1 };
    const response = await client.post('assistants', body);
    assertProblem(response, 400, 'request.invalid');
    const faults = Object.fromEntries(
      response.body.errors.map((fault: Json): [string, string] => [fault.pointer, fault.code]),
    );
    assert.deepEqual(faults, {
      '/body/name': 'string.empty',
      '/body/min_score': 'number.max',
      '/body/memory_mode': 'any.only',
      '/body/is_active': 'boolean.base',
      '/body/a~1b~0c': 'object.unknown',
    });
    const query = await client.get('assistants?limit=0&limits=1&cursor=a&cursor=b');
    assert.deepEqual(
      query.body.errors.map((fault: Json) => fault.pointer),
      ['/query/limit', '/query/cursor', '/query/limits'],
    );
  });

  test('text that PostgreSQL cannot store is refused wherever it stands', async () => {
    for (const name of ['a\0b', 'half \ud800 pair']) {
      const response = await client.post('assistants', { name });
      assertProblem(response, 400, 'request.invalid');
      assert.equal(response.body.errors[0].code, 'string.unsafe');
    }
    assertProblem(await client.get('assistants/a%00b'), 400, 'request.invalid');
  });

  test('keys that change prototypes, endless nesting and floods of fields are refused', async () => {
    const send = (raw: string) =>
      client.request('POST', 'assistants', { raw, headers: { 'content-type': 'application/json' } });
    const cases = {
      '{"name":"x","__proto__":{"is_primary":true}}': '/body/__proto__',
      '{"name":"x","constructor":{"prototype":{}}}': '/body/constructor',
      [`{"name":${'['.repeat(50_000)}${']'.repeat(50_000)}}`]: `/body/name${'/0'.repeat(31)}`,
    };
    for (const [raw, pointer] of Object.entries(cases)) {
      const response = await send(raw);
      assertProblem(response, 400, 'request.invalid');
      assert.equal(response.body.errors[0].pointer, pointer);
    }
    assertProblem(await client.get('assistants?__proto__=1'), 400, 'request.invalid');
    const flood = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`f${index}`, index]));
    assert.equal((await client.post('assistants', flood)).body.errors.length, 100);
  });

  test('a well-formed request id is kept, any other replaced', async () => {
    const kept = await client.get('/nothing', { 'x-request-id': 'trace-1.2_3' });
    assert.equal(kept.body.correlation_id, 'trace-1.2_3');
    for (const bad of ['two words', 'x'.repeat(129), '{"a":1}']) {
      const { body, headers } = await client.get('/nothing', { 'x-request-id': bad });
      assert.match(body.correlation_id, /^[0-9a-f-]{36}$/);
      assert.equal(headers.get('x-request-id'), body.correlation_id);
    }
  });

  test('ASVS 3.4: every answer carries the security headers', async () => {
    for (const path of ['/health', '/nothing', '/docs']) {
      const { headers } = await client.get(path);
      assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('referrer-policy'), 'no-referrer');
      assert.equal(headers.get('x-powered-by'), null);
    }
    assert.equal((await client.get('auth/csrf')).headers.get('cache-control'), 'no-store');
  });

  test('faults of libraries become codes of ours', () => {
    const codeOf = (fault: object): string => recognise(Object.assign(new Error('x'), fault)).code;
    assert.equal(codeOf({ name: 'MulterError', code: 'LIMIT_FILE_SIZE' }), 'document.too_large');
    assert.equal(codeOf({ name: 'MulterError', code: 'LIMIT_PART_COUNT' }), 'request.malformed');
    assert.equal(codeOf({ code: 'ECONNREFUSED' }), 'service.unavailable');
    assert.equal(codeOf({ code: 'EBADCSRFTOKEN' }), 'auth.csrf_invalid');
    assert.equal(codeOf({}), 'internal.error');
    assert.equal(recognise(undefined).code, 'internal.error');
  });
});

test('an answer that its contract does not declare is caught', () => {
  const endpoint = defineEndpoint({
    method: 'GET',
    path: '/sample',
    operationId: 'sample',
    summary: 'A sample',
    tag: 'sample',
    auth: 'public',
    responses: {
      200: {
        description: 'A number.',
        schema: Joi.object({ n: Joi.number().required() }),
        headers: { ETag: '' },
      },
      204: { description: 'Nothing.' },
    },
    example: {},
  });
  const headers = { etag: '"1"' };
  assertDeclared(endpoint, { status: 200, body: { n: 1 }, headers });
  assertDeclared(endpoint, { status: 204 });
  const wrong = [
    { status: 201, body: {} },
    { status: 200, body: { n: '1' }, headers },
    { status: 200, body: { n: 1, secret: 2 }, headers },
    { status: 200, body: { n: 1 } },
    { status: 204, body: {} },
  ];
  for (const reply of wrong) assert.throws(() => assertDeclared(endpoint, reply), JSON.stringify(reply));
});

test('without its database the API says so, stays alive, and comes back by itself', async () => {
  const { databaseUrl } = testServices();
  await using proxy = await startTcpProxy(databaseUrl);
  await using app = await startTestApp({}, { databaseHost: new URL(proxy.url).host });
  const { client } = await registerUser(app);
  await proxy.cut();
  const failed = await client.get('assistants');
  assertProblem(failed, 503, 'service.unavailable');
  assert.equal(failed.headers.get('retry-after'), '2');
  assert.doesNotMatch(JSON.stringify(failed.body), /127\.0\.0\.1|ECONN|postgres/);
  assert.equal((await client.get('/health')).status, 200);
  const readiness = await client.get('/health/ready');
  assertProblem(readiness, 503, 'service.unavailable');
  assert.deepEqual(
    readiness.body.errors.map((fault: Json) => fault.pointer),
    ['/checks/database', '/checks/migrations'],
  );
  await proxy.restore();
  assert.equal((await client.get('assistants')).status, 200);
});

test('a stopping process is not ready, finishes what it has and ends its connections', async () => {
  await using app = await startTestApp();
  const client = new HttpClient(app.url);
  assert.equal((await client.get('/health/ready')).status, 200);
  app.context.closing.abort();
  const response = await client.get('/health/ready');
  assertProblem(response, 503, 'service.unavailable');
  assert.equal(response.headers.get('connection'), 'close');
  await app.close();
  await assert.rejects(client.get('/health'));
});
