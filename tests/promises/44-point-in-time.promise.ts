import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import pg from 'pg';
import { startApiProcess } from '#tests/support/api-process.ts';
import { HttpClient, registerUser } from '#tests/support/http-client.ts';
import { startOwnServices } from '#tests/support/own-services.ts';
import { testEnv } from '#tests/support/test-config.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';
import { waitFor } from '#tests/support/wait-for.ts';

test('promise 44: a database is brought back to the moment before a mistake', async (t) => {
  await using services = await startOwnServices();
  if (services === undefined) {
    t.skip('PostgreSQL runs elsewhere and cannot be copied from here');
    return;
  }
  await using database = await createTestDatabase(services.postgres.url);
  const env = testEnv({
    REDIS_URL: services.redis.url,
    REDIS_KEY_PREFIX: `test-${randomBytes(6).toString('hex')}`,
  });
  await using api = await startApiProcess({ ...env, DATABASE_URL: database.url });
  const early = await registerUser(api);
  await services.postgres.copyForRecovery();
  await waitFor(async () => (await fetch(`${api.url}/health/ready`)).ok, { description: 'the API again' });

  const late = await registerUser(api);
  const [before] = await database.sql<{ time: string }>(
    `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US+00') as time`,
  );
  await database.sql('update users set username = username || $1', ['-gone']);
  const tooLate = await registerUser(api);
  const [last] = await database.sql<{ file: string }>(
    `select pg_walfile_name(pg_current_wal_lsn()) as file from pg_switch_wal()`,
  );
  await waitFor(
    async () =>
      (await database.sql('select from pg_stat_archiver where last_archived_wal >= $1', [last?.file]))
        .length === 1,
    { description: 'the archive' },
  );

  const began = performance.now();
  const server = await services.postgres.recover(before?.time ?? '');
  const url = new URL(server);
  url.pathname = new URL(database.url).pathname;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await waitFor(
      async () => !(await client.query<{ now: boolean }>('select pg_is_in_recovery() as now')).rows[0]?.now,
      { description: 'the end of the recovery' },
    );
    const { rows } = await client.query<{ username: string }>(
      'select username from users order by created_at',
    );
    const names = rows.map(({ username }) => username);
    assert.ok(names.includes(early.username) && names.includes(late.username), names.join(', '));
    assert.ok(!names.some((name) => name.endsWith('-gone')), 'the mistake');
    assert.ok(!names.includes(tooLate.username), 'what came after it');
    await using recovered = await startApiProcess({ ...env, DATABASE_URL: url.href });
    const person = new HttpClient(recovered.url);
    await person.get('auth/csrf');
    const login = await person.post('auth/login', { username: late.username, password: late.password });
    assert.equal(login.status, 200, JSON.stringify(login.body));
    t.diagnostic(`recovered and logged in after ${((performance.now() - began) / 1000).toFixed(1)} s`);
  } finally {
    await client.end();
  }
});
