import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { v7 as uuidv7 } from 'uuid';
import { startTestApp } from '#tests/support/test-app.ts';
import { createTestDatabase, openDatabase } from '#tests/support/test-database.ts';
import type { TestDatabase } from '#tests/support/test-database.ts';
import { waitFor } from '#tests/support/wait-for.ts';
import { insertLife } from '#tests/support/whole-life-rows.ts';
import { makeIngest } from '#tests/support/make-job.ts';

/** The schema as pg_dump tells it; undefined where there is no pg_dump that suits the server. */
async function schemaOf(t: TestContext, url: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('pg_dump', ['--schema-only', '--no-owner', url], {
      maxBuffer: 64 * 1024 * 1024,
    });
    // A line that newer versions give another random word each time.
    return stdout.replaceAll(/^\\(un)?restrict .*$/gm, '');
  } catch (error) {
    t.skip(`pg_dump is missing or too old: ${(error as Error).message}`);
    return undefined;
  }
}

async function fill(it: TestDatabase): Promise<void> {
  await makeIngest(it);
  const id = uuidv7();
  await it.sql(`insert into users (id, username, email, password_hash) values ($1, $2, $3, 'none')`, [
    id,
    `u-${id.slice(-12)}`,
    `${id}@example.org`,
  ]);
  await insertLife(it, [id], 20);
}

test('promise 45: all migrations go down, up, down and up on a filled database, to the same schema', async (t) => {
  await using it = await createTestDatabase();
  const whole = await schemaOf(t, it.url);
  if (whole === undefined) return;
  assert.match(whole, /CREATE TABLE public\.jobs/);
  await fill(it);
  await it.database.rollback();
  const done = await it.database.migrate();
  assert.equal(await schemaOf(t, it.url), whole);
  await fill(it);
  assert.deepEqual(await it.database.rollback(), done.toReversed());
  await it.database.migrate();
  assert.equal(await schemaOf(t, it.url), whole);
});

test('promise 45: a schema of before is not served', async () => {
  await using app = await startTestApp();
  assert.equal((await fetch(`${app.url}/health/ready`)).status, 200);
  await app.database.sql(
    `delete from schema_migrations where name = (select max(name) from schema_migrations)`,
  );
  await waitFor(async () => (await fetch(`${app.url}/health/ready`)).status === 503, {
    description: 'readiness to refuse',
  });
});

test('runners that start at once take turns, and a mark of one that died stops nobody', async () => {
  await using it = await createTestDatabase();
  await it.database.rollback();
  await it.sql('update schema_migrations_lock set is_locked = 1');
  await using other = openDatabase(it.url);
  const [one, two] = await Promise.all([it.database.migrate(), other.migrate()]);
  assert.deepEqual([one.length, two.length].sort((a, b) => a - b)[0], 0);
  assert.ok(one.length + two.length > 20);
  assert.deepEqual(await it.database.pendingMigrations(), []);
});
