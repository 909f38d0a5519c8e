import assert from 'node:assert/strict';
import { createHash, createHmac, createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { after, before, suite, test } from 'node:test';
import { parseSetCookie } from 'cookie';
import { SignJWT } from 'jose';
import { createCookies } from '#api/http/cookies.ts';
import { createAccessTokens } from '#shared/crypto/access-tokens.ts';
import { HttpClient, registerUser } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

const SESSION = 'donkey_session';
const PRE_SESSION = 'donkey_presession';

suite('accounts', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app[Symbol.asyncDispose]());

  const anonymous = async (): Promise<HttpClient> => {
    const client = new HttpClient(app.url);
    assert.equal((await client.get('auth/csrf')).status, 200);
    return client;
  };
  const loginAs = async (username: string, password: string) => {
    const client = await anonymous();
    return { client, response: await client.post('auth/login', { username, password }) };
  };

  test('registering logs in, gives a working token and clears the pre-session', async () => {
    const { client, ...user } = await registerUser(app);
    const me = await client.get('auth/me');
    assert.equal(me.status, 200);
    assert.deepEqual(Object.keys(me.body.data).sort(), ['created_at', 'email', 'id', 'role', 'username']);
    assert.equal(me.body.data.username, user.username);
    assert.equal(me.body.data.role, 'user');
    assert.ok(!client.cookies.has(PRE_SESSION));
    assert.equal((await client.post('assistants', { name: 'First' })).status, 201);
  });

  test('ASVS 3.3.1 to 3.3.4: the session cookie is out of reach of scripts and other sites', async () => {
    const client = await anonymous();
    const account = { username: 'cookie.owner', email: 'cookie@example.org', password: 'long enough' };
    const response = await client.post('auth/register', account);
    const cookie = parseSetCookie(response.headers.getSetCookie()[0] ?? '');
    assert.equal(cookie.name, SESSION);
    assert.equal(cookie.httpOnly, true);
    assert.equal(cookie.sameSite, 'strict');
    assert.equal(cookie.path, '/');
    assert.equal(cookie.domain, undefined);
    const secure = createCookies({ secure: true });
    assert.equal(secure.sessionName, `__Host-${SESSION}`);
    assert.equal(parseSetCookie(secure.write(secure.sessionName, 'x')).secure, true);
  });

  test('ASVS 11.4.2: passwords are stored as argon2id only', async () => {
    const user = await registerUser(app);
    const [row] = await app.database.sql<{ password_hash: string }>('select * from users where id = $1', [
      user.id,
    ]);
    assert.match(row?.password_hash ?? '', /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    assert.ok(!JSON.stringify(row).includes(user.password));
  });

  test('logging in works by user name and by e-mail address, in any case', async () => {
    const user = await registerUser(app);
    for (const name of [user.username, user.username.toUpperCase(), user.email.toUpperCase()]) {
      const { client, response } = await loginAs(name, user.password);
      assert.equal(response.status, 200, name);
      assert.equal(response.body.data.user.id, user.id);
      assert.equal((await client.get('auth/me')).body.data.id, user.id);
    }
  });

  test('ASVS 6.3.8: a wrong password and an unknown user are answered alike', async () => {
    const user = await registerUser(app);
    const answers = [
      (await loginAs(user.username, 'not the password')).response,
      (await loginAs('nobody-of-that-name', 'not the password')).response,
    ].map(({ status, body }) => ({ status, ...body, correlation_id: '' }));
    assert.equal(answers[0]?.code, 'auth.invalid_credentials');
    assert.deepEqual(answers[0], answers[1]);
  });

  test('ASVS 6.2.1 and 6.2.9: passwords have 8 to 128 characters, counted as characters', async () => {
    const client = await anonymous();
    const attempt = (username: string, password: string) =>
      client.post('auth/register', { username, email: `${username}@example.org`, password });
    for (const password of ['1234567', '🦙🦙🦙🦙', 'x'.repeat(129)]) {
      const { status, body } = await attempt('short-password', password);
      assert.equal(status, 400);
      assert.deepEqual(
        body.errors.map((fault: { pointer: string }) => fault.pointer),
        ['/body/password'],
      );
    }
    assert.equal((await attempt('good-password', '  spaces stay ')).status, 201);
    assert.equal((await loginAs('good-password', 'spaces stay')).response.status, 401);
    assert.equal((await loginAs('good-password', '  spaces stay ')).response.status, 200);
  });

  test('a password typed on another keyboard is the same password', async () => {
    const client = await anonymous();
    const account = {
      username: 'composed',
      email: 'composed@example.org',
      password: 'pässwörter'.normalize('NFC'),
    };
    assert.equal((await client.post('auth/register', account)).status, 201);
    assert.equal((await loginAs('composed', 'pässwörter'.normalize('NFD'))).response.status, 200);
  });

  test('user names and addresses are unique in any case', async () => {
    const user = await registerUser(app);
    const client = await anonymous();
    const base = { username: 'other-name', email: 'other-name@example.org', password: 'long enough' };
    const name = await client.post('auth/register', { ...base, username: user.username.toUpperCase() });
    assert.deepEqual([name.status, name.body.code], [409, 'user.username_taken']);
    const email = await client.post('auth/register', { ...base, email: user.email.toUpperCase() });
    assert.deepEqual([email.status, email.body.code], [409, 'user.email_taken']);
  });

  test('ASVS 15.3.3: nobody registers as administrator', async () => {
    const client = await anonymous();
    const account = { username: 'mallory', email: 'm@example.org', password: 'long enough', role: 'admin' };
    const { status, body } = await client.post('auth/register', account);
    assert.equal(status, 400);
    assert.equal(body.errors[0].pointer, '/body/role');
  });

  test('ASVS 7.4.1: logout ends the session at once, also for a copy of the cookie', async () => {
    const { client } = await registerUser(app);
    const copy = new HttpClient(app.url);
    copy.cookies.set(SESSION, client.cookies.get(SESSION)!);
    assert.equal((await copy.get('auth/me')).status, 200);
    assert.equal((await client.post('auth/logout')).status, 204);
    assert.ok(!client.cookies.has(SESSION));
    const replayed = await copy.get('auth/me');
    assert.deepEqual([replayed.status, replayed.body.code], [401, 'auth.session_expired']);
    assert.equal((await client.get('auth/me')).body.code, 'auth.required');
  });

  test('ASVS 7.2.4: logging in again ends the session that was there', async () => {
    const { client, username, password } = await registerUser(app);
    const old = client.cookies.get(SESSION)!;
    assert.equal((await client.post('auth/login', { username, password })).status, 200);
    assert.notEqual(client.cookies.get(SESSION), old);
    const copy = new HttpClient(app.url);
    copy.cookies.set(SESSION, old);
    assert.equal((await copy.get('auth/me')).status, 401);
  });

  const failures = async (userId: string) =>
    (
      await app.database.sql<{ details: object }>(
        `select details from audit_events where user_id = $1 and action = 'auth.login_failed'`,
        [userId],
      )
    ).map(({ details }) => details);

  test('restoring does not tell whether the password of an open account is right, and counts as a guess', async () => {
    const { id, username, password } = await registerUser(app);
    const client = await anonymous();
    const answers: unknown[] = [];
    for (const tried of [password, 'not the password', password, password]) {
      const { status, body } = await client.post('auth/restore', { username, password: tried });
      answers.push([status, body.code]);
    }
    const wrong = [401, 'auth.invalid_credentials'];
    assert.deepEqual(answers, [wrong, wrong, wrong, [429, 'request.rate_limited']]);
    assert.deepEqual(await failures(id), [{}, {}, {}]);
  });

  test('what an account had before it was closed does not come back with it; logins meanwhile are written down', async () => {
    const { id, username, password, client } = await registerUser(app);
    const made = await client.post('auth/api-keys', { label: 'Key', scopes: ['account:read'] });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const closed = await client.request('DELETE', 'auth/me', { json: { password } });
    assert.equal(closed.status, 202, JSON.stringify(closed.body));
    assert.equal((await loginAs(username, password)).response.body.code, 'user.deletion_pending');
    assert.deepEqual(await failures(id), [{ reason: 'deletion_pending' }]);
    // As if they had been made at the moment at which the account was closed.
    for (const table of ['sessions', 'api_keys'])
      await app.database.sql(`update ${table} set revoked_at = null where user_id = $1`, [id]);
    const owner = await anonymous();
    assert.equal((await owner.post('auth/restore', { username, password })).status, 200);
    assert.equal((await owner.get('auth/me')).status, 200);
    assert.equal((await client.get('auth/me')).status, 401);
    assert.deepEqual(
      await app.database.sql('select 1 from api_keys where user_id = $1 and revoked_at is null', [id]),
      [],
    );
  });

  test('a dead session cookie does not keep anyone from logging in', async () => {
    const { client, username, password } = await registerUser(app);
    const dead = client.cookies.get(SESSION)!;
    await client.post('auth/logout');
    client.cookies.set(SESSION, dead);
    await client.get('auth/csrf');
    assert.equal((await client.post('auth/login', { username, password })).status, 200);
  });

  suite('ASVS 9.1 and 9.2: forged tokens', () => {
    const seedOf = (): string => app.context.config.auth.signingKeys[0]!;
    const issuer = 'http://donkey.test';
    const inAnHour = () => new Date(Date.now() + 3_600_000);

    const tryToken = async (token: string): Promise<string> => {
      const client = new HttpClient(app.url);
      client.cookies.set(SESSION, token);
      const { status, body } = await client.get('auth/me');
      assert.equal(status, 401, token);
      return body.code as string;
    };
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const decode = (token: string, index: number): Record<string, unknown> =>
      JSON.parse(Buffer.from(token.split('.')[index]!, 'base64url').toString()) as Record<string, unknown>;
    const keys = () => {
      const head = Buffer.from('302e020100300506032b657004220420', 'hex');
      const key = Buffer.concat([head, Buffer.from(seedOf(), 'base64url')]);
      const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
      return { privateKey, publicKey: createPublicKey(privateKey) };
    };

    test('none, another algorithm, another key', async () => {
      const { client } = await registerUser(app);
      const token = client.cookies.get(SESSION)!;
      const header = decode(token, 0);
      const payload = decode(token, 1);
      assert.equal(await tryToken(`${part({ ...header, alg: 'none' })}.${part(payload)}.`), 'auth.required');
      const confused = `${part({ ...header, alg: 'HS256' })}.${part(payload)}`;
      const publicPem = keys().publicKey.export({ format: 'pem', type: 'spki' });
      const mac = createHmac('sha256', publicPem).update(confused).digest('base64url');
      assert.equal(await tryToken(`${confused}.${mac}`), 'auth.required');
      const stranger = createAccessTokens({ signingKeys: [randomBytes(32).toString('base64url')], issuer });
      const foreign = await stranger.sign({
        userId: String(payload.sub),
        sessionId: String(payload.sid),
        expiresAt: inAnHour(),
      });
      assert.equal(await tryToken(foreign), 'auth.required');
    });

    test('wrong type, issuer, audience, missing claims, expired', async () => {
      const { client } = await registerUser(app);
      const token = client.cookies.get(SESSION)!;
      const header = decode(token, 0) as { alg: string; typ: string; kid: string };
      const good = decode(token, 1);
      const sign = (payload: Record<string, unknown>, more: Record<string, unknown> = {}) =>
        new SignJWT(payload).setProtectedHeader({ ...header, ...more }).sign(keys().privateKey);
      const { sid: _sid, ...withoutSession } = good;
      const { exp: _exp, ...withoutExpiry } = good;
      for (const forged of [
        await sign(good, { typ: 'JWT' }),
        await sign(good, { kid: 'other' }),
        await sign({ ...good, iss: 'http://elsewhere.test' }),
        await sign({ ...good, aud: 'http://elsewhere.test/api/v1' }),
        await sign(withoutSession),
        await sign(withoutExpiry),
      ])
        assert.equal(await tryToken(forged), 'auth.required');
      assert.equal(await tryToken(await sign({ ...good, exp: 1_700_000_000 })), 'auth.session_expired');
      const copy = new HttpClient(app.url);
      copy.cookies.set(SESSION, await sign(good));
      assert.equal((await copy.get('auth/me')).status, 200, 'the control is accepted');
    });

    test('200 single changed characters', async () => {
      const { client } = await registerUser(app);
      const token = client.cookies.get(SESSION)!;
      for (let index = 0; index < 200; index += 1) {
        const at = createHash('sha256').update(String(index)).digest().readUInt16BE() % (token.length - 1);
        const other = token[at] === 'A' ? 'B' : 'A';
        await tryToken(token.slice(0, at) + other + token.slice(at + 1));
      }
    });

    test('a session of somebody else', async () => {
      const [one, two] = [await registerUser(app), await registerUser(app)];
      const tokens = createAccessTokens({ signingKeys: [seedOf()], issuer });
      const sessionId = String(decode(two.client.cookies.get(SESSION)!, 1).sid);
      const mixed = await tokens.sign({ userId: one.id, sessionId, expiresAt: inAnHour() });
      assert.equal(await tryToken(mixed), 'auth.session_expired');
    });
  });

  suite('ASVS 3.5.1: cross-site request forgery', () => {
    const refused = async (client: HttpClient, headers: Record<string, string>, path = 'assistants') => {
      const { status, body } = await client.post(path, { name: 'Forged' }, headers);
      assert.deepEqual([status, body.code], [403, 'auth.csrf_invalid']);
    };

    test('no token, a made-up one, one of another session', async () => {
      const [victim, attacker] = [await registerUser(app), await registerUser(app)];
      const before = await anonymous();
      await refused(victim.client, { 'x-csrf-token': '' });
      await refused(victim.client, { 'x-csrf-token': 'made-up' });
      await refused(victim.client, { 'x-csrf-token': attacker.client.csrfToken! });
      await refused(victim.client, { 'x-csrf-token': before.csrfToken! });
      assert.equal((await victim.client.post('assistants', { name: 'Own' })).status, 201);
    });

    test('planted cookies: csurf cookie mode and a pre-session named like the session', async () => {
      const { client } = await registerUser(app);
      const sid = JSON.parse(
        Buffer.from(client.cookies.get(SESSION)!.split('.')[1]!, 'base64url').toString(),
      ).sid;
      const attacker = new HttpClient(app.url);
      attacker.cookies.set(PRE_SESSION, sid as string);
      await attacker.get('auth/csrf');
      await refused(client, { 'x-csrf-token': attacker.csrfToken! });

      // A double-submit cookie would accept the attacker's own secret and a token made from it.
      const secret = 'attackers-own-secret-000';
      const salt = 'saltsalt';
      const made = `${salt}-${createHash('sha1').update(`${salt}-${secret}`).digest('base64url')}`;
      client.cookies.set('_csrf', secret);
      client.cookies.set('csrfSecret', secret);
      await refused(client, { 'x-csrf-token': made });
    });

    test('the token counts in its header only', async () => {
      const { client } = await registerUser(app);
      const token = client.csrfToken!;
      await refused(client, { 'x-csrf-token': '' }, `assistants?_csrf=${encodeURIComponent(token)}`);
      await refused(client, { 'x-csrf-token': '', 'csrf-token': token, 'x-xsrf-token': token });
      const body = await client.post('assistants', { name: 'F', _csrf: token }, { 'x-csrf-token': '' });
      assert.equal(body.status, 403);
    });

    test('register and login want a token bound to the pre-session', async () => {
      const client = await anonymous();
      const account = { username: 'forged-user', email: 'f@example.org', password: 'long enough' };
      for (const path of ['auth/register', 'auth/login']) {
        const bare = await new HttpClient(app.url).post(path, account, { 'x-csrf-token': client.csrfToken! });
        assert.deepEqual([bare.status, bare.body.code], [403, 'auth.csrf_invalid']);
      }
      const other = await anonymous();
      const swapped = await other.post('auth/register', account, { 'x-csrf-token': client.csrfToken! });
      assert.equal(swapped.status, 403);
    });

    test('a new login makes the old token worthless', async () => {
      const { client, username, password } = await registerUser(app);
      const old = client.csrfToken!;
      await client.post('auth/login', { username, password });
      await refused(client, { 'x-csrf-token': old });
      assert.equal((await client.post('assistants', { name: 'New' })).status, 201);
    });

    test('a forged request is refused before any of its body is there', async () => {
      const { client } = await registerUser(app);
      const status = await new Promise<number | undefined>((resolve, reject) => {
        const forged = request(`${app.url}/api/v1/assistants`, {
          method: 'POST',
          headers: {
            cookie: client.cookieHeader(),
            'content-type': 'application/json',
            'content-length': String(8 * 1024 * 1024),
          },
        });
        forged.on('response', (response) => {
          resolve(response.statusCode);
          forged.destroy();
        });
        forged.on('error', reject);
        forged.flushHeaders();
      });
      assert.equal(status, 403);
    });

    test('ASVS 3.5.2: bodies that a form can send are not read', async () => {
      const { client } = await registerUser(app);
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
      ]) {
        const { status, body } = await client.request('POST', 'assistants', {
          raw: '{"name":"Forged"}',
          headers: { 'content-type': type },
        });
        assert.deepEqual([status, body.code], [415, 'request.media_type'], type);
      }
    });
  });

  suite('ASVS 3.5.3: where a request comes from', () => {
    const create = async (headers: Record<string, string>) => {
      const { client } = await registerUser(app);
      const { status, body } = await client.post('assistants', { name: 'From elsewhere' }, headers);
      return [status, status < 400 ? undefined : body.code];
    };

    test('foreign origins are refused, also with a good token', async () => {
      for (const origin of [
        'https://evil.example',
        'null',
        'http://donkey.test.evil.example',
        'http://donkey.test:81',
      ])
        assert.deepEqual(await create({ origin }), [403, 'auth.origin_forbidden'], origin);
    });

    test('without Origin, the browser word on the site counts', async () => {
      for (const site of ['cross-site', 'same-site'])
        assert.deepEqual(await create({ 'sec-fetch-site': site }), [403, 'auth.origin_forbidden'], site);
      assert.deepEqual(await create({ 'sec-fetch-site': 'same-origin' }), [201, undefined]);
    });

    test('the own origin passes, and only allowed ones may read answers', async () => {
      assert.deepEqual(await create({ origin: 'http://donkey.test' }), [201, undefined]);
      const client = new HttpClient(app.url);
      const own = await client.get('/health', { origin: 'http://donkey.test' });
      assert.equal(own.headers.get('access-control-allow-origin'), 'http://donkey.test');
      assert.equal(own.headers.get('access-control-allow-credentials'), 'true');
      const foreign = await client.get('/health', { origin: 'https://evil.example' });
      assert.equal(foreign.headers.get('access-control-allow-origin'), null);
      assert.match(foreign.headers.get('vary') ?? '', /origin/i);
    });

    test('preflights are answered for allowed origins only', async () => {
      const ask = (origin: string) =>
        new HttpClient(app.url).request('OPTIONS', 'assistants', {
          headers: { origin, 'access-control-request-method': 'POST' },
        });
      const own = await ask('http://donkey.test');
      assert.equal(own.status, 204);
      assert.match(own.headers.get('access-control-allow-headers') ?? '', /x-csrf-token/);
      const foreign = await ask('https://evil.example');
      assert.equal(foreign.headers.get('access-control-allow-origin'), null);
    });
  });
});
