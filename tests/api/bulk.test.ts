import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';
import { bulks } from '#api/batch/bulk-endpoints.ts';
import { registerUser } from '#tests/support/http-client.ts';
import type { Json, TestResponse, TestUser } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

const statusesOf = ({ body }: TestResponse): number[] => body.data.map((item: Json) => item.status);
const codesOf = ({ body }: TestResponse): unknown[] => body.data.map((item: Json) => item.error?.code);

suite('many operations on things of one kind', () => {
  let app: TestApp;
  let user: TestUser;
  let assistant: Json;
  before(async () => {
    app = await startTestApp();
  });
  beforeEach(async () => {
    user = await registerUser(app);
    assistant = (await user.client.post('assistants', { name: 'Librarian' })).body.data;
  });
  after(() => app[Symbol.asyncDispose]());

  const send = (
    path: string,
    operations: object[],
    more: object = {},
    headers: Record<string, string> = {},
  ) => user.client.post(path, { operations, ...more }, headers);
  const titles = async (): Promise<string[]> =>
    (await user.client.get('prompts?sort=title')).body.data.map(({ title }: { title: string }) => title);
  const write = (title: string) => ({ op: 'create', title, content: 'Be brief.' });

  test('each result is what the operation would answer alone', async () => {
    const made = await send('prompts/batch', [write('A'), write('B')]);
    assert.equal(made.status, 200, JSON.stringify(made.body));
    assert.deepEqual(statusesOf(made), [201, 201]);
    const [a, b] = made.body.data.map(({ data }: Json) => data);
    assert.deepEqual(a, (await user.client.get(`prompts/${a.id}`)).body.data);
    const changed = await send('prompts/batch', [
      { op: 'update', id: a.id, version: 1, title: 'A2' },
      { op: 'update', id: b.id, title: 'B2' },
      { op: 'update', id: b.id, version: 7, title: 'B2' },
      { op: 'update', id: '01980f5e-1b2c-7d3e-8f4a-5b6c7d8e9f0a', version: 1, title: 'C' },
      write('D'),
    ]);
    assert.deepEqual(statusesOf(changed), [200, 428, 412, 404, 201]);
    assert.deepEqual(codesOf(changed), [
      undefined,
      'precondition.required',
      'precondition.failed',
      'prompt.not_found',
      undefined,
    ]);
    assert.deepEqual(changed.body.meta, { succeeded: 2, failed: 3, rolled_back: false });
    assert.equal(changed.body.data[0].data.version, 2);
    assert.deepEqual(await titles(), ['A2', 'B', 'D']);
  });

  test('atomic: all or none', async () => {
    const failed = await send(
      'prompts/batch',
      [write('A'), { op: 'update', id: 'none', version: 1, title: 'X' }],
      {
        atomic: true,
      },
    );
    assert.deepEqual(codesOf(failed), ['batch.rolled_back', 'prompt.not_found']);
    assert.deepEqual(failed.body.meta, { succeeded: 0, failed: 2, rolled_back: true });
    assert.deepEqual(await titles(), []);
    const done = await send('prompts/batch', [write('A'), write('B')], { atomic: true });
    assert.deepEqual(statusesOf(done), [201, 201]);
    assert.deepEqual(await titles(), ['A', 'B']);
  });

  test('an Idempotency-Key makes it happen once', async () => {
    const key = { 'idempotency-key': 'bulk' };
    const [first, second] = [
      await send('prompts/batch', [write('A')], {}, key),
      await send('prompts/batch', [write('A')], {}, key),
    ];
    assert.deepEqual(second.body, first.body);
    assert.deepEqual(await titles(), ['A']);
  });

  test('what deletes says so, and asks for a fresh password', async () => {
    const [made] = (await send('prompts/batch', [write('A')])).body.data;
    const operations = [{ op: 'delete', id: made.data.id, version: 1 }];
    const silent = await send('prompts/batch', operations);
    assert.deepEqual([silent.status, silent.body.errors[0].code], [400, 'batch.deletes']);
    await app.database.sql(
      `update sessions set reauthenticated_at = now() - interval '6 minutes' where user_id = $1`,
      [user.id],
    );
    const stale = await send('prompts/batch?deletes=true', operations);
    assert.equal(stale.body.code, 'auth.reauthentication_required');
    assert.deepEqual(await titles(), ['A']);
    await user.client.post('auth/reauthenticate', { password: user.password });
    const gone = await send('prompts/batch?deletes=true', [
      { op: 'delete', id: made.data.id },
      ...operations,
    ]);
    assert.deepEqual(statusesOf(gone), [428, 204]);
    assert.deepEqual(await titles(), []);
  });

  test('assistants, conversations, documents and chains', async () => {
    const made = await send('assistants/batch', [
      { op: 'create', name: 'Second' },
      { op: 'update', id: assistant.id, version: assistant.version, name: 'First' },
    ]);
    assert.deepEqual(statusesOf(made), [201, 200]);
    const talks = await send('conversations/batch', [
      { op: 'create', assistant_id: assistant.id, title: 'One' },
      { op: 'create', assistant_id: assistant.id },
    ]);
    const [one, two] = talks.body.data.map(({ data }: Json) => data);
    const changed = await send('conversations/batch?deletes=true', [
      { op: 'update', id: one.id, version: 1, title: 'Uno' },
      { op: 'archive', id: one.id },
      { op: 'restore', id: one.id },
      { op: 'delete', id: two.id, version: 1 },
    ]);
    assert.deepEqual(statusesOf(changed), [200, 200, 200, 204]);
    assert.deepEqual(
      changed.body.data.map(({ data }: Json) => data?.status),
      ['active', 'archived', 'active', undefined],
    );
    const uploaded = await user.client.post('documents', {
      assistant_id: assistant.id,
      title: 'T',
      text: 'Text.',
    });
    const { id } = uploaded.body.data.document;
    const documents = await send('documents/batch?deletes=true', [
      { op: 'update', id, version: 1, title: 'Title' },
      { op: 'retry', id },
      { op: 'delete', id, version: 2 },
    ]);
    assert.deepEqual(statusesOf(documents), [200, 409, 204], JSON.stringify(documents.body));
    const chains = await send('memory-chains/batch', [
      { op: 'create', assistant_id: assistant.id, title: 'C' },
    ]);
    assert.deepEqual(statusesOf(chains), [201]);
  });

  test('input is held to the contract of each operation, and to a hundred', async () => {
    const bad = await send('prompts/batch', [
      write('A'),
      { op: 'create', title: '' },
      { op: 'burn', id: 'x' },
    ]);
    const pointers = bad.body.errors.map(({ pointer }: Json) => pointer);
    assert.equal(bad.status, 400);
    for (const pointer of ['1/title', '1/content', '2/op'])
      assert.ok(pointers.includes(`/body/operations/${pointer}`), JSON.stringify(pointers));
    const extra = await send('prompts/batch', [{ ...write('A'), user_id: 'x' }]);
    assert.equal(extra.body.errors[0].pointer, '/body/operations/0/user_id');
    const many = await send(
      'prompts/batch',
      Array.from({ length: 101 }, (_, index) => write(`P ${index}`)),
    );
    assert.equal(many.status, 400);
    const most = await send(
      'prompts/batch',
      Array.from({ length: 100 }, (_, index) => write(`P ${index}`)),
    );
    assert.equal(most.body.meta.succeeded, 100);
  });

  test('promise 32: things of another user are not there, whatever is done with them', async (t) => {
    const other = await registerUser(app);
    const theirs = (await other.client.post('assistants', { name: 'Theirs' })).body.data.id as string;
    const ids: Readonly<Record<string, string>> = {
      '/assistants/batch': theirs,
      '/prompts/batch': (await other.client.post('prompts', { title: 'T', content: 'C' })).body.data.id,
      '/conversations/batch': (await other.client.post('conversations', { assistant_id: theirs })).body.data
        .id,
      '/documents/batch': (
        await other.client.post('documents', { assistant_id: theirs, title: 'T', text: 'Text.' })
      ).body.data.document.id,
      '/memory-chains/batch': (await other.client.post('memory-chains', { assistant_id: theirs, title: 'T' }))
        .body.data.id,
    };
    let tried = 0;
    for (const { endpoint, actions } of bulks)
      for (const [op, { example, params }] of Object.entries(actions)) {
        const id = ids[endpoint.path]!;
        const body = { ...(example.body as Json) };
        if ('assistant_id' in body) body.assistant_id = theirs;
        else if (params === undefined) continue;
        const operation = { op, ...body, ...(params && { id }) };
        const versioned = /update|delete/.test(op) ? { ...operation, version: 1 } : operation;
        const answer = await send(`${endpoint.path.slice(1)}?deletes=true`, [versioned]);
        assert.deepEqual(statusesOf(answer), [404], `${endpoint.path} ${op}: ${JSON.stringify(answer.body)}`);
        tried += 1;
      }
    assert.ok(tried >= 14);
    t.diagnostic(`${tried} operations on things of another user: 0 leaks`);
  });
});
