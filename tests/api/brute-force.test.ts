import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { createPasswords } from '#shared/crypto/passwords.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { createCountingPasswords } from '#tests/support/counting-passwords.ts';
import { HttpClient, registerUser } from '#tests/support/http-client.ts';
import type { TestResponse, TestUser } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';
import { testServices } from '#tests/support/services.ts';
import { startTcpProxy } from '#tests/support/tcp-proxy.ts';

const GUESSES = 1_000;
const AT_ONCE = 25;

suite('ASVS 6.1.1 and 6.3.1: guessing passwords', () => {
  const passwords = createCountingPasswords();
  let app: TestApp;
  before(async () => {
    // The bucket by address is out of the way: what holds here is the back-off.
    const env = { TRUST_PROXY: '127.0.0.1', AUTH_ATTEMPTS_PER_15_MIN: '100000' };
    app = await startTestApp(env, { overrides: { passwords } });
  });
  after(() => app[Symbol.asyncDispose]());

  /** Guesses at an account from these addresses in turn; returns how many reached the hash. */
  const attack = async (
    logins: readonly string[],
    addresses: readonly string[],
    guesses = GUESSES,
  ): Promise<number> => {
    const attacker = new HttpClient(app.url);
    await attacker.get('auth/csrf');
    const before = passwords.checked;
    for (let sent = 0; sent < guesses; sent += AT_ONCE)
      await Promise.all(
        Array.from({ length: AT_ONCE }, async (_, index) => {
          const number = sent + index;
          const guess = { username: logins[number % logins.length], password: `guess ${number}` };
          const from = { 'x-forwarded-for': addresses[number % addresses.length]! };
          const { status } = await attacker.post('auth/login', guess, from);
          assert.ok(status === 401 || status === 429, String(status));
        }),
      );
    return passwords.checked - before;
  };
  const logIn = async (user: TestUser, client: HttpClient, address: string): Promise<TestResponse> => {
    const { username, password } = user;
    await client.get('auth/csrf');
    return client.post('auth/login', { username, password }, { 'x-forwarded-for': address });
  };

  test('promise 27: 1,000 guesses from one address; the owner at that address gets in', async (t) => {
    const user = await registerUser(app);
    const reached = await attack([user.username, user.email], ['203.0.113.7']);
    t.diagnostic(`${reached} of ${GUESSES} guesses reached the hash`);
    assert.ok(reached >= 3 && reached <= 25, String(reached));
    assert.equal((await logIn(user, new HttpClient(app.url), '203.0.113.7')).status, 429, 'a stranger waits');
    assert.equal((await logIn(user, user.client, '203.0.113.7')).status, 200, 'on a known device');
  });

  test('promise 27: 1,000 guesses from 100 addresses; the owner on a known device gets in', async (t) => {
    const user = await registerUser(app);
    const addresses = Array.from({ length: 100 }, (_, index) => `198.51.100.${index}`);
    const reached = await attack([user.username, user.email.toUpperCase()], addresses);
    t.diagnostic(`${reached} of ${GUESSES} guesses reached the hash`);
    assert.ok(reached >= 3 && reached <= 25, String(reached));
    const refused = await logIn(user, new HttpClient(app.url), '192.0.2.1');
    assert.deepEqual([refused.status, refused.body.code], [429, 'request.rate_limited']);
    assert.ok(Number(refused.headers.get('retry-after')) >= 1);
    assert.equal((await logIn(user, user.client, '192.0.2.1')).status, 200);
  });

  test('an attacker with an account and a known device of his own gains nothing by them', async () => {
    const [user, attacker] = [await registerUser(app), await registerUser(app)];
    const before = passwords.checked;
    let own = 0;
    for (let turn = 0; turn < 10; turn += 1) {
      const guess = { username: user.username, password: `guess ${turn}` };
      await attacker.client.post('auth/login', guess, { 'x-forwarded-for': '203.0.113.99' });
      const { status } = await logIn(attacker, attacker.client, '203.0.113.99');
      if (status === 200) own += 1;
    }
    assert.equal(own, 10, 'he gets into his own account');
    assert.equal(passwords.checked - before - own, 3, 'and no further into the other');
  });

  test('a device cookie that was made up counts as none', async () => {
    const user = await registerUser(app);
    await attack([user.username], ['203.0.113.50'], 2 * AT_ONCE);
    const forged = new HttpClient(app.url);
    const [id, , mac] = user.client.cookies.get('donkey_device')!.split('.') as [string, string, string];
    forged.cookies.set('donkey_device', `${id}x`.slice(1) + `.${user.id}.${mac}`);
    assert.equal((await logIn(user, forged, '203.0.113.50')).status, 429);
  });

  test('spellings that the database takes for one name are counted as one', async () => {
    const user = await registerUser(app);
    const reached = await attack(
      [user.username, user.username.toUpperCase(), ` ${user.username} `, user.username.replace('u', 'U')],
      ['203.0.113.51', '203.0.113.52', '203.0.113.53'],
      4 * AT_ONCE,
    );
    assert.ok(reached <= 13, String(reached));
  });

  test('promise 28, ASVS 6.3.8: the same work and the same answers for users that there are not', async (t) => {
    const user = await registerUser(app);
    const tryOn = async (username: string, address: string) => {
      const client = new HttpClient(app.url);
      await client.get('auth/csrf');
      const before = passwords.checked;
      const answers: unknown[] = [];
      for (let turn = 0; turn < 5; turn += 1) {
        const guess = { username, password: `guess ${turn}` };
        const { status, body } = await client.post('auth/login', guess, { 'x-forwarded-for': address });
        answers.push({ status, ...body, correlation_id: '' });
      }
      return { answers, hashes: passwords.checked - before };
    };
    const known = await tryOn(user.username, '203.0.113.60');
    const unknown = await tryOn('nobody-of-that-name', '203.0.113.61');
    assert.deepEqual(known, unknown);
    assert.deepEqual([known.hashes, known.answers.length], [3, 5]);
    t.diagnostic('3 hashes and the same 5 answers for both');
  });
});

