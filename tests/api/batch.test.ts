import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';
import { batchObstacle } from '#api/batch/batch-policy.ts';
import { makeApiKey } from '#tests/support/api-keys.ts';
import { registerUser } from '#tests/support/http-client.ts';
import { holdLock } from '#tests/support/held-lock.ts';
import type { Json, TestResponse, TestUser } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const prompt = (title: string, more: object = {}) => ({
  method: 'POST',
  path: '/api/v1/prompts',
  body: { title, content: 'Be brief.' },
  ...more,
});
const get = (path: string, more: object = {}) => ({ method: 'GET', path: `/api/v1/${path}`, ...more });
const badPrompt = { method: 'POST', path: '/api/v1/prompts', body: { title: '' } };
const statusesOf = ({ body }: TestResponse): number[] => body.data.map((item: Json) => item.status);
const codesOf = ({ body }: TestResponse): unknown[] => body.data.map((item: Json) => item.body?.code);

suite('batches', () => {
  let app: TestApp;
  let user: TestUser;
  let assistantId: string;
  before(async () => {
    app = await startTestApp();
  });
  beforeEach(async () => {
    user = await registerUser(app);
    assistantId = (await user.client.post('assistants', { name: 'Librarian' })).body.data.id;
  });
  after(() => app[Symbol.asyncDispose]());

  const batch = (operations: object[], more: object = {}, headers: Record<string, string> = {}) =>
    user.client.post('batch', { operations, ...more }, headers);
  const count = async (table: string): Promise<number> =>
    (
      await app.database.sql<{ count: number }>(
        `select count(*)::int as count from ${table} where user_id = $1`,
        [user.id],
      )
    )[0]!.count;

  test('each operation gets what a request of its own would get, in order', async () => {
    const answer = await batch(
      [
        prompt('First', { id: 'a' }),
        get('prompts/first'),
        {
          method: 'PATCH',
          path: '/api/v1/prompts/first',
          body: { tags: ['x'] },
          headers: { 'if-match': '"1.1"' },
        },
        {
          method: 'PATCH',
          path: '/api/v1/prompts/first',
          body: { tags: ['y'] },
          headers: { 'if-match': '"1.1"' },
        },
        badPrompt,
        get('prompts?limit=1&sort=title'),
        { method: 'DELETE', path: '/api/v1/prompts/first', headers: { 'if-match': '*' } },
        get('prompts/first'),
      ],
      {},
      { 'x-request-id': 'parent' },
    );
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.deepEqual(statusesOf(answer), [201, 200, 200, 412, 400, 200, 204, 404]);
    const [made, read, changed, stale, bad, list, gone, missing] = answer.body.data;
    assert.equal(made.id, 'a');
    assert.equal(read.id, null);
    assert.equal(made.headers.location, `/api/v1/prompts/${made.body.data.id}`);
    assert.equal(made.headers.etag, '"1.1"');
    assert.deepEqual(read.body, made.body);
    assert.equal(changed.body.data.version, 2);
    assert.equal(stale.body.code, 'precondition.failed');
    assert.ok(bad.body.errors.some((fault: Json) => fault.pointer === '/body/title'));
    assert.equal(list.body.data.length, 1);
    assert.deepEqual([gone.body, gone.body_omitted], [null, false]);
    assert.equal(missing.body.correlation_id, 'parent.7');
    assert.equal(missing.body.instance, '/api/v1/prompts/first');
    assert.deepEqual(answer.body.meta, { succeeded: 5, failed: 3, rolled_back: false });
    const alone = await user.client.get('prompts/first');
    assert.deepEqual(
      { ...missing.body, correlation_id: null },
      { ...alone.body, correlation_id: null },
      'the same problem',
    );
  });

  test('If-None-Match spares the body, also of what has no version', async () => {
    const first = await batch([get(`assistants/${assistantId}`), get('assistants')]);
    const tags = first.body.data.map((item: Json) => item.headers.etag as string);
    const single = await user.client.get('assistants', { 'accept-encoding': 'identity' });
    assert.equal(tags[1], single.headers.get('etag'), 'the tag of a request of its own');
    const again = await batch([
      get(`assistants/${assistantId}`, { headers: { 'if-none-match': tags[0] } }),
      get('assistants', { headers: { 'if-none-match': tags[1] } }),
    ]);
    assert.deepEqual(statusesOf(again), [304, 304]);
    assert.ok(again.body.data.every((item: Json) => item.body === null));
  });

  test('an atomic batch does all', async () => {
    const answer = await batch([prompt('A'), prompt('A'), get('prompts')], { atomic: true });
    assert.deepEqual(statusesOf(answer), [201, 201, 200]);
    assert.equal(answer.body.data[2].body.data.length, 2, 'it reads what it has written');
    assert.equal(await count('prompts'), 2);
  });

  test('an atomic batch that fails does nothing, and no job of it reaches a queue', async () => {
    const tables = ['prompts', 'memories', 'jobs', 'audit_events'];
    const before = await Promise.all(tables.map((table) => count(table)));
    const memory = {
      method: 'POST',
      path: `/api/v1/assistants/${assistantId}/memories`,
      body: { event: 'Ada.' },
    };
    const answer = await batch([prompt('A'), memory, badPrompt, prompt('B')], { atomic: true });
    assert.equal(answer.status, 200);
    assert.deepEqual(statusesOf(answer), [424, 424, 400, 424]);
    assert.deepEqual(codesOf(answer), [
      'batch.rolled_back',
      'batch.rolled_back',
      'request.invalid',
      'batch.rolled_back',
    ]);
    assert.deepEqual(answer.body.meta, { succeeded: 0, failed: 4, rolled_back: true });
    assert.deepEqual(await Promise.all(tables.map((table) => count(table))), before);
    assert.deepEqual(statusesOf(await batch([prompt('A'), memory], { atomic: true })), [201, 201]);
  });

  for (const atomic of [false, true])
    test(`an Idempotency-Key on the batch makes it happen once (atomic: ${String(atomic)})`, async () => {
      const key = { 'idempotency-key': 'batch' };
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => batch([prompt('A'), prompt('B')], { atomic }, key)),
      );
      for (const { status, body } of answers) {
        assert.equal(status, 200, JSON.stringify(body));
        assert.deepEqual(body, answers[0]!.body);
      }
      assert.equal(await count('prompts'), 2);
      const other = await batch([prompt('C')], { atomic }, key);
      assert.deepEqual([other.status, other.body.code], [422, 'idempotency.key_reused']);
    });

  test('a batch without any effect leaves its key free; one that had some is kept with its failures', async () => {
    const key = { 'idempotency-key': 'free' };
    assert.deepEqual(statusesOf(await batch([prompt('A'), badPrompt], { atomic: true }, key)), [424, 400]);
    const mixed = await batch([badPrompt, prompt('A'), get('prompts/none')], {}, key);
    assert.deepEqual(statusesOf(mixed), [400, 201, 404]);
    const again = await batch([badPrompt, prompt('A'), get('prompts/none')], {}, key);
    assert.deepEqual(again.body, mixed.body);
    assert.equal(again.headers.get('idempotency-replayed'), 'true');
    assert.equal(await count('prompts'), 1);
  });

  test('an operation keeps to a key of its own, in a batch and out of it', async () => {
    const keyed = prompt('Keyed', { headers: { 'idempotency-key': 'one' } });
    const first = await batch([keyed, keyed]);
    assert.deepEqual(statusesOf(first), [201, 201]);
    const [made, replayed] = first.body.data;
    assert.deepEqual(replayed.body, made.body);
    assert.equal(replayed.headers['idempotency-replayed'], 'true');
    const single = await user.client.post('prompts', keyed.body, { 'idempotency-key': 'one' });
    assert.deepEqual([single.status, single.body], [201, made.body]);
    const undone = [prompt('B', { headers: { 'idempotency-key': 'two' } }), badPrompt];
    assert.deepEqual(statusesOf(await batch(undone, { atomic: true })), [424, 400]);
    assert.deepEqual(
      statusesOf(await batch(undone.slice(0, 1), { atomic: true })),
      [201],
      'the key was free',
    );
    const same = await batch(
      [prompt('C', { headers: { 'idempotency-key': 'x' } })],
      {},
      { 'idempotency-key': 'x' },
    );
    assert.deepEqual(codesOf(same), ['idempotency.key_reused']);
    assert.equal(await count('prompts'), 2);
  });

  test('what cannot be part of a batch is refused for itself', async () => {
    const answer = await batch([
      { method: 'POST', path: '/api/v1/batch', body: { operations: [get('prompts')] } },
      { method: 'POST', path: '/api/v1/memories/batch', body: { operations: [] } },
      { method: 'POST', path: '/api/v1/auth/login', body: {} },
      { method: 'DELETE', path: '/api/v1/auth/sessions' },
      {
        method: 'POST',
        path: '/api/v1/documents',
        body: { assistant_id: assistantId, title: 'T', text: 'T' },
      },
      get('auth/csrf'),
      get('jobs/01980f5e-1b2c-7d3e-8f4a-5b6c7d8e9f0a/events'),
      { method: 'DELETE', path: `/api/v1/assistants/${assistantId}?force=true` },
      { method: 'DELETE', path: `/api/v1/assistants/${assistantId}?force=false&force=true` },
      get('nothing/here'),
      { method: 'DELETE', path: '/api/v1/prompts' },
      prompt('Still done'),
    ]);
    assert.deepEqual(codesOf(answer), [
      ...Array.from({ length: 7 }, () => 'batch.unsupported'),
      'batch.sensitive',
      'request.invalid',
      'route.not_found',
      'route.method_not_allowed',
      undefined,
    ]);
    assert.equal(answer.body.data[10].headers.allow, 'GET, HEAD, OPTIONS, POST');
    assert.equal((await user.client.get(`assistants/${assistantId}`)).status, 200);
    const search = { method: 'POST', path: '/api/v1/search', body: { query: 'donkey' } };
    assert.deepEqual(statusesOf(await batch([search])), [200]);
    assert.deepEqual(codesOf(await batch([search], { atomic: true })), ['batch.unsupported']);
  });

  test('nothing that asks for proof always, streams, takes files or answers secrets is let in', (t) => {
    const open = app.endpoints.filter((endpoint) => batchObstacle(endpoint, false) === undefined);
    for (const { operationId, form, streams, auth, responses, tag } of open) {
      assert.ok(form === undefined && !streams && ['user', 'admin'].includes(auth), operationId);
      assert.ok(!['auth', 'api-keys', 'integrations'].includes(tag), operationId);
      for (const { contentType } of Object.values(responses))
        assert.equal(contentType, undefined, operationId);
    }
    assert.ok(open.length > 50);
    t.diagnostic(`${open.length} of ${app.endpoints.length} operations can be part of a batch`);
  });

  test('paths mean what they mean in a request', async () => {
    const paths = [
      'assistants/librarian/',
      'assistants/%6Cibrarian',
      'assistants/a%2Flibrarian',
      'assistants/../prompts',
      'assistants//librarian',
      'Assistants',
      'assistants/%',
      'assistants?limit=1&limit=2',
      'assistants?limit[]=1',
      'assistants?__proto__=1',
      'assistants?limit=%00',
    ];
    const answer = await batch(paths.map((path) => get(path)));
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    for (const [index, path] of paths.entries()) {
      // fetch would resolve the dots by itself.
      const single = path.includes('..') ? { status: 404 } : await user.client.get(path);
      assert.equal(answer.body.data[index].status, single.status, path);
    }
    for (const path of [
      'http://127.0.0.1/api/v1/prompts',
      '//host/api/v1/prompts',
      '/health',
      '/api/v1/a#b',
      '/api/v1/\n',
    ]) {
      const { status, body } = await batch([{ method: 'GET', path }]);
      assert.deepEqual([status, body.errors?.[0]?.pointer], [400, '/body/operations/0/path'], path);
    }
  });

  test('a batch that is not well-formed is refused as a whole', async () => {
    const many = Array.from({ length: 21 }, () => get('prompts'));
    for (const [operations, pointer] of [
      [[], '/body/operations'],
      [many, '/body/operations'],
      [[get('prompts', { id: 'a' }), get('prompts', { id: 'a' })], '/body/operations/1'],
      [
        [get('prompts', { headers: { authorization: 'Bearer x' } })],
        '/body/operations/0/headers/authorization',
      ],
      [[get('prompts', { headers: { cookie: 'x' } })], '/body/operations/0/headers/cookie'],
      [[{ ...get('prompts'), method: 'TRACE' }], '/body/operations/0/method'],
      [[prompt('A'), { ...prompt('B'), body: 'text' }], '/body/operations/1/body'],
    ] as const) {
      const { status, body } = await batch([...operations]);
      assert.deepEqual([status, body.errors?.[0]?.pointer], [400, pointer], JSON.stringify(body));
    }
    assert.equal(await count('prompts'), 0);
  });

  test('a key has its scopes in a batch as outside of one, and people without the role are no administrators', async () => {
    await user.client.post('auth/reauthenticate', { password: user.password });
    const key = await makeApiKey(app, user, ['batch', 'prompts:read']);
    const { body } = await key.client.post('batch', {
      operations: [get('prompts'), prompt('A'), get('assistants'), get('admin/queues')],
    });
    assert.deepEqual(
      body.data.map((item: Json) => item.body.code),
      [undefined, 'auth.scope_missing', 'auth.scope_missing', 'auth.scope_missing'],
    );
    assert.match(body.data[1].headers['www-authenticate'], /insufficient_scope/);
    assert.deepEqual(codesOf(await batch([get('admin/queues')])), ['auth.forbidden']);
    const without = await makeApiKey(app, user, ['prompts:read']);
    assert.equal((await without.client.post('batch', { operations: [get('prompts')] })).status, 403);
    assert.equal(await count('prompts'), 0);
  });

  test('what an operation does is in the audit log, done by the caller of the batch', async () => {
    await batch([prompt('Audited')], {}, { 'x-request-id': 'audited' });
    const [event] = await app.database.sql<Json>(
      `select actor_id, correlation_id from audit_events where user_id = $1 and action = 'prompt.create'`,
      [user.id],
    );
    assert.deepEqual(event, { actor_id: user.id, correlation_id: 'audited.0' });
  });

  test('things of other users are not there', async () => {
    const other = await registerUser(app);
    const theirs = (await other.client.post('prompts', { title: 'T', content: 'C' })).body.data.id as string;
    for (const atomic of [false, true]) {
      const answer = await batch([get(`prompts/${theirs}`)], { atomic });
      assert.deepEqual(codesOf(answer), ['prompt.not_found']);
    }
  });
});

