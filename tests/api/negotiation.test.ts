import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { producedTypes } from '#api/http/endpoint.ts';
import type { AnyEndpoint } from '#api/http/endpoint.ts';
import { callExample, exampleBody, examplePath } from '#tests/support/endpoint-calls.ts';
import { HttpClient, registerUser } from '#tests/support/http-client.ts';
import type { TestUser } from '#tests/support/http-client.ts';
import { lifePath } from '#tests/support/life-paths.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';
import { insertLife } from '#tests/support/whole-life-rows.ts';

const METHODS = ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'] as const;

// Every refusal is also held against the form of a problem, by the test client (promise 38).
suite('methods and media types', () => {
  let app: TestApp;
  let user: TestUser;
  before(async () => {
    app = await startTestApp({ SECURITY_CONTACT: 'mailto:security@donkey.example' });
    user = await registerUser(app);
    await app.database.sql(`update users set role = 'admin' where id = $1`, [user.id]);
    await insertLife(app.database, [user.id], 2);
  });
  after(() => app[Symbol.asyncDispose]());

  /** Every path, as an example has it, with the operations at it: `/things/:id` stands at `/things/one` as well. */
  const paths = (): [string, AnyEndpoint[]][] =>
    [...new Set(app.endpoints.map(({ fullPath }) => fullPath))].map((fullPath) => {
      const { example, ...endpoint } = app.endpoints.find((one) => one.fullPath === fullPath)!;
      const path = examplePath({ ...endpoint, example: { ...example, query: {} } });
      const stands = (template: string): boolean =>
        new RegExp(`^${template.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`).test(path);
      return [path, app.endpoints.filter((one) => stands(one.fullPath))];
    });
  const allowed = (endpoints: readonly AnyEndpoint[]): string => {
    const methods = new Set(['OPTIONS', ...endpoints.map(({ method }): string => method)]);
    if (methods.has('GET')) methods.add('HEAD');
    return [...methods].sort().join(', ');
  };

  test('a method that a path does not have is 405, with those it has', async (t) => {
    let asked = 0;
    for (const [path, endpoints] of paths()) {
      const known = endpoints.map(({ method }): string => method);
      const others = [...METHODS, 'PROPFIND'].filter((method) => !known.includes(method));
      for (const method of others)
        for (const at of [path, `${path}/`]) {
          const { status, body, headers } = await user.client.request(method, at);
          assert.deepEqual([status, body.code], [405, 'route.method_not_allowed'], `${method} ${at}`);
          assert.equal(headers.get('allow'), allowed(endpoints), `${method} ${at}`);
          asked += 1;
        }
      if (!known.includes('GET')) assert.equal((await user.client.request('HEAD', path)).status, 405, path);
    }
    t.diagnostic(`${asked} requests with a method that is not there`);
  });

  test('OPTIONS names the methods of every path, and no other path has any', async () => {
    const stranger = new HttpClient(app.url);
    for (const [path, endpoints] of paths()) {
      const { status, headers, body } = await stranger.request('OPTIONS', path);
      assert.deepEqual([status, headers.get('allow'), body], [204, allowed(endpoints), '']);
    }
    for (const method of [...METHODS, 'OPTIONS'])
      for (const path of [
        '/nothing',
        '/api/v1',
        '/api/v1/assistant',
        '/api/v2/assistants',
        '/API/v1/assistants',
      ]) {
        const { status, body } = await stranger.request(method, path);
        assert.deepEqual([status, body.code], [404, 'route.not_found'], `${method} ${path}`);
      }
  });

  test('HEAD is GET without the body', async () => {
    for (const endpoint of app.endpoints.filter(({ method }) => method === 'GET')) {
      if (['getCsrfToken', 'followJob'].includes(endpoint.operationId)) continue;
      if (
        !/^\/(api\/v1\/)?[a-z./-]+$|\/(assistants|prompts|documents|memories)\/:id$/.test(endpoint.fullPath)
      )
        continue;
      const path = await lifePath(app.database, endpoint, user.id);
      const [got, head] = [await user.client.get(path), await user.client.request('HEAD', path)];
      assert.deepEqual([head.status, head.body], [got.status, ''], endpoint.operationId);
      for (const name of ['content-type', 'etag', 'cache-control', 'vary'])
        assert.equal(head.headers.get(name), got.headers.get(name), `${endpoint.operationId} ${name}`);
    }
  });

  test('whoever takes nothing that an operation answers gets 406, and nothing is done', async (t) => {
    let asked = 0;
    // What is answered without a body suits everybody.
    for (const endpoint of app.endpoints.filter((one) => producedTypes(one).length > 0)) {
      const { client } = await callerOf(endpoint);
      const isJson = producedTypes(endpoint).includes('application/json');
      const accept = isJson ? 'application/x-donkey, text/plain;q=0.5, application/json;q=0' : 'image/png';
      const answer = await callExample(client, endpoint, { ...exampleBody(endpoint), headers: { accept } });
      assert.equal(answer.body.code, 'request.not_acceptable', endpoint.operationId);
      assert.ok(endpoint.errors.includes('request.not_acceptable'), endpoint.operationId);
      asked += 1;
    }
    t.diagnostic(`${asked} operations`);
  });

  test('ranges, qualities and whatever the operation answers are accepted', async () => {
    for (const accept of ['*/*', 'application/*', 'text/html, application/json;q=0.1', 'application/json'])
      assert.equal((await user.client.get('assistants', { accept })).status, 200, accept);
    assert.equal((await user.client.get('/docs', { accept: 'text/html,application/xhtml+xml' })).status, 200);
  });

  test('a body of another type is 415 wherever one is read', async (t) => {
    const readers = app.endpoints.filter(({ body, form }) => body !== undefined || form !== undefined);
    for (const endpoint of readers)
      for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded', '']) {
        const { client } = await callerOf(endpoint);
        const answer = await callExample(client, endpoint, { raw: 'a=b', headers: { 'content-type': type } });
        assert.equal(answer.body.code, 'request.media_type', `${endpoint.operationId} ${type}`);
      }
    t.diagnostic(`${readers.length} operations that read a body`);
  });

  /** A client that gets as far as the media types: a fresh one where nobody is to be logged in. */
  const callerOf = async ({ auth }: AnyEndpoint): Promise<{ client: HttpClient }> => {
    if (auth !== 'optional' && auth !== 'public') return user;
    const client = new HttpClient(app.url);
    await client.get('auth/csrf');
    return { client };
  };
});
