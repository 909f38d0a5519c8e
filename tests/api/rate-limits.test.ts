import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeApiKey } from '#tests/support/api-keys.ts';
import { HttpClient, registerUser } from '#tests/support/http-client.ts';
import { testServices } from '#tests/support/services.ts';
import { startTcpProxy } from '#tests/support/tcp-proxy.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';

/** Guesses under ever new names until refused; returns how many guesses were let through. */
async function guess(app: TestApp, most: number): Promise<number> {
  const client = new HttpClient(app.url);
  await client.get('auth/csrf');
  for (let count = 0; count < most; count += 1) {
    const { status } = await client.post('auth/login', {
      username: `somebody-${count}`,
      password: 'a guess',
    });
    if (status === 429) return count;
    assert.equal(status, 401);
  }
  return most;
}

test('ASVS 6.3.1: guesses are limited by address, exactly, over two instances', async () => {
  const shared = { REDIS_KEY_PREFIX: `rate-${process.pid}-${Date.now()}`, AUTH_ATTEMPTS_PER_15_MIN: '7' };
  await using one = await startTestApp(shared);
  await using two = await startTestApp(shared);
  assert.equal(await guess(one, 4), 4);
  assert.equal(await guess(two, 20), 3);
  assert.equal(await guess(one, 1), 0);
});

test('a refusal says when to come back', async () => {
  await using app = await startTestApp({ AUTH_ATTEMPTS_PER_15_MIN: '1' });
  const client = new HttpClient(app.url);
  await client.get('auth/csrf');
  const credentials = { username: 'somebody', password: 'some guess' };
  const first = await client.post('auth/login', credentials);
  assert.match(first.headers.get('ratelimit-policy') ?? '', /^"login"; q=1; w=900/);
  assert.match(first.headers.get('ratelimit') ?? '', /^"login"; r=0; t=\d+/);
  const second = await client.post('auth/login', credentials);
  assert.deepEqual([second.status, second.body.code], [429, 'request.rate_limited']);
  const seconds = Number(second.headers.get('retry-after'));
  assert.ok(seconds > 800 && seconds <= 900, `Retry-After is ${seconds}`);
});

test('forged requests do not use up the attempts of the address they come from', async () => {
  await using app = await startTestApp({ AUTH_ATTEMPTS_PER_15_MIN: '1' });
  const forger = new HttpClient(app.url);
  for (let count = 0; count < 3; count += 1)
    assert.equal((await forger.post('auth/login', { username: 'a', password: 'b' })).status, 403);
  assert.equal(await guess(app, 1), 1);
});

test('users are counted one by one', async () => {
  await using app = await startTestApp({ REQUESTS_PER_MINUTE: '3' });
  const [one, two] = [await registerUser(app), await registerUser(app)];
  for (let count = 0; count < 3; count += 1) assert.equal((await one.client.get('auth/me')).status, 200);
  assert.equal((await one.client.get('auth/me')).status, 429);
  assert.equal((await two.client.get('auth/me')).status, 200);
});

test('without Redis each instance counts by itself, from the first request on', async () => {
  await using proxy = await startTcpProxy(testServices().redisUrl);
  await proxy.cut();
  await using app = await startTestApp({ REDIS_CACHE_URL: proxy.url, AUTH_ATTEMPTS_PER_15_MIN: '5' });
  assert.equal(await guess(app, 20), 5);
});

test('losing Redis neither opens nor shuts the gates; when it is back it counts again', async () => {
  await using proxy = await startTcpProxy(testServices().redisUrl);
  const prefix = `rate-lost-${process.pid}-${Date.now()}`;
  const env = { REDIS_CACHE_URL: proxy.url, REDIS_KEY_PREFIX: prefix, AUTH_ATTEMPTS_PER_15_MIN: '6' };
  await using app = await startTestApp(env);
  assert.equal(await guess(app, 2), 2);
  await proxy.cut();
  assert.equal(await guess(app, 20), 6);
  await proxy.restore();
  const { cache } = app.context.redis;
  while (!cache.isReady) await new Promise((resolve) => cache.once('ready', resolve));
  assert.equal(await guess(app, 20), 4, 'the two of before are remembered');
});

const bearer = (app: TestApp, key: string): HttpClient => {
  const client = new HttpClient(app.url);
  client.authorization = `Bearer ${key}`;
  return client;
};

test('who fails to say who they are is stopped by address before anything is looked up', async (t) => {
  await using app = await startTestApp({ REQUESTS_PER_MINUTE: '4' });
  const user = await registerUser(app);
  const { key } = await makeApiKey(app, user);
  const stranger = bearer(app, key.replace(/.{8}$/, 'AAAAAAAA'));
  const lookUps = t.mock.method(app.context.database.read.apiKeys, 'findByPrefix');
  for (let count = 0; count < 4; count += 1)
    assert.equal((await stranger.get('assistants')).body.code, 'auth.key_invalid');
  assert.equal(lookUps.mock.callCount(), 4);
  const refused = await stranger.get('assistants');
  assert.deepEqual([refused.status, refused.body.code], [429, 'request.rate_limited']);
  const seconds = Number(refused.headers.get('retry-after'));
  assert.ok(seconds >= 1 && seconds <= 60, `Retry-After is ${seconds}`);
  assert.equal((await bearer(app, key).get('assistants')).status, 429, 'no key is tried out from there');
  assert.equal(lookUps.mock.callCount(), 4);
  assert.equal((await user.client.get('auth/me')).status, 200, 'a known browser at the same address');
});

test('failures are counted over two instances', async () => {
  const shared = { REDIS_KEY_PREFIX: `rate-fail-${process.pid}-${Date.now()}`, REQUESTS_PER_MINUTE: '4' };
  await using one = await startTestApp(shared);
  await using two = await startTestApp(shared);
  const statuses = async (app: TestApp, count: number) => {
    const seen: number[] = [];
    while (seen.length < count) seen.push((await bearer(app, 'wrong').get('assistants')).status);
    return seen;
  };
  assert.deepEqual(await statuses(one, 3), [401, 401, 401]);
  assert.deepEqual(await statuses(two, 2), [401, 429]);
});

test('neither good nor forged requests count as failures', async () => {
  await using app = await startTestApp({ REQUESTS_PER_MINUTE: '5' });
  const users = [await registerUser(app), await registerUser(app)];
  const keys = await Promise.all(users.map((user) => makeApiKey(app, user)));
  for (const { client } of keys)
    for (let count = 0; count < 4; count += 1) assert.equal((await client.get('assistants')).status, 200);
  for (const { client } of users)
    for (let count = 0; count < 4; count += 1)
      assert.equal((await client.post('assistants', {}, { 'x-csrf-token': 'forged' })).status, 403);
  for (let count = 0; count < 5; count += 1)
    assert.equal((await bearer(app, 'wrong').get('assistants')).status, 401);
});
