import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEnv } from 'node:util';
import { exampleFile, missingSettings, newEnvFile } from '#scripts/env-file.ts';
import { createConfig } from '#shared/config/config.ts';
import { readEnv } from '#shared/config/env.ts';
import { settings } from '#shared/config/settings.ts';

const servers = {
  DATABASE_URL: 'postgres://donkey:x@127.0.0.1:5432/donkey',
  REDIS_URL: 'redis://127.0.0.1:6379',
};

test('a new .env is a complete configuration with secrets of its own', async () => {
  const first = parseEnv(await newEnvFile(servers));
  const second = parseEnv(await newEnvFile(servers));
  const config = createConfig(readEnv(first));
  assert.equal(config.database.url, servers.DATABASE_URL);
  assert.equal(config.auth.admin?.username, 'admin');
  assert.equal(Buffer.from(first.AUTH_SIGNING_KEYS ?? '', 'base64url').length, 32);
  assert.equal(Buffer.from(first.CSRF_SECRET ?? '', 'base64url').length, 48);
  for (const name of [
    'AUTH_SIGNING_KEYS',
    'CSRF_SECRET',
    'CREDENTIAL_KEYS',
    'ADMIN_PASSWORD',
    'POSTGRES_PASSWORD',
    'REDIS_PASSWORD',
  ])
    assert.notEqual(first[name], second[name], name);
});

test('what the environment gives is kept', async () => {
  const file = parseEnv(await newEnvFile({ ...servers, POSTGRES_PASSWORD: 'known', LOG_LEVEL: 'debug' }));
  assert.equal(file.POSTGRES_PASSWORD, 'known');
  assert.equal(file.LOG_LEVEL, 'debug');
});

test('missing settings are named, optional ones are not', async () => {
  assert.deepEqual(missingSettings(await newEnvFile(servers)), []);
  const missing = missingSettings('DATABASE_URL=postgres://127.0.0.1/x\nREDIS_URL=');
  assert.ok(missing.includes('REDIS_URL'));
  assert.ok(missing.includes('CSRF_SECRET'));
  assert.ok(!missing.includes('DATABASE_URL'));
  assert.ok(!missing.includes('ADMIN_PASSWORD'));
});

test('the example names every setting and holds no secret', () => {
  const text = exampleFile();
  for (const name of Object.keys(settings)) assert.match(text, new RegExp(`^(# )?${name}=`, 'm'));
  for (const value of Object.values(parseEnv(text))) assert.equal(value, '');
});