test('operations count as requests do: 429 for those beyond the limit, whichever way they come', async () => {
  await using app = await startTestApp({ REQUESTS_PER_MINUTE: '12' });
  const { client } = await registerUser(app);
  const operations = Array.from({ length: 15 }, () => get('prompts'));
  const { status, body } = await client.post('batch', { operations });
  assert.equal(status, 200);
  const statuses = body.data.map((item: Json) => item.status as number);
  const good = statuses.filter((one: number) => one === 200).length;
  assert.ok(good > 0 && good < 12, `${good} of 12, the batch is one of them`);
  assert.deepEqual(statuses, [...Array<number>(good).fill(200), ...Array<number>(15 - good).fill(429)]);
  assert.ok(Number(body.data[14].headers['retry-after']) > 0);
  assert.equal((await client.get('prompts')).status, 429, 'and then for requests');
});

test('an answer has an end: bodies that do not fit are left out, their effects stay', async () => {
  await using app = await startTestApp({ BATCH_RESPONSE_MAX_BYTES: '1024' });
  const user = await registerUser(app);
  const content = 'x'.repeat(900);
  const made = await user.client.post('batch', {
    operations: [
      prompt('A', { body: { title: 'A', content } }),
      prompt('B', { body: { title: 'B', content } }),
    ],
  });
  const [first, second] = made.body.data;
  assert.deepEqual([first.status, first.body_omitted, first.body === null], [201, true, true]);
  assert.equal(second.body_omitted, true);
  assert.ok(first.headers.location);
  assert.equal((await user.client.get('prompts')).body.data.length, 2);
});

