import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '#shared/logging/logger.ts';
import { HttpClient, registerUser } from '#tests/support/http-client.ts';
import type { Json } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';

/** A logger whose lines a test can read. */
function memoryLogger() {
  const lines: string[] = [];
  const logger = createLogger({ level: 'debug', service: 'api' }, { write: (line) => void lines.push(line) });
  return { logger, lines, parsed: () => lines.map((line): Json => JSON.parse(line)) };
}

test('ASVS 16.2.5: passwords, cookies, tokens and query values stay out of the log', async () => {
  const { logger, lines, parsed } = memoryLogger();
  await using app = await startTestApp({}, { overrides: { logger } });
  const { client, password, username } = await registerUser(app);
  const secrets = [password, client.csrfToken!, ...client.cookies.values(), 'query-canary', 'wrong-canary'];
  await client.get('assistants?cursor=query-canary');
  await client.post('auth/login', { username, password: 'wrong-canary' });
  await client.request('POST', 'auth/login', {
    raw: '{"password":"wrong-canary"',
    headers: { 'content-type': 'application/json' },
  });
  await app.close();
  const text = lines.join('');
  for (const secret of secrets) assert.ok(!text.includes(secret), `${secret} is in the log`);
  const list = parsed().find((line) => line.path === '/api/v1/assistants' && line.msg === 'request');
  assert.deepEqual([list.method, list.status, list.query], ['GET', 400, ['cursor']]);
  assert.equal(typeof list.ms, 'number');
  assert.match(list.user_id, /^[0-9a-f-]{36}$/);
});

test('an error is logged once, with its code and the correlation id of the answer', async () => {
  const { logger, parsed } = memoryLogger();
  await using app = await startTestApp({}, { overrides: { logger } });
  const client = new HttpClient(app.url);
  await client.get('auth/me', { 'x-request-id': 'one-fault' });
  await app.database.sql('alter table sessions rename to elsewhere');
  await client.get('auth/csrf');
  const account = { username: 'someone', email: 'someone@example.org', password: 'long enough' };
  const failed = await client.post('auth/register', account, { 'x-request-id': 'our-fault' });
  assert.deepEqual([failed.status, failed.body.code], [500, 'internal.error']);
  assert.doesNotMatch(JSON.stringify(failed.body), /sessions|insert into|42P01/);
  await app.close();
  const of = (id: string) => parsed().filter((line) => line.correlation_id === id && line.msg !== 'request');
  const [theirs, ...moreOfTheirs] = of('one-fault');
  assert.deepEqual([theirs.level, theirs.code, moreOfTheirs], ['info', 'auth.required', []]);
  const [ours, ...moreOfOurs] = of('our-fault');
  assert.deepEqual([ours.level, ours.code, moreOfOurs], ['error', 'internal.error', []]);
  assert.match(ours.err.cause.stack, /sessions/);
});
