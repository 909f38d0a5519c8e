import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import type { Scope } from '#shared/domain/scopes.ts';
import { makeApiKey, USER_SCOPES } from '#tests/support/api-keys.ts';
import { HttpClient, registerUser } from '#tests/support/http-client.ts';
import type { TestUser } from '#tests/support/http-client.ts';
import { recordQueries } from '#tests/support/query-recorder.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';
import { waitFor } from '#tests/support/wait-for.ts';

suite('API keys', () => {
  let app: TestApp;
  let user: TestUser;
  before(async () => {
    app = await startTestApp();
    user = await registerUser(app);
  });
  after(() => app[Symbol.asyncDispose]());

  const wish = (more: object = {}) => ({ label: 'Import', scopes: ['documents:read'], ...more });
  const withKey = (key: string) => {
    const client = new HttpClient(app.url);
    client.authorization = `Bearer ${key}`;
    return client;
  };

  test('ASVS 15.3.1: the key is shown once; what is stored is its hash', async () => {
    const made = await user.client.post('auth/api-keys', wish({ expires_in_days: 30 }));
    assert.equal(made.status, 201);
    const { id, key, prefix, expires_at: end } = made.body.data;
    assert.match(key, /^dk_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$/);
    assert.ok(key.startsWith(`${prefix}_`));
    assert.ok(Math.abs(Date.parse(end) - Date.now() - 30 * 86_400_000) < 60_000);
    const list = await user.client.get('auth/api-keys');
    const listed = list.body.data.find((one: { id: string }) => one.id === id);
    assert.deepEqual(Object.keys(listed).sort(), [
      'created_at',
      'expires_at',
      'id',
      'label',
      'last_used_at',
      'prefix',
      'public_key',
      'scopes',
    ]);
    assert.ok(!JSON.stringify(list.body).includes(key));
    const [row] = await app.database.sql<{ secret_hash: Buffer; row: string }>(
      'select secret_hash, k::text as row from api_keys k where id = $1',
      [id],
    );
    assert.deepEqual(row!.secret_hash, createHash('sha256').update(key).digest());
    assert.ok(!row!.row.includes(key.slice(12)));
    const dump = await app.database.sql<{ n: number }>(
      'select count(*)::int as n from audit_events where details::text like $1',
      [`%${key.slice(12)}%`],
    );
    assert.equal(dump[0]!.n, 0);
  });

  test('a key is a caller: no cookie, no CSRF token, only its scopes', async () => {
    const { client } = await makeApiKey(app, user, ['assistants:read', 'assistants:write']);
    assert.equal((await client.post('assistants', { name: 'By key' })).status, 201);
    assert.equal((await client.get('assistants')).body.data[0].name, 'By key');
    const refused = await client.get('documents');
    assert.equal(refused.status, 403);
    assert.equal(refused.body.code, 'auth.scope_missing');
    assert.match(refused.headers.get('www-authenticate') ?? '', /scope="documents:read"/);
    assert.equal(client.cookies.size, 0);
  });

  test('wrong, expired and revoked keys are refused, at once and everywhere', async () => {
    const key = await makeApiKey(app, user, ['account:read']);
    assert.equal((await key.client.get('auth/me')).status, 200);
    const other = key.key.endsWith('A') ? 'B' : 'A';
    for (const wrong of [
      '',
      'x',
      'null',
      key.prefix,
      key.id,
      `${key.key} `.repeat(2).trim(),
      key.key.slice(0, -1) + other,
      key.key.toUpperCase(),
      `${key.key}A`,
      `dk_zzzzzzzz${key.key.slice(11)}`,
      `' or 1=1 --`,
      'A'.repeat(4000),
    ]) {
      const answer = await withKey(wrong).get('auth/me');
      assert.equal(answer.status, 401, wrong);
      assert.equal(answer.body.code, 'auth.key_invalid', wrong);
      assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer error="invalid_token"/);
    }
    await app.database.sql(`update api_keys set expires_at = now() - interval '1 second' where id = $1`, [
      key.id,
    ]);
    assert.equal((await key.client.get('auth/me')).body.code, 'auth.key_expired');

    const revoked = await makeApiKey(app, user, ['account:read']);
    assert.equal((await user.client.delete(`auth/api-keys/${revoked.id}`)).status, 204);
    assert.equal((await revoked.client.get('auth/me')).body.code, 'auth.key_invalid');
    assert.equal((await user.client.delete(`auth/api-keys/${revoked.id}`)).body.code, 'api_key.not_found');
    const listed = (await user.client.get('auth/api-keys?limit=100')).body.data as { id: string }[];
    assert.ok(listed.every(({ id }) => id !== revoked.id));
  });

  test('the keys of a deleted account are dead', async () => {
    const gone = await registerUser(app);
    const key = await makeApiKey(app, gone, ['account:read']);
    await app.database.sql('update users set deleted_at = now() where id = $1', [gone.id]);
    assert.equal((await key.client.get('auth/me')).body.code, 'auth.key_invalid');
  });

  test('nobody else sees or revokes a key', async () => {
    const key = await makeApiKey(app, user, ['account:read']);
    const stranger = await registerUser(app);
    assert.deepEqual((await stranger.client.get('auth/api-keys')).body.data, []);
    for (const id of [key.id, uuidv7()])
      assert.equal((await stranger.client.delete(`auth/api-keys/${id}`)).body.code, 'api_key.not_found');
    assert.equal((await key.client.get('auth/me')).status, 200);
  });

  test('promise 26: a key and a session cookie together are refused, whatever either is worth', async (t) => {
    let tried = 0;
    const key = await makeApiKey(app, user, ['account:read']);
    const cookie = user.client.cookieHeader();
    const name = app.context.cookies.sessionName;
    for (const [authorization, cookies] of [
      [`Bearer ${key.key}`, cookie],
      [`bearer ${key.key}`, cookie],
      ['Bearer nonsense', cookie],
      [`Bearer ${key.key}`, `${name}=nonsense`],
      [`Bearer ${key.key}`, `${app.context.cookies.refreshName}=nonsense`],
      ['Bearer', cookie],
    ] as const)
      for (const [method, path] of [
        ['GET', 'auth/me'],
        ['POST', 'assistants'],
        ['POST', 'auth/login'],
      ] as const) {
        const headers = { authorization, cookie: cookies };
        const answer = await new HttpClient(app.url).request(method, path, { headers });
        assert.equal(answer.status, 400, `${authorization} ${method} ${path}`);
        assert.equal(answer.body.code, 'auth.ambiguous');
        tried += 1;
      }
    t.diagnostic(`${tried} requests with two identities: 0 accepted`);
  });

  test('what is only for browsers refuses keys', async () => {
    const { client } = await makeApiKey(app, user);
    for (const { method, fullPath, auth } of app.endpoints)
      if (auth === 'optional' || auth === 'session') {
        const answer = await client.request(method, fullPath.replace(/:\w+/g, uuidv7()));
        assert.equal(answer.body.code, 'auth.session_required', fullPath);
      }
  });

  test('ASVS 8.2.1: a key makes no key that can do more, or lives longer, than itself', async () => {
    const key = await makeApiKey(app, user, ['account:write', 'documents:read']);
    const scopesOf = async (scopes: readonly Scope[], days = 1) => {
      const { status, body } = await key.signed(
        'POST',
        'auth/api-keys',
        wish({ scopes, expires_in_days: days }),
      );
      return status === 201 ? 201 : body.code;
    };
    assert.equal(await scopesOf(['documents:read']), 201);
    let refused = 0;
    for (const scope of USER_SCOPES.filter((one) => one !== 'account:write' && one !== 'documents:read')) {
      assert.equal(await scopesOf(['documents:read', scope]), 'auth.scope_exceeded', scope);
      refused += 1;
    }
    assert.ok(refused > 5);
    assert.equal(await scopesOf(['documents:read'], 91), 'auth.scope_exceeded');
    const admin = await user.client.post('auth/api-keys', wish({ scopes: ['admin:read'] }));
    assert.equal(admin.body.code, 'auth.scope_exceeded');
    const without = await makeApiKey(app, user, ['account:read']);
    assert.equal((await without.signed('POST', 'auth/api-keys', wish())).body.code, 'auth.scope_missing');
  });

  test('use is noted, once a minute, and a locked row holds nobody up', async () => {
    const key = await makeApiKey(app, user, ['account:read']);
    const lastUsed = async () =>
      (
        await app.database.sql<{ last_used_at: Date | null; xmin: string }>(
          'select last_used_at, xmin::text from api_keys where id = $1',
          [key.id],
        )
      )[0]!;
    await app.database.database
      .transaction(async (tx) => {
        await tx.apiKeys.touch(key.id);
        const noting = () => recorder.queries.filter(({ text }) => text.startsWith('update "api_keys"'));
        using recorder = recordQueries();
        assert.equal((await key.client.get('auth/me')).status, 200);
        // Each of them is let go of without having waited, or there would be no second one.
        const tried = async () => (await key.client.get('auth/me')).status === 200 && noting().length >= 2;
        await waitFor(tried, { description: 'the use to be about to be noted twice' });
        throw new Error('undone');
      })
      .catch(() => undefined);
    const noted = async () => {
      assert.equal((await key.client.get('auth/me')).status, 200);
      return (await lastUsed()).last_used_at !== null;
    };
    await waitFor(noted, { description: 'the use to be noted' });
    const first = await lastUsed();
    for (let call = 0; call < 5; call += 1) assert.equal((await key.client.get('auth/me')).status, 200);
    assert.deepEqual(await lastUsed(), first);
  });

  test('an account has at most fifty living keys', async () => {
    const collector = await registerUser(app);
    for (let made = 0; made < 50; made += 1)
      assert.equal((await collector.client.post('auth/api-keys', wish())).status, 201);
    assert.equal((await collector.client.post('auth/api-keys', wish())).body.code, 'api_key.too_many');
    const first = (await collector.client.get('auth/api-keys?limit=30')).body;
    const cursor = first.meta.next_cursor as string;
    const rest = (await collector.client.get(`auth/api-keys?limit=30&cursor=${cursor}`)).body;
    const ids = new Set([...first.data, ...rest.data].map(({ id }: { id: string }) => id));
    assert.equal(ids.size, 50);
  });

  test('bad wishes are refused by name', async () => {
    for (const bad of [
      { scopes: [] },
      { scopes: ['root'] },
      { scopes: ['search', 'search'] },
      { expires_in_days: 0 },
      { expires_in_days: 367 },
      { expires_in_days: 1.5 },
      { label: '  ' },
      { public_key: 'AAAA' },
      { public_key: 'not base64 at all, but forty-four characters' },
      { prefix: 'dk_aaaaaaaa' },
      { user_id: uuidv7() },
    ]) {
      const answer = await user.client.post('auth/api-keys', wish(bad));
      assert.equal(answer.body.code, 'request.invalid', JSON.stringify(bad));
    }
  });
});