test('when the time is over nothing begins any more, and an atomic batch is undone', async () => {
  const timeoutMs = 1_000;
  await using app = await startTestApp({ BATCH_TIMEOUT_MS: String(timeoutMs) });
  const user = await registerUser(app);
  /** The first operation has to wait for as long as all may take. */
  const send = async (atomic: boolean): Promise<TestResponse> => {
    await using lock = await holdLock(app.database.url, 'lock table prompts in share mode');
    const began = performance.now();
    const answer = user.client.post('batch', { operations: [prompt('C'), prompt('D')], atomic });
    await lock.waiting(1);
    await waitFor(() => performance.now() - began > timeoutMs * 2, { description: 'the time to be over' });
    await lock.release();
    return await answer;
  };
  const late = await send(false);
  assert.deepEqual(codesOf(late), [undefined, 'batch.timed_out']);
  assert.ok(Number(late.body.data[1].headers['retry-after']) > 0);
  assert.deepEqual(codesOf(await send(true)), ['batch.rolled_back', 'batch.timed_out']);
  assert.equal((await user.client.get('prompts')).body.data.length, 1);
});

test('a user has so many batches at a time; whoever goes away stops theirs, and undoes an atomic one', async () => {
  await using app = await startTestApp({ BATCHES_PER_USER: '1' });
  const user = await registerUser(app);
  const { promise: released, resolve: release } = Promise.withResolvers<undefined>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<undefined>();
  const held = app.context.database.transaction(async (tx) => {
    await tx.assistants.lockAll(user.id);
    begin(undefined);
    await released;
  });
  await begun;
  const abort = new AbortController();
  const sent = user.client
    .send('POST', 'batch', {
      json: { operations: [prompt('A'), prompt('B')], atomic: true },
      signal: abort.signal,
    })
    .catch((error: unknown) => error);
  const waiting = () =>
    app.database.sql<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    );
  await waitFor(async () => (await waiting())[0]!.count > 0, { description: 'the batch to wait' });
  const other = await user.client.post('batch', { operations: [get('prompts')] });
  assert.deepEqual([other.status, other.body.code], [503, 'request.busy']);
  abort.abort();
  await sent;
  release(undefined);
  await held;
  const next = await waitFor(
    async () => {
      const answer = await user.client.post('batch', { operations: [get('prompts')] });
      return answer.status === 503 ? undefined : answer;
    },
    { description: 'the end of the first batch' },
  );
  assert.deepEqual(next.body.data[0].body.data, [], 'nothing was made');
});
