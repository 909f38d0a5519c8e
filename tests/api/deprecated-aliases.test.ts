import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { OLD_ADDRESSES } from '#api/http/deprecations.ts';
import type { AnyEndpoint } from '#api/http/endpoint.ts';
import { callExample } from '#tests/support/endpoint-calls.ts';
import { HttpClient, registerUser } from '#tests/support/http-client.ts';
import type { Json, TestResponse, TestUser } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

const DAY_MS = 86_400_000;

/** Says since when, until when, and what to use instead. */
function assertDeprecated({ headers }: Pick<TestResponse, 'headers'>, successor: string): void {
  const [, seconds] = /^@(\d+)$/.exec(headers.get('deprecation') ?? '') ?? [];
  assert.equal(Number(seconds) * 1000, OLD_ADDRESSES.since.getTime());
  assert.equal(Date.parse(headers.get('sunset') ?? ''), OLD_ADDRESSES.sunset.getTime());
  assert.match(headers.get('sunset') ?? '', /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
  assert.equal(headers.get('link'), `<${successor}>; rel="successor-version"`);
}

suite('addresses of older clients', () => {
  let app: TestApp;
  let user: TestUser;
  let id: string;
  before(async () => {
    app = await startTestApp();
    user = await registerUser(app);
    id = (await user.client.post('assistants', { name: 'Keeper' })).body.data.id;
  });
  after(() => app[Symbol.asyncDispose]());

  const aliases = (): AnyEndpoint[] => app.endpoints.filter(({ deprecation }) => deprecation !== undefined);
  const successorOf = (alias: AnyEndpoint): AnyEndpoint =>
    app.endpoints.find(
      (one) => one.fullPath === alias.deprecation!.successor && one.method === alias.method,
    )!;

  test('they live for a year at least, and the document says what they are', async () => {
    assert.deepEqual(
      aliases().map(({ fullPath }) => fullPath),
      ['/api/auth/register', '/api/auth/login', '/api/assistants/:id/spawn', '/api/assistants/:id/reflect'],
    );
    const api: Json = (await user.client.get('/openapi.json')).body;
    for (const alias of aliases()) {
      const { since, sunset } = alias.deprecation!;
      assert.ok(sunset.getTime() - since.getTime() >= 365 * DAY_MS, alias.operationId);
      const operation = api.paths[alias.fullPath.replace(/:(\w+)/g, '{$1}')].post;
      assert.equal(operation.deprecated, true);
      const [answer] = Object.values<Json>(operation.responses);
      for (const name of ['Deprecation', 'Sunset', 'Link']) assert.ok(answer.headers[name], name);
    }
    const marked = Object.values<Json>(api.paths).flatMap((path) => Object.values<Json>(path));
    assert.equal(marked.filter(({ deprecated }) => deprecated === true).length, aliases().length);
  });

  test('what holds for the successor holds for them: access, limits, input, answers, errors', () => {
    for (const alias of aliases()) {
      const successor = successorOf(alias);
      for (const part of [
        'auth',
        'scope',
        'ownership',
        'csrf',
        'rateBucket',
        'sensitive',
        'body',
        'params',
        'query',
        'headers',
        'bodyLimit',
        'precondition',
      ] as const)
        assert.equal(alias[part], successor[part], `${alias.operationId} ${part}`);
      assert.deepEqual(alias.errors, successor.errors);
      assert.deepEqual(alias.responses, successor.responses);
    }
  });

  test('spawn and reflect do what they did, with and without the last slash', async () => {
    for (const slash of ['', '/']) {
      const child = await user.client.post(`/api/assistants/${id}/spawn${slash}`, { reason: 'Much to do.' });
      assert.equal(child.status, 201, JSON.stringify(child.body));
      assert.equal(child.body.data.parent_id, id);
      assert.equal(child.headers.get('location'), `/api/v1/assistants/${child.body.data.id}`);
      assertDeprecated(child, `/api/v1/assistants/${id}/children`);
      const body = { type: 'feedback', rating: 5, content: `Well done${slash}` };
      const told = await user.client.post(`/api/assistants/keeper/reflect${slash}`, body);
      assert.equal(told.status, 201, JSON.stringify(told.body));
      assertDeprecated(told, '/api/v1/assistants/keeper/reflections');
    }
    assert.equal((await user.client.get(`assistants/${id}/children`)).body.data.length, 2);
    assert.equal((await user.client.get(`assistants/${id}/reflections`)).body.data.length, 2);
  });

  test('register and login give a session that is good at the new addresses', async () => {
    const client = new HttpClient(app.url);
    await client.get('auth/csrf');
    const account = { username: 'oldtimer', email: 'old@example.org', password: 'a long pass phrase of old' };
    const made = await client.post('/api/auth/register/', account);
    assert.equal(made.status, 201, JSON.stringify(made.body));
    assertDeprecated(made, '/api/v1/auth/register');
    const again = new HttpClient(app.url);
    await again.get('auth/csrf');
    const { username, password } = account;
    const login = await again.post('/api/auth/login/', { username, password });
    assert.equal(login.status, 200, JSON.stringify(login.body));
    assertDeprecated(login, '/api/v1/auth/login');
    assert.equal((await again.get('auth/me')).body.data.username, 'oldtimer');
  });

  test('refusals are deprecated too: nobody, no token, nonsense, wrong type, other user', async () => {
    const other = await registerUser(app);
    for (const alias of aliases().filter(({ auth }) => auth === 'user')) {
      const path = alias.fullPath.replace(':id', id);
      const successor = alias.deprecation!.successor.replace(':id', id);
      const body = alias.example.body;
      const refusals: readonly [TestResponse, number][] = [
        [await new HttpClient(app.url).post(path, body), 401],
        [await user.client.post(path, body, { 'x-csrf-token': '' }), 403],
        [await user.client.post(path, { nonsense: true }), 400],
        [
          await user.client.request('POST', path, { raw: 'x', headers: { 'content-type': 'text/plain' } }),
          415,
        ],
        [await other.client.post(path, body), 404],
      ];
      for (const [answer, status] of refusals) {
        assert.equal(answer.status, status, JSON.stringify(answer.body));
        assertDeprecated(answer, successor);
      }
    }
    const { status } = await callExample(user.client, successorOf(aliases()[2]!));
    assert.equal(status, 404, 'the example names an assistant that there is not');
  });

  test('a key repeats the answer at the old address as at the new one', async () => {
    const key = { 'idempotency-key': 'spawn-1' };
    const [first, second] = [
      await user.client.post(`/api/assistants/${id}/spawn`, { reason: 'Once.' }, key),
      await user.client.post(`/api/assistants/${id}/spawn`, { reason: 'Once.' }, key),
    ];
    assert.deepEqual([first.status, second.body.data.id], [201, first.body.data.id]);
  });

  test('an address cannot be made to point somewhere else', async () => {
    const { headers } = await user.client.post('/api/assistants/a%22%3E%3B%0Ab/spawn', { reason: 'x' });
    assert.equal(
      headers.get('link'),
      '</api/v1/assistants/a%22%3E%3B%0Ab/children>; rel="successor-version"',
    );
  });
});
