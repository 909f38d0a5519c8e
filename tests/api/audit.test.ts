import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { makeApiKey } from '#tests/support/api-keys.ts';
import { registerUser } from '#tests/support/http-client.ts';
import type { Json, TestUser } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

suite('ASVS 16.2.1 and 16.4.2: the audit log', () => {
  let app: TestApp;
  let user: TestUser;
  let admin: TestUser;
  before(async () => {
    app = await startTestApp();
    user = await registerUser(app);
    admin = await registerUser(app);
    await app.database.sql(`update users set role = 'admin' where id = $1`, [admin.id]);
  });
  after(() => app[Symbol.asyncDispose]());

  const eventsOf = async (action: string): Promise<Json[]> =>
    (await user.client.get(`auth/audit?limit=100&action=${action}`)).body.data;

  test('who, what, when, from where, and in which request', async () => {
    const headers = { 'user-agent': 'Audit Test/1.0', 'x-request-id': 'audit-test-1' };
    const body = { label: 'Audited', scopes: ['account:read'] };
    const made = await user.client.request('POST', 'auth/api-keys', { headers, json: body });
    const [event] = await eventsOf('api_key.create');
    const { created_at: time, id, ...rest } = event;
    assert.deepEqual(rest, {
      user_id: user.id,
      actor_id: user.id,
      api_key_id: null,
      action: 'api_key.create',
      target_type: 'api_key',
      target_id: made.body.data.id,
      address: '127.0.0.1',
      user_agent: 'Audit Test/1.0',
      correlation_id: 'audit-test-1',
      details: {
        prefix: made.body.data.prefix,
        scopes: ['account:read'],
        expires_at: made.body.data.expires_at,
        signs: false,
      },
    });
    assert.ok(Math.abs(Date.parse(time) - Date.now()) < 60_000);
    assert.match(id, /^[0-9a-f-]{36}$/);
  });

  test('what a program did names its key; deletions are there', async () => {
    const key = await makeApiKey(app, user);
    const assistant = (await key.client.post('assistants', { name: 'Short-lived' })).body.data.id as string;
    const text = { assistant_id: assistant, title: 'Gone', text: 'Something to delete.' };
    const document = (await key.client.post('documents', text)).body.data.document.id as string;
    assert.equal((await key.client.delete(`documents/${document}`)).status, 204);
    assert.equal((await key.client.delete(`assistants/${assistant}`)).status, 204);
    const [gone] = await eventsOf('document.delete');
    assert.deepEqual([gone.target_id, gone.api_key_id, gone.actor_id], [document, key.id, user.id]);
    const [also] = await eventsOf('assistant');
    assert.deepEqual([also.action, also.target_id], ['assistant.delete', assistant]);
  });

  test('who did what to what: assistants, documents, jobs and exports', async () => {
    const { client, id: userId } = await registerUser(app);
    const assistant = (await client.post('assistants', { name: 'Secretive' })).body.data.id as string;
    await client.patch(`assistants/${assistant}`, { name: 'Hushed', memory_mode: 'none' });
    const text = { assistant_id: assistant, title: 'Whisper', text: 'Murmured words.' };
    const { document, job } = (await client.post('documents', text)).body.data;
    await client.post('documents', text);
    await client.patch(`documents/${document.id}`, { title: 'Rustle' });
    assert.equal((await client.delete(`jobs/${job.id}`)).status, 204);
    assert.equal((await client.delete(`jobs/${job.id}`)).body.code, 'job.finished');
    assert.equal((await client.post(`documents/${document.id}/retry`)).status, 202);
    const asked = (await client.post('auth/export')).body.data;
    const download = `auth/exports/${asked.export.id}/content`;
    assert.equal((await client.get(download)).body.code, 'export.not_ready');
    await app.database.sql(
      `update account_exports set fence = 1, size = 1, completed_at = now(), expires_at = now() + interval '1 hour'
       where id = $1`,
      [asked.export.id],
    );
    await app.database.sql(`insert into account_export_parts values ($1, $2, 1, 0, 'x')`, [
      asked.export.id,
      userId,
    ]);
    assert.equal((await client.send('GET', download)).status, 200);

    const { data: events } = (await client.get('auth/audit?limit=100')).body as { data: Json[] };
    const since = events.slice(0, events.findIndex(({ action }) => action === 'assistant.create') + 1);
    assert.deepEqual(
      since.reverse().map((event) => [event.action, event.target_type, event.target_id, event.details]),
      [
        ['assistant.create', 'assistant', assistant, {}],
        ['assistant.update', 'assistant', assistant, { fields: ['name', 'memory_mode'] }],
        [
          'document.upload',
          'document',
          document.id,
          { assistant_id: assistant, source_type: 'text', size: 15 },
        ],
        ['document.update', 'document', document.id, { fields: ['title'] }],
        ['job.cancel', 'job', job.id, { type: 'document.ingest', document_id: document.id }],
        ['document.retry', 'document', document.id, {}],
        ['account.export', 'account_export', asked.export.id, {}],
        ['account.export_download', 'account_export', asked.export.id, {}],
      ],
    );
    assert.ok(since.every((event) => event.actor_id === userId && event.user_id === userId));
    assert.doesNotMatch(JSON.stringify(since), /Secretive|Hushed|Whisper|Rustle|Murmured/);
  });

  test('a user may ask for some exports a day, cancelled ones count, and is told when to come again', async () => {
    const { client } = await registerUser(app);
    for (let n = 0; n < 5; n += 1) {
      const asked = await client.post('auth/export');
      assert.equal(asked.status, 202, JSON.stringify(asked.body));
      assert.equal((await client.post('auth/export')).body.data.export.id, asked.body.data.export.id);
      assert.equal((await client.delete(`jobs/${asked.body.data.job.id}`)).status, 204);
    }
    const refused = await client.post('auth/export');
    assert.deepEqual([refused.status, refused.body.code], [429, 'quota.daily_exceeded']);
    const seconds = Number(refused.headers.get('retry-after'));
    assert.ok(seconds >= 1 && seconds <= 86_400, `${seconds} s`);
  });

  test('what failed is not recorded as done', async () => {
    const before = (await eventsOf('document.delete')).length;
    assert.equal((await user.client.delete(`documents/${uuidv7()}`)).status, 404);
    assert.equal((await eventsOf('document.delete')).length, before);
  });

  test('pages and filters', async () => {
    const all = await eventsOf('api_key');
    assert.ok(all.length >= 2);
    const first = await user.client.get('auth/audit?limit=1&action=api_key');
    const next = await user.client.get(
      `auth/audit?limit=1&action=api_key&cursor=${first.body.meta.next_cursor as string}`,
    );
    assert.deepEqual([...first.body.data, ...next.body.data], all.slice(0, 2));
    const other = await user.client.get(`auth/audit?limit=1&cursor=${first.body.meta.next_cursor as string}`);
    assert.equal(other.body.code, 'page.cursor_invalid');
    const future = new Date(Date.now() + 60_000).toISOString();
    assert.deepEqual((await user.client.get(`auth/audit?from=${future}`)).body.data, []);
    assert.equal(
      (await user.client.get(`auth/audit?action=api_key&to=${future}&limit=100`)).body.data.length,
      all.length,
    );
    for (const bad of ['from=2026-W03', 'to=yesterday', 'action=api_key%25', 'action=%27', 'user_id=x'])
      assert.equal((await user.client.get(`auth/audit?${bad}`)).body.code, 'request.invalid', bad);
  });

  test('owners see their own events alone, administrators all', async () => {
    const stranger = await registerUser(app);
    await makeApiKey(app, stranger);
    const own = (await stranger.client.get('auth/audit?limit=100')).body.data as Json[];
    assert.ok(own.length > 0 && own.every((event) => event.user_id === stranger.id));
    assert.equal((await stranger.client.get('admin/audit')).body.code, 'auth.forbidden');
    const all = (await admin.client.get('admin/audit?limit=100&action=api_key.create')).body.data as Json[];
    const owners = new Set(all.map((event) => event.user_id));
    assert.ok(owners.has(stranger.id) && owners.has(user.id));
    const some = (await admin.client.get(`admin/audit?limit=100&user_id=${user.id}`)).body.data as Json[];
    assert.ok(some.length > 0 && some.every((event) => event.user_id === user.id));
  });

  test('ASVS 16.4.2: nobody changes or removes an event, as the application’s own role', async (t) => {
    const snapshot = () =>
      app.database.sql('select md5(string_agg(e::text, $1 order by id)) from audit_events e', [',']);
    const before = await snapshot();
    const attempts = [
      `update audit_events set action = 'nothing.happened'`,
      `update audit_events set actor_id = null where user_id = '${user.id}'`,
      'update audit_events set id = id',
      'delete from audit_events',
      `delete from audit_events where user_id = '${user.id}'`,
      'truncate audit_events',
      'truncate users cascade',
      `with gone as (delete from audit_events returning 1) select count(*) from gone`,
      `insert into audit_events (id, action) select id, 'x.y' from audit_events on conflict (id) do update set action = 'x.y'`,
    ];
    for (const attempt of attempts)
      await assert.rejects(app.database.sql(attempt), { code: '42501', message: /append-only/ }, attempt);
    assert.deepEqual(await snapshot(), before);
    t.diagnostic(`${attempts.length} ways to change the log: 0 work`);
  });

  test('the events of an account go with it, and only then', async () => {
    const leaver = await registerUser(app);
    await makeApiKey(app, leaver);
    const count = async () =>
      (
        await app.database.sql<{ n: number }>(
          'select count(*)::int as n from audit_events where user_id = $1',
          [leaver.id],
        )
      )[0]!.n;
    assert.ok((await count()) > 0);
    await app.database.sql('update users set deleted_at = now() where id = $1', [leaver.id]);
    await assert.rejects(app.database.sql('delete from audit_events where user_id = $1', [leaver.id]));
    await app.database.sql('delete from users where id = $1', [leaver.id]);
    assert.equal(await count(), 0);
  });
});
