import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { ConfigError, createConfig } from '#shared/config/config.ts';
import type { Env } from '#shared/config/env.ts';

const complete: Env = {
  DATABASE_URL: 'postgres://donkey@127.0.0.1/donkey',
  REDIS_URL: 'redis://127.0.0.1:6379',
  AUTH_SIGNING_KEYS: randomBytes(32).toString('base64url'),
  CSRF_SECRET: randomBytes(16).toString('hex'),
  CREDENTIAL_KEYS: `k1:${randomBytes(32).toString('base64url')}`,
};

function faultsOf(env: Env): readonly string[] {
  try {
    createConfig(env);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.faults;
  }
  return [];
}

test('all faults are listed at once, each by the name of its setting', () => {
  const faults = faultsOf({
    PORT: 'many',
    CHUNK_SIZE_TOKENS: '100',
    CHUNK_OVERLAP_TOKENS: '90',
    EMBEDDING_PROVIDER: 'openai',
    REDIS_URL: 'http://wrong',
  });
  for (const name of [
    'PORT',
    'CHUNK_OVERLAP_TOKENS',
    'EMBEDDING_MODEL',
    'EMBEDDING_DIMENSIONS',
    'REDIS_URL',
    'DATABASE_URL',
    'AUTH_SIGNING_KEYS',
    'CSRF_SECRET',
    'CREDENTIAL_KEYS',
  ])
    assert.ok(
      faults.some((fault) => fault.startsWith(name)),
      `${name} is not named in:\n${faults.join('\n')}`,
    );
  assert.equal(faults.length, 9);
});

test('one place for uploads, which one user could hold against all others, is refused', () => {
  assert.deepEqual(faultsOf({ ...complete, UPLOADS_IN_FLIGHT: '2' }), []);
  const faults = faultsOf({ ...complete, UPLOADS_IN_FLIGHT: '1' });
  assert.equal(faults.length, 1);
  assert.match(faults[0] ?? '', /^UPLOADS_IN_FLIGHT .*greater than or equal to 2/);
});

test('secret values are never repeated', () => {
  const faults = faultsOf({
    ...complete,
    CSRF_SECRET: 'short-secret',
    DATABASE_URL: 'mysql://u:hunter2@h/d',
  });
  assert.equal(faults.length, 2);
  assert.doesNotMatch(faults.join('\n'), /short-secret|hunter2/);
});

test('production refuses plain http and one Redis for queues and caches', () => {
  const faults = faultsOf({ ...complete, NODE_ENV: 'production' });
  assert.equal(faults.length, 2);
  assert.match(faults.join('\n'), /^PUBLIC_URL/m);
  assert.match(faults.join('\n'), /^REDIS_CACHE_URL/m);
});

const production: Env = {
  ...complete,
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://donkey.example',
  REDIS_CACHE_URL: 'redis://127.0.0.1:6380',
};

test('ASVS 5.0 3.4.2, 15.3.4: production does not start with a protection switched off for everybody', () => {
  assert.deepEqual(faultsOf(production), []);
  const unsafe: [Env, RegExp][] = [
    [{ ALLOWED_ORIGINS: '*' }, /^ALLOWED_ORIGINS/],
    [{ ALLOWED_ORIGINS: 'null' }, /^ALLOWED_ORIGINS/],
    [{ ALLOWED_ORIGINS: 'https://*.example' }, /^ALLOWED_ORIGINS/],
    [{ ALLOWED_ORIGINS: 'https://a.example, http://b.example' }, /^ALLOWED_ORIGINS.*b\.example/],
    [{ TRUST_PROXY: '0.0.0.0/0' }, /^TRUST_PROXY/],
    [{ TRUST_PROXY: '10.0.0.1, ::/0' }, /^TRUST_PROXY/],
    [{ TRUST_PROXY: 'true' }, /^TRUST_PROXY/],
    [{ TRUST_PROXY: '0.0.0.0/1,128.0.0.0/1' }, /^TRUST_PROXY/],
    [{ TRUST_PROXY: '10.0.0.0/7' }, /^TRUST_PROXY/],
    [{ TRUST_PROXY: '2000::/3' }, /^TRUST_PROXY/],
    [{ TRUST_PROXY: '::ffff:0.0.0.0/96' }, /^TRUST_PROXY/],
    [{ TRUST_PROXY: '::ffff:128.0.0.0/97' }, /^TRUST_PROXY/],
    [{ TRUST_PROXY: '::/64' }, /^TRUST_PROXY/],
    [{ PASSWORD_RESET_URL: 'http://donkey.example/reset' }, /^PASSWORD_RESET_URL/],
    [{ AUTH_SIGNING_KEYS: 'A'.repeat(43) }, /^AUTH_SIGNING_KEYS/],
    [{ AUTH_SIGNING_KEYS: `${complete.AUTH_SIGNING_KEYS},${'abcd'.repeat(10)}abc` }, /^AUTH_SIGNING_KEYS/],
    [{ CREDENTIAL_KEYS: `k1:${'A'.repeat(43)}` }, /^CREDENTIAL_KEYS/],
    [{ CREDENTIAL_KEYS: `${complete.CREDENTIAL_KEYS},k2:${'x'.repeat(43)}` }, /^CREDENTIAL_KEYS/],
    [{ CSRF_SECRET: 'c'.repeat(40) }, /^CSRF_SECRET/],
    [{ CSRF_SECRET: 'change'.repeat(8) }, /^CSRF_SECRET/],
    [{ PROVIDER_ALLOW_PRIVATE: 'true' }, /^PROVIDER_ALLOW_PRIVATE/],
    [{ PUBLIC_URL: 'http://donkey.example' }, /^PUBLIC_URL/],
    [{ SECURITY_CONTACT: 'javascript:alert(1)' }, /^SECURITY_CONTACT/],
  ];
  for (const [env, fault] of unsafe) {
    const faults = faultsOf({ ...production, ...env });
    assert.equal(faults.length, 1, JSON.stringify(env));
    assert.match(faults[0] ?? '', fault);
  }
});

