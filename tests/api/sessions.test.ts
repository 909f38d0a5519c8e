import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import { parseSetCookie } from 'cookie';
import { createAccessTokens } from '#shared/crypto/access-tokens.ts';
import { createRefreshTokens } from '#shared/crypto/refresh-tokens.ts';
import { HttpClient, registerUser } from '#tests/support/http-client.ts';
import type { TestResponse, TestUser } from '#tests/support/http-client.ts';
import { copyOf, refreshAtOnce, REFRESH_COOKIE, SESSION_COOKIE } from '#tests/support/refresh-race.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

const codeOf = ({ status, body }: TestResponse): [number, string] => [status, body.code as string];

suite('sessions', () => {
  let app: TestApp;
  /** Another instance over the same database. */
  let other: TestApp;
  before(async () => {
    const shared = {
      AUTH_SIGNING_KEYS: randomBytes(32).toString('base64url'),
      CSRF_SECRET: randomBytes(32).toString('base64url'),
      CREDENTIAL_KEYS: `test:${randomBytes(32).toString('base64url')}`,
    };
    app = await startTestApp(shared);
    other = await startTestApp({ ...shared, DATABASE_URL: app.database.url });
  });
  after(async () => {
    await other[Symbol.asyncDispose]();
    await app[Symbol.asyncDispose]();
  });

  const sidOf = (client: HttpClient): string => client.cookies.get(REFRESH_COOKIE)!.split('.')[0]!;
  const rowOf = async (client: HttpClient) => {
    const rows = await app.database.sql<{ generation: number; revoked_reason: string | null; salt: Buffer }>(
      'select * from sessions where id = $1',
      [sidOf(client)],
    );
    return rows[0]!;
  };
  const eventsOf = async (user: TestUser): Promise<string[]> =>
    (
      await app.database.sql<{ action: string }>(
        'select action from audit_events where user_id = $1 order by id',
        [user.id],
      )
    ).map(({ action }) => action);
  const revocations = async (user: TestUser): Promise<unknown[]> =>
    (
      await app.database.sql<{ details: unknown }>(
        `select details from audit_events where user_id = $1 and actor_id = $1 and action = 'session.revoke'`,
        [user.id],
      )
    ).map(({ details }) => details);
  const age = (client: HttpClient, column: string, seconds: number) =>
    app.database.sql(`update sessions set ${column} = now() - make_interval(secs => $2) where id = $1`, [
      sidOf(client),
      seconds,
    ]);
  const logIn = async (user: TestUser): Promise<HttpClient> => {
    const client = new HttpClient(app.url);
    await client.get('auth/csrf');
    const { username, password } = user;
    assert.equal((await client.post('auth/login', { username, password })).status, 200);
    return client;
  };

  test('an access token lives 15 minutes and a refresh token 7 days, out of reach of scripts', async () => {
    const client = new HttpClient(app.url);
    await client.get('auth/csrf');
    const account = { username: 'lifetimes', email: 'l@example.org', password: 'long enough to stay' };
    const response = await client.post('auth/register', account);
    const cookies = response.headers.getSetCookie().map((line) => parseSetCookie(line));
    const byName = new Map(cookies.map((cookie) => [cookie.name, cookie]));
    assert.equal(byName.get(SESSION_COOKIE)?.maxAge, 900);
    assert.equal(byName.get(REFRESH_COOKIE)?.maxAge, 604_800);
    assert.ok((byName.get('donkey_device')?.maxAge ?? 0) > 30_000_000);
    for (const { httpOnly, sameSite, path } of cookies)
      assert.deepEqual([httpOnly, sameSite, path], [true, 'strict', '/']);
    const claims = JSON.parse(
      Buffer.from(client.cookies.get(SESSION_COOKIE)!.split('.')[1]!, 'base64url').toString(),
    ) as { exp: number; iat: number };
    assert.ok(claims.exp - claims.iat <= 900);
  });

  test('a refresh rotates, works without an access token, and keeps the CSRF token good', async () => {
    const { client } = await registerUser(app);
    const before = client.cookies.get(REFRESH_COOKIE)!;
    client.cookies.delete(SESSION_COOKIE);
    assert.deepEqual(codeOf(await client.get('auth/me')), [401, 'auth.required']);
    const token = client.csrfToken;
    assert.equal((await client.post('auth/refresh')).status, 200);
    assert.notEqual(client.cookies.get(REFRESH_COOKIE), before);
    assert.equal((await client.get('auth/me')).status, 200);
    const made = await client.post('assistants', { name: 'After' }, { 'x-csrf-token': token! });
    assert.equal(made.status, 201);
  });

  test('a page that was reloaded gets its CSRF token by the refresh token alone', async () => {
    const { client } = await registerUser(app);
    client.cookies.delete(SESSION_COOKIE);
    client.csrfToken = undefined;
    await client.get('auth/csrf');
    assert.equal((await client.post('auth/refresh')).status, 200);
  });

  test('ASVS 3.5.1: a refresh without the token of this very session is refused and changes nothing', async () => {
    const [victim, attacker] = [await registerUser(app), await registerUser(app)];
    const preSession = new HttpClient(app.url);
    await preSession.get('auth/csrf');
    for (const forged of ['', 'made-up', attacker.client.csrfToken!, preSession.csrfToken!])
      assert.deepEqual(
        codeOf(
          await copyOf(victim.client, app.url).post('auth/refresh', undefined, { 'x-csrf-token': forged }),
        ),
        [403, 'auth.csrf_invalid'],
      );
    // The refresh cookie of another session, planted beside the victim's own token.
    const planted = copyOf(victim.client, app.url);
    planted.cookies.set(REFRESH_COOKIE, attacker.client.cookies.get(REFRESH_COOKIE)!);
    assert.deepEqual(codeOf(await planted.post('auth/refresh')), [403, 'auth.csrf_invalid']);
    assert.equal((await rowOf(victim.client)).generation, 0);
    assert.equal((await rowOf(attacker.client)).generation, 0);
  });

  test('promise 22: 50 tabs that refresh at the same moment get one successor, over two instances', async (t) => {
    const { client } = await registerUser(app);
    for (let round = 1; round <= 3; round += 1) {
      const { answers, successors } = await refreshAtOnce(client, [app.url, other.url], 50);
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
      assert.equal(successors.size, 1);
      assert.equal((await rowOf(client)).generation, round);
      assert.equal((await client.get('auth/me')).status, 200);
      t.diagnostic(`round ${round}: 50 refreshes, ${successors.size} successor, 0 logouts`);
    }
  });

  test('promise 23, fault 11: an older refresh token ends the family and is written down', async (t) => {
    const user = await registerUser(app);
    const thief = copyOf(user.client, app.url);
    assert.equal((await user.client.post('auth/refresh')).status, 200);
    // Still within the grace: a lost race, not a theft.
    assert.equal((await copyOf(thief, app.url).post('auth/refresh')).status, 200);
    await age(user.client, 'rotated_at', 11);
    const answer = await thief.post('auth/refresh');
    assert.deepEqual(codeOf(answer), [401, 'auth.session_expired']);
    assert.deepEqual(answer.headers.getSetCookie(), [], 'no cookie of the honest party is cleared');
    assert.equal((await rowOf(user.client)).revoked_reason, 'token_reused');
    assert.equal((await user.client.get('auth/me')).status, 401);
    assert.equal((await user.client.post('auth/refresh')).status, 401);
    assert.equal((await eventsOf(user)).filter((action) => action === 'session.token_reused').length, 1);
    t.diagnostic('family dead, 1 audit row');
  });

  test('two generations back is a theft even within the grace', async () => {
    const user = await registerUser(app);
    const thief = copyOf(user.client, app.url);
    for (let turn = 0; turn < 2; turn += 1)
      assert.equal((await user.client.post('auth/refresh')).status, 200);
    assert.equal((await thief.post('auth/refresh')).status, 401);
    assert.equal((await user.client.get('auth/me')).status, 401);
  });

  test('forged refresh tokens have no effect', async () => {
    const { client } = await registerUser(app);
    const [sid, , mac] = client.cookies.get(REFRESH_COOKIE)!.split('.') as [string, string, string];
    const { salt } = await rowOf(client);
    const strangers = createRefreshTokens([randomBytes(32).toString('base64url')]);
    for (const forged of [
      `${sid}.1.${mac}`,
      `${sid}.00.${mac}`,
      `${sid.toUpperCase()}.0.${mac}`,
      `${sid}.0.${'A'.repeat(43)}`,
      strangers.make({ id: sid, salt }, 0),
      'garbage',
    ]) {
      const copy = copyOf(client, app.url);
      copy.cookies.set(REFRESH_COOKIE, forged);
      copy.cookies.delete(SESSION_COOKIE);
      assert.equal((await copy.post('auth/refresh')).status, 401, forged);
    }
    assert.equal((await rowOf(client)).generation, 0);
    assert.equal((await client.post('auth/refresh')).status, 200);
  });

  test('nothing is stored from which a token could be made', async () => {
    const { client } = await registerUser(app);
    const dump = JSON.stringify(
      await app.database.sql('select * from sessions where id = $1', [sidOf(client)]),
    );
    const mac = client.cookies.get(REFRESH_COOKIE)!.split('.')[2]!;
    for (const form of [mac, Buffer.from(mac, 'base64url').toString('hex')]) assert.ok(!dump.includes(form));
  });

  test('ASVS 7.3.1 and 7.3.2: a session ends when idle, and at the end of its absolute lifetime', async () => {
    for (const column of ['idle_expires_at', 'expires_at']) {
      const { client } = await registerUser(app);
      await age(client, column, 1);
      assert.deepEqual(codeOf(await client.get('auth/me')), [401, 'auth.session_expired'], column);
      assert.deepEqual(codeOf(await client.post('auth/refresh')), [401, 'auth.session_expired'], column);
    }
  });

  test('promise 24, ASVS 7.4.1: after a logout both tokens are dead on every instance', async (t) => {
    const { client } = await registerUser(app);
    const copies = [app.url, other.url].map((url) => copyOf(client, url));
    assert.equal((await client.post('auth/logout')).status, 204);
    const started = performance.now();
    for (const copy of copies) {
      assert.deepEqual(codeOf(await copy.get('auth/me')), [401, 'auth.session_expired']);
      assert.equal((await copy.post('auth/refresh')).status, 401);
    }
    t.diagnostic(
      `401 on 2 instances, the last ${Math.round(performance.now() - started)} ms after the logout`,
    );
    assert.ok(!client.cookies.has(SESSION_COOKIE) && !client.cookies.has(REFRESH_COOKIE));
  });

  test('logging out takes no more than the refresh token', async () => {
    const { client } = await registerUser(app);
    client.cookies.delete(SESSION_COOKIE);
    const copy = copyOf(client, app.url);
    assert.equal((await client.post('auth/logout')).status, 204);
    assert.equal((await rowOf(copy)).revoked_reason, 'logged_out');
  });

  test('ASVS 7.5.2: people see their sessions and end one, after giving the password again', async () => {
    const user = await registerUser(app);
    const second = await logIn(user);
    const stranger = await registerUser(app);
    const { body } = await user.client.get('auth/sessions?limit=1');
    assert.deepEqual([body.data.length, body.meta.has_more], [1, true]);
    const all = (await user.client.get('auth/sessions')).body.data as {
      id: string;
      current: boolean;
      network: string;
    }[];
    assert.deepEqual(
      all.map(({ id, current }) => [id, current]),
      [
        [sidOf(second), false],
        [sidOf(user.client), true],
      ],
    );
    assert.equal(all[0]?.network, '127.0.0.0/24');
    const path = `auth/sessions/${sidOf(second)}`;
    assert.deepEqual(codeOf(await stranger.client.delete(path)), [404, 'session.not_found']);
    await age(user.client, 'reauthenticated_at', 301);
    assert.deepEqual(codeOf(await user.client.delete(path)), [403, 'auth.reauthentication_required']);
    assert.deepEqual(codeOf(await user.client.post('auth/reauthenticate', { password: 'not it' })), [
      401,
      'auth.invalid_credentials',
    ]);
    assert.equal((await user.client.post('auth/reauthenticate', { password: user.password })).status, 204);
    assert.equal((await user.client.delete(path)).status, 204);
    assert.equal((await second.get('auth/me')).status, 401);
    assert.equal((await user.client.get('auth/me')).status, 200);
    assert.deepEqual(codeOf(await user.client.delete(path)), [404, 'session.not_found']);
  });

  test('ASVS 7.4.1: logging out everywhere ends every session of the account and no other', async () => {
    const [user, bystander] = [await registerUser(app), await registerUser(app)];
    const second = await logIn(user);
    assert.equal((await user.client.delete('auth/sessions')).status, 204);
    for (const client of [user.client, second]) assert.equal((await client.get('auth/me')).status, 401);
    assert.equal((await bystander.client.get('auth/me')).status, 200);
  });

  test('ASVS 7.1.2: an account has 100 sessions at most; one more ends the oldest', async () => {
    const user = await registerUser(app);
    await app.database.sql(
      `insert into sessions (id, user_id, expires_at)
       select ('01980000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, $1, now() + interval '1 day'
       from generate_series(1, 99) n`,
      [user.id],
    );
    await logIn(user);
    const [row] = await app.database.sql<{ living: string; ended: string }>(
      `select count(*) filter (where revoked_at is null) living,
         min(id::text) filter (where revoked_reason = 'too_many') ended from sessions where user_id = $1`,
      [user.id],
    );
    assert.equal(Number(row?.living), 100);
    assert.match(row?.ended ?? '', /000000000001$/);
    assert.deepEqual(await revocations(user), [{ session_id: row?.ended, reason: 'too_many' }]);
  });

  test('a session that another login replaces is written down, also when somebody else logs in', async () => {
    const [first, second] = [await registerUser(app), await registerUser(app)];
    const replaced = sidOf(first.client);
    const { username, password } = second;
    assert.equal((await first.client.post('auth/login', { username, password })).status, 200);
    assert.deepEqual(await revocations(first), [{ session_id: replaced, reason: 'replaced' }]);
    assert.deepEqual(await revocations(second), []);
  });

  test('events of a session are in the audit log', async () => {
    const user = await registerUser(app);
    await user.client.post('auth/logout');
    await new HttpClient(app.url).get('auth/csrf');
    assert.deepEqual(await eventsOf(user), ['auth.registered', 'auth.logout']);
  });

  test('only endpoints below /auth look at the refresh token', () => {
    for (const endpoint of app.endpoints.filter(({ auth }) => auth === 'refresh' || auth === 'optional'))
      assert.match(endpoint.fullPath, /^\/api\/(v1\/)?auth\//, endpoint.operationId);
  });
});

test('signing keys are rotated without logging anybody out', async () => {
  const seeds = [0, 1].map(() => randomBytes(32).toString('base64url')) as [string, string];
  const CSRF_SECRET = randomBytes(32).toString('base64url');
  const CREDENTIAL_KEYS = `test:${randomBytes(32).toString('base64url')}`;
  await using old = await startTestApp({ AUTH_SIGNING_KEYS: seeds[0], CSRF_SECRET, CREDENTIAL_KEYS });
  const { client } = await registerUser(old);
  const rotated = { CSRF_SECRET, CREDENTIAL_KEYS, DATABASE_URL: old.database.url };
  await using both = await startTestApp({ ...rotated, AUTH_SIGNING_KEYS: `${seeds[1]},${seeds[0]}` });
  const moved = copyOf(client, both.url);
  assert.equal((await moved.get('auth/me')).status, 200, 'the old access token');
  assert.equal((await moved.post('auth/refresh')).status, 200, 'the old refresh token');
  await using fresh = await startTestApp({ ...rotated, AUTH_SIGNING_KEYS: seeds[1] });
  const later = copyOf(moved, fresh.url);
  assert.equal((await later.get('auth/me')).status, 200, 'the new access token');
  assert.equal((await later.post('auth/refresh')).status, 200, 'the new refresh token');
  assert.equal((await copyOf(client, fresh.url).get('auth/me')).status, 401, 'the old key is gone');
});

test('promise 25, ASVS 9.1.1: of 10,000 flipped bits in each kind of token none is accepted', async (t) => {
  const seed = randomBytes(32).toString('base64url');
  const access = createAccessTokens({ signingKeys: [seed], issuer: 'http://donkey.test' });
  const refresh = createRefreshTokens([seed]);
  const family = { id: '01980f5e-2c4a-7b3e-9d51-6a7f0e8c1b24', salt: randomBytes(16) };
  const accessToken = await access.sign({
    userId: '01980f5e-2c4a-7b3e-9d51-6a7f0e8c1b25',
    sessionId: family.id,
    expiresAt: new Date(Date.now() + 900_000),
  });
  const refreshToken = refresh.make(family, 7);
  const isGood = async (token: string): Promise<boolean> =>
    access.verify(token).then(
      () => true,
      () => false,
    );
  const isOurs = (token: string): boolean => {
    const claim = refresh.parse(token);
    return claim !== undefined && refresh.isOurs(claim, family.salt);
  };
  assert.ok((await isGood(accessToken)) && isOurs(refreshToken), 'the controls are accepted');
  let accepted = 0;
  for (let turn = 0; turn < 10_000; turn += 1) {
    if (await isGood(flipped(accessToken, turn))) accepted += 1;
    if (isOurs(flipped(refreshToken, turn))) accepted += 1;
  }
  t.diagnostic(`20,000 flipped bits, ${accepted} accepted`);
  assert.equal(accepted, 0);
});

/** Every bit in turn; once through, two bits at a time. */
function flipped(token: string, turn: number): string {
  const bytes = Buffer.from(token, 'latin1');
  const bits = bytes.length * 8;
  const flip = (bit: number): void => {
    bytes[bit >> 3] = bytes[bit >> 3]! ^ (1 << (bit & 7));
  };
  flip(turn % bits);
  if (turn >= bits) flip((turn * 31 + 7) % bits === turn % bits ? (turn + 1) % bits : (turn * 31 + 7) % bits);
  return bytes.toString('latin1');
}