test('promise 41: without Redis each instance backs off by itself', async (t) => {
  await using proxy = await startTcpProxy(testServices().redisUrl);
  await proxy.cut();
  const passwords = createCountingPasswords();
  const env = { REDIS_CACHE_URL: proxy.url, AUTH_ATTEMPTS_PER_15_MIN: '1000' };
  await using app = await startTestApp(env, { overrides: { passwords } });
  const client = new HttpClient(app.url);
  await client.get('auth/csrf');
  for (let turn = 0; turn < 20; turn += 1)
    await client.post('auth/login', { username: 'somebody', password: `guess ${turn}` });
  t.diagnostic(`${passwords.checked} of 20 guesses reached the hash`);
  assert.equal(passwords.checked, 3);
});

test('204 passwords are in hand at most, four of them at work; more are refused at once', async () => {
  const gate = Promise.withResolvers<boolean>();
  const passwords = createPasswords(() => gate.promise);
  const known = Array.from({ length: 204 }, () => passwords.verify('some hash', 'some password'));
  const isBusy = (error: unknown) =>
    error instanceof AppError && error.code === 'request.busy' && error.retryAfterSeconds === 1;
  await assert.rejects(passwords.verify('some hash', 'some password'), isBusy);
  await assert.rejects(passwords.hash('some password'), isBusy);
  gate.resolve(true);
  assert.ok((await Promise.all(known)).every(Boolean));
  assert.equal(await passwords.verify('some hash', 'some password'), true, 'there is room again');
});

test('a password that nobody had the time to check is no failed guess', async () => {
  const real = createPasswords();
  let busy = false;
  const passwords = {
    ...real,
    verify: (passwordHash: string | undefined, password: string) =>
      busy
        ? Promise.reject(new AppError('request.busy', { retryAfterSeconds: 1 }))
        : real.verify(passwordHash, password),
  };
  await using app = await startTestApp({}, { overrides: { passwords } });
  const { username, password, client } = await registerUser(app);
  const stranger = new HttpClient(app.url);
  await stranger.get('auth/csrf');
  busy = true;
  for (let turn = 0; turn < 8; turn += 1)
    for (const answer of [
      await stranger.post('auth/login', { username, password }),
      await client.post('auth/reauthenticate', { password }),
    ])
      assert.deepEqual(
        [answer.status, answer.body.code, answer.headers.get('retry-after')],
        [503, 'request.busy', '1'],
      );
  busy = false;
  assert.equal((await stranger.post('auth/login', { username, password })).status, 200);
  assert.equal((await client.post('auth/reauthenticate', { password })).status, 204);
});