test('what is sound in production is let through', () => {
  const sound: Env[] = [
    { TRUST_PROXY: '10.0.0.0/8,127.0.0.1,::1,fd00::/8,::ffff:10.0.0.0/104' },
    { PASSWORD_RESET_URL: 'https://donkey.example/reset' },
    { HOST: '0.0.0.0' },
  ];
  for (const env of sound) assert.deepEqual(faultsOf({ ...production, ...env }), []);
});

test('outside production plain http is for loopback names, wherever the API listens', () => {
  const faults = (env: Env) => faultsOf({ ...complete, ...env });
  for (const host of ['127.0.0.1:3000', 'localhost', 'app.localhost:80', '[::1]:3000', '127.1'])
    assert.deepEqual(faults({ PUBLIC_URL: `http://${host}` }), [], host);
  for (const host of [
    'donkey.example',
    '192.168.1.7:3000',
    '127.donkey.example',
    'localhost.example',
    'donkey.test',
  ])
    assert.match(faults({ PUBLIC_URL: `http://${host}` })[0] ?? '', /^PUBLIC_URL/, host);
  assert.deepEqual(faults({ HOST: '0.0.0.0', PUBLIC_URL: 'http://127.0.0.1:3000' }), []);
  assert.deepEqual(faults({ NODE_ENV: 'test', PUBLIC_URL: 'http://donkey.test' }), []);
  assert.match(faults({ NODE_ENV: 'test', PUBLIC_URL: 'http://a.example' })[0] ?? '', /^PUBLIC_URL/);
});

test('cookies are Secure wherever people come over https', () => {
  const secure = (env: Env) => createConfig({ ...complete, ...env }).api.secureCookies;
  assert.equal(secure({}), false);
  assert.equal(secure({ PUBLIC_URL: 'https://donkey.example' }), true);
});

test('an origin is never everybody, in development neither', () => {
  for (const origins of ['*', 'null', 'https://*.example'])
    assert.match(faultsOf({ ...complete, ALLOWED_ORIGINS: origins })[0] ?? '', /^ALLOWED_ORIGINS/, origins);
});

test('keys of credentials have an id each, and 32 bytes', () => {
  const [a, b] = ['A'.repeat(43), 'B'.repeat(43)];
  const { integrations } = createConfig({ ...complete, CREDENTIAL_KEYS: `k2:${b},k1:${a}` });
  assert.deepEqual(
    integrations.keys.map(({ id, bytes }) => [id, bytes.length]),
    [
      ['k2', 32],
      ['k1', 32],
    ],
  );
  for (const bad of ['k1', `k1:${a.slice(1)}`, `k1:${a},k1:${b}`, `K1:${a}`, `:${a}`, `k1:${a},`]) {
    const faults = faultsOf({ ...complete, CREDENTIAL_KEYS: bad });
    assert.match(faults[0] ?? '', /^CREDENTIAL_KEYS/, bad);
    assert.doesNotMatch(faults.join(), /AAAA|BBBB/, 'no key is repeated');
  }
});

test('lists are split, and empty ones are empty', () => {
  const config = createConfig({ ...complete, ALLOWED_ORIGINS: 'https://a.example, https://b.example/app' });
  assert.ok(config.api.allowedOrigins.includes('https://a.example'));
  assert.ok(config.api.allowedOrigins.includes('https://b.example'));
  assert.ok(config.api.allowedOrigins.includes('http://localhost:3000'));
  assert.deepEqual(config.api.trustProxy, []);
  assert.deepEqual(createConfig({ ...complete, TRUST_PROXY: '10.0.0.0/8,::1' }).api.trustProxy, [
    '10.0.0.0/8',
    '::1',
  ]);
});

test('production knows no loopback origins', () => {
  const config = createConfig({
    ...complete,
    NODE_ENV: 'production',
    PUBLIC_URL: 'https://donkey.example',
    REDIS_CACHE_URL: 'redis://127.0.0.1:6380',
  });
  assert.deepEqual(config.api.allowedOrigins, ['https://donkey.example']);
  assert.equal(config.api.secureCookies, true);
});
