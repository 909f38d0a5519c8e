import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { testServices } from '#tests/support/services.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';

/** Runs the API process as `npm run api` does, away from any .env file. */
function startApi(env: Record<string, string>) {
  const main = fileURLToPath(new URL('../../api/main.ts', import.meta.url));
  return spawn(process.execPath, [main], { cwd: tmpdir(), env, stdio: ['ignore', 'pipe', 'pipe'] });
}

test('unusable settings are listed in plain words, and the process ends with 1', async () => {
  const api = startApi({ PORT: 'http', LOG_LEVEL: 'loud' });
  const [errors, [code]] = await Promise.all([text(api.stderr), once(api, 'exit')]);
  assert.equal(code, 1);
  for (const name of [
    'PORT',
    'LOG_LEVEL',
    'DATABASE_URL',
    'REDIS_URL',
    'AUTH_SIGNING_KEYS',
    'CSRF_SECRET',
    'CREDENTIAL_KEYS',
  ])
    assert.match(errors, new RegExp(`- ${name} `));
  assert.doesNotMatch(errors, /\n\s+at /, 'no stack trace');
});

test('the process says where it listens, answers, and ends with 0 on SIGTERM', async () => {
  await using database = await createTestDatabase();
  const api = startApi({
    NODE_ENV: 'test',
    PORT: '0',
    API_METRICS_PORT: '0',
    DATABASE_URL: database.url,
    REDIS_URL: testServices().redisUrl,
    REDIS_KEY_PREFIX: `main-${process.pid}`,
    AUTH_SIGNING_KEYS: randomBytes(32).toString('base64url'),
    CSRF_SECRET: randomBytes(32).toString('base64url'),
    CREDENTIAL_KEYS: `k1:${randomBytes(32).toString('base64url')}`,
  });
  const exited = once(api, 'exit');
  const errors = text(api.stderr);
  for await (const line of createInterface(api.stdout)) {
    const { msg, address } = JSON.parse(line) as { msg: string; address?: string };
    if (msg === 'listening') {
      assert.equal((await fetch(`${address ?? ''}/health/ready`)).status, 200);
      api.kill('SIGTERM');
    }
  }
  assert.deepEqual(await exited, [0, null]);
  assert.equal(await errors, '');
});
