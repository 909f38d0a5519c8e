import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { createIdempotency } from '#api/http/idempotency.ts';
import type { KeyedRequest } from '#api/http/idempotency.ts';
import { createEnvelope } from '#shared/crypto/envelope.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { registerUser } from '#tests/support/http-client.ts';
import type { TestUser } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

const AT_ONCE = 50;

suite('requests with an Idempotency-Key', () => {
  let app: TestApp;
  let user: TestUser;
  before(async () => {
    app = await startTestApp();
    user = await registerUser(app);
  });
  after(() => app[Symbol.asyncDispose]());

  const count = async (table: string, userId = user.id): Promise<number> =>
    (
      await app.database.sql<{ count: number }>(
        `select count(*)::int as count from ${table} where user_id = $1`,
        [userId],
      )
    )[0]!.count;
  const keyed = (key: string) => ({ 'idempotency-key': key });

  test(`promise 39: ${AT_ONCE} at once with one key have one effect and one answer`, async (t) => {
    const before = await count('assistants');
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, () =>
        user.client.post('assistants', { name: 'Only one' }, keyed('at-once')),
      ),
    );
    const [first] = answers;
    for (const { status, body, headers } of answers) {
      assert.equal(status, 201);
      assert.deepEqual(body, first!.body);
      for (const name of ['location', 'etag']) assert.equal(headers.get(name), first!.headers.get(name));
    }
    const replayed = answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true').length;
    assert.equal(replayed, AT_ONCE - 1);
    assert.equal((await count('assistants')) - before, 1);
    t.diagnostic(`${AT_ONCE} requests: 1 effect, ${replayed} replayed, 1 answer`);
  });

  test('promise 39: what breaks between effect and answer leaves neither, and the next try has both', async () => {
    const before = await count('assistants');
    const send = () => user.client.post('assistants', { name: 'Broken off' }, keyed('broken-off'));
    await app.database.sql(
      `alter table idempotency_keys add constraint broken check (status <> 201) not valid`,
    );
    const broken = await send();
    await app.database.sql(`alter table idempotency_keys drop constraint broken`);
    assert.equal(broken.status, 500);
    assert.equal(await count('assistants'), before);
    const answer = await send();
    assert.equal(answer.status, 201);
    assert.deepEqual((await send()).body, answer.body);
    assert.equal(await count('assistants'), before + 1);
  });

  test('the same key for another request is refused: other fields, another address, another user is free', async () => {
    const send = (path: string, body: unknown) => user.client.post(path, body, keyed('reused'));
    const made = await send('assistants', { name: 'A', thinking_style: 'cot' });
    assert.equal(made.status, 201);
    const sameInOtherOrder = await send('assistants', { thinking_style: 'cot', name: 'A' });
    assert.deepEqual([sameInOtherOrder.status, sameInOtherOrder.body], [201, made.body]);
    for (const answer of [
      await send('assistants', { name: 'B' }),
      await send('documents', { assistant_id: made.body.data.id, title: 'T', text: 'A text.' }),
    ])
      assert.deepEqual([answer.status, answer.body.code], [422, 'idempotency.key_reused']);
    const other = await registerUser(app);
    const theirs = await other.client.post('assistants', { name: 'B' }, keyed('reused'));
    assert.equal(theirs.status, 201);
  });

  test('a refused request leaves its key free', async () => {
    const refused = await user.client.post('assistants', { name: '' }, keyed('free'));
    assert.equal(refused.status, 400);
    assert.equal((await user.client.post('assistants', { name: 'Good' }, keyed('free'))).status, 201);
  });

  test('an upload is taken in once, with its job, and the file is part of what is compared', async () => {
    const assistant = (await user.client.post('assistants', { name: 'Reader' })).body.data.id as string;
    const upload = (bytes: string, key: string) =>
      user.client.request('POST', 'documents', { raw: form(assistant, bytes), headers: keyed(key) });
    const jobs = await count('jobs');
    const [first, second] = await Promise.all([upload('Hello.', 'file'), upload('Hello.', 'file')]);
    assert.deepEqual([first.status, second.status], [202, 202]);
    assert.deepEqual(first.body, second.body);
    assert.equal((await count('jobs')) - jobs, 2, 'one ingestion and its first part');
    const other = await upload('Good bye.', 'file');
    assert.deepEqual([other.status, other.body.code], [422, 'idempotency.key_reused']);
  });

  test('what is shown once is shown again to whoever repeats the request, and is nowhere in the database', async () => {
    await user.client.post('auth/reauthenticate', { password: user.password });
    const send = () =>
      user.client.post('auth/api-keys', { label: 'Once', scopes: ['search'] }, keyed('secret'));
    const made = await send();
    assert.equal(made.status, 201, JSON.stringify(made.body));
    assert.deepEqual((await send()).body, made.body);
    const secret = made.body.data.key as string;
    const rows = await app.database.sql<{ hit: boolean }>(
      `select t::text like '%' || $1 || '%' or position(convert_to($1, 'UTF8') in ciphertext) > 0 as hit
       from idempotency_keys t where user_id = $2`,
      [secret.slice(-20), user.id],
    );
    assert.ok(rows.length > 0);
    assert.ok(rows.every(({ hit }) => !hit));
  });

  test('odd keys are refused with the header named', async () => {
    for (const key of ['with space', 'x'.repeat(256), '""']) {
      const { status, body } = await user.client.post('assistants', { name: 'A' }, keyed(key));
      assert.deepEqual([status, body.errors?.[0]?.pointer], [400, '/headers/idempotency-key'], key);
    }
    const quoted = await user.client.post('assistants', { name: 'Quoted' }, keyed('"q-1"'));
    const bare = await user.client.post('assistants', { name: 'Quoted' }, keyed('q-1'));
    assert.deepEqual(quoted.body, bare.body);
  });

  test('whoever finds the first still at work after the wait is told to come back', async () => {
    const envelope = createEnvelope(app.context.config.integrations.keys);
    const make = () => createIdempotency({ database: app.context.database, envelope, waitMs: 100 });
    const [here, elsewhere] = [make(), make()];
    const request: KeyedRequest = {
      userId: user.id,
      key: 'slow',
      operation: 'test',
      fingerprint: Buffer.alloc(32),
    };
    const { promise: released, resolve: release } = Promise.withResolvers<undefined>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<undefined>();
    const first = here.run(request, async () => {
      begin(undefined);
      await released;
      return { status: 201, body: { data: 1 } };
    });
    await begun;
    for (const idempotency of [here, elsewhere])
      await assert.rejects(
        idempotency.run(request, () => Promise.reject(new Error('a second effect'))),
        (error: unknown) =>
          error instanceof AppError &&
          error.code === 'idempotency.in_progress' &&
          error.retryAfterSeconds === 2,
      );
    release(undefined);
    assert.equal((await first).status, 201);
    const again = await elsewhere.run(request, () => Promise.reject(new Error('a second effect')));
    assert.deepEqual([again.status, again.body], [201, { data: 1 }]);
  });

  test('an answer is kept for a day and then forgotten by the clearing of leftovers', async () => {
    const rows = await app.database.sql<{ hours: number }>(
      `select extract(epoch from min(expires_at - created_at)) / 3600 as hours from idempotency_keys`,
    );
    assert.equal(Math.round(rows[0]!.hours), 24);
    await app.database.sql(`update idempotency_keys set expires_at = now() - interval '1 second'`);
    const before = await count('assistants');
    const fresh = await user.client.post('assistants', { name: 'Only one' }, keyed('at-once'));
    assert.equal(fresh.status, 201);
    assert.equal(await count('assistants'), before + 1);
    await app.context.database.transaction((tx) => tx.maintenance.clearExpired());
    assert.equal(await count('idempotency_keys'), 1);
  });
});

function form(assistantId: string, bytes: string): FormData {
  const data = new FormData();
  data.append('assistant_id', assistantId);
  data.append('file', new Blob([bytes], { type: 'text/plain' }), 'a.txt');
  return data;
}
