import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { after, before, suite, test } from 'node:test';
import { fromBufferPromise } from 'yauzl';
import { ask, beginConversation } from '#tests/support/conversation.ts';
import { HttpClient, registerUser } from '#tests/support/http-client.ts';
import type { Json, TestUser } from '#tests/support/http-client.ts';
import { accepted, endOfJob } from '#tests/support/ingestion.ts';
import { startStage } from '#tests/support/test-stage.ts';
import type { TestStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';

suite('the rights of people', () => {
  let stage: TestStage;
  before(async () => {
    stage = await startStage({ MAINTENANCE_INTERVAL_MS: '100' });
    // Two of them: what is done once must not be done twice.
    await stage.startWorker();
    await stage.startWorker();
  });
  after(() => stage[Symbol.asyncDispose]());

  /** How many rows of each table belong to a user. */
  async function rowsOf(userId: string): Promise<Record<string, number>> {
    const tables = await stage.sql<{ name: string }>(
      `select table_name as name from information_schema.columns join information_schema.tables t using (table_schema, table_name)
       where table_schema = 'public' and column_name = 'user_id' and t.table_type = 'BASE TABLE'`,
    );
    const rows: Record<string, number> = {};
    for (const { name } of tables) {
      const [count] = await stage.sql<{ n: number }>(
        // The jobs that measure assistants come and go by themselves.
        `select count(*)::int as n from ${name} t where user_id = $1
           and to_jsonb(t) ->> 'type' is distinct from 'assistant.measure'`,
        [userId],
      );
      rows[name] = count!.n;
    }
    const [users] = await stage.sql<{ n: number }>('select count(*)::int as n from users where id = $1', [
      userId,
    ]);
    return { ...rows, users: users!.n };
  }

  const closeAccount = (user: TestUser, password = user.password) =>
    user.client.request('DELETE', 'auth/me', { json: { password } });
  const newClient = async (): Promise<HttpClient> => {
    const client = new HttpClient(stage.app.url);
    await client.get('auth/csrf');
    return client;
  };

  test('everything of one account comes as one zip, to its owner alone, until it expires', async () => {
    const owner = await stage.newOwner();
    const { jobId, documentId } = accepted(
      await owner.uploadText('Rain', 'Donkeys dislike rain and like carrots.'),
    );
    await endOfJob(owner.client, jobId);
    const talk = await beginConversation(owner.client, owner.assistantId);
    await ask(owner.client, talk, 'What do donkeys dislike?');
    const archived = await beginConversation(owner.client, owner.assistantId);
    await ask(owner.client, archived, 'Something that is put away for later.');
    assert.equal((await owner.client.post(`conversations/${archived}/archive`)).status, 200);
    const asked = await owner.client.post('auth/export');
    assert.equal(asked.status, 202, JSON.stringify(asked.body));
    assert.equal(asked.headers.get('location'), `/api/v1/jobs/${asked.body.data.job.id}`);
    const { id } = asked.body.data.export;
    assert.equal((await endOfJob(owner.client, asked.body.data.job.id)).status, 'succeeded');
    const list = await owner.client.get('auth/exports');
    assert.deepEqual(
      list.body.data.map((one: Json) => [one.id, one.status]),
      [[id, 'ready']],
    );

    const stranger = await registerUser(stage.app);
    assert.equal((await stranger.client.get(`auth/exports/${id}/content`)).status, 404);
    assert.deepEqual((await stranger.client.get('auth/exports')).body.data, []);

    const answer = await owner.client.send('GET', `auth/exports/${id}/content`);
    assert.equal(answer.headers.get('content-type'), 'application/zip');
    const bytes = Buffer.from(await answer.arrayBuffer());
    assert.equal(bytes.length, list.body.data[0].size);
    const entries = new Map<string, string>();
    const zip = await fromBufferPromise(bytes);
    for await (const entry of zip.eachEntry())
      entries.set(entry.fileName, String(await buffer(await zip.openReadStreamPromise(entry))));
    assert.equal(entries.get(`files/${documentId}-Rain.txt`), 'Donkeys dislike rain and like carrots.');
    for (const table of [
      'users',
      'sessions',
      'assistants',
      'documents',
      'document_chunks',
      'chunk_embeddings',
      'audit_events',
    ])
      assert.notEqual(entries.get(`${table}.ndjson`), '', table);
    assert.ok(![...entries.values()].some((text) => text.includes('$argon2')));
    const messages = entries
      .get('messages.ndjson')!
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      messages.map(({ conversation_id: of, role }) => [of, role]).sort(),
      [talk, talk, archived, archived]
        .map((of, index) => [of, index % 2 === 0 ? 'user' : 'assistant'])
        .sort(),
      'archived messages are readable too',
    );
    assert.ok(messages.some(({ content }) => content === 'Something that is put away for later.'));

    await stage.sql(`update account_exports set expires_at = now() - interval '1 hour' where id = $1`, [id]);
    assert.equal((await owner.client.get(`auth/exports/${id}/content`)).status, 404);
    await waitFor(
      async () =>
        (await stage.sql('select 1 from account_export_parts where export_id = $1', [id])).length === 0,
      { description: 'the expired export to be cleared away' },
    );
  });

  test('asking twice while an export is being made gives the same one', async () => {
    const owner = await stage.newOwner();
    const answers = await Promise.all([1, 2, 3, 4].map(() => owner.client.post('auth/export')));
    const [first] = answers;
    assert.ok(answers.every(({ status }) => status === 202));
    const jobs = await stage.sql(`select id from jobs where type = 'account.export' and user_id = $1`, [
      owner.id,
    ]);
    assert.ok(jobs.length < 4);
    await endOfJob(owner.client, first!.body.data.job.id);
  });

  test('a closed account is shut at once, and can be opened again with the password within the days of grace', async () => {
    const user = await stage.newOwner();
    const wrong = await closeAccount(user, 'not the password');
    assert.deepEqual([wrong.status, wrong.body.code], [401, 'auth.invalid_credentials']);
    const other = await newClient();
    await other.post('auth/login', { username: user.username, password: user.password });
    const closed = await closeAccount(user);
    assert.equal(closed.status, 202, JSON.stringify(closed.body));
    const days = (Date.parse(closed.body.data.purge_after) - Date.now()) / 86_400_000;
    assert.ok(days > 13.9 && days < 14.1);
    assert.equal((await other.get('auth/me')).status, 401, 'the other login');
    const client = await newClient();
    const login = await client.post('auth/login', { username: user.username, password: user.password });
    assert.deepEqual([login.status, login.body.code], [403, 'user.deletion_pending']);
    const guess = await client.post('auth/login', { username: user.username, password: 'not the password' });
    assert.equal(guess.body.code, 'auth.invalid_credentials', 'strangers are not told');
    const restored = await client.post('auth/restore', { username: user.email, password: user.password });
    assert.equal(restored.status, 200, JSON.stringify(restored.body));
    assert.equal((await client.get('auth/me')).status, 200);
    assert.equal((await client.get(`assistants/${user.assistantId}`)).status, 200);
    const again = await client.post('auth/restore', { username: user.email, password: user.password });
    assert.equal(again.body.code, 'auth.invalid_credentials', 'an open account has nothing to restore');
  });

  test('after the days of grace nothing is left of the account in any table, and its names are free', async (t) => {
    const user = await stage.newOwner();
    const neighbour = await stage.newOwner();
    for (const owner of [user, neighbour]) {
      const { jobId } = accepted(await owner.uploadText('Rain', 'Donkeys dislike rain and like carrots.'));
      await endOfJob(owner.client, jobId);
      await owner.client.post('search', { query: 'carrots' });
      const asked = await owner.client.post('auth/export');
      await endOfJob(owner.client, asked.body.data.job.id);
    }
    const before = await rowsOf(user.id);
    const filled = Object.entries(before).filter(([, count]) => count > 0);
    assert.ok(filled.length >= 15, `only ${filled.map(([name]) => name).join()} were filled`);
    const untouched = await rowsOf(neighbour.id);
    assert.equal((await closeAccount(user)).status, 202);
    await stage.sql('update users set purge_after = now() where id = $1', [user.id]);
    await waitFor(async () => (await rowsOf(user.id)).users === 0, { description: 'the purge' });
    const left = Object.entries(await rowsOf(user.id)).filter(([, count]) => count > 0);
    const sum = filled.reduce((total, [, count]) => total + count, 0);
    t.diagnostic(
      `${sum} rows in ${filled.length} of ${Object.keys(before).length} tables before, ${left.length} after`,
    );
    assert.deepEqual(left, []);
    assert.deepEqual(await rowsOf(neighbour.id), untouched, 'the neighbour');
    const client = await newClient();
    const gone = await client.post('auth/restore', { username: user.username, password: user.password });
    assert.equal(gone.body.code, 'auth.invalid_credentials');
    const { username, email, password } = user;
    const anew = await client.post('auth/register', { username, email, password });
    assert.equal(anew.status, 201, JSON.stringify(anew.body));
    assert.notEqual(anew.body.data.user.id, user.id);
  });
});
