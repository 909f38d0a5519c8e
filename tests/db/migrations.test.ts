import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import knex from 'knex';
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
  const { userId } = await makeIngest(it);
  await insertLife(it, [userId], 20);
}

test('promise 45: every migration goes down and up on a filled database, and all at once, to the same schema', async (t) => {
  await using it = await createTestDatabase();
  const whole = await schemaOf(t, it.url);
  if (whole === undefined) return;
  assert.match(whole, /CREATE TABLE public\.jobs/);
  await fill(it);
  const connection = knex({
    client: 'pg',
    connection: it.url,
    migrations: {
      directory: new URL('../../db/migrations', import.meta.url).pathname,
      loadExtensions: ['.ts'],
      tableName: 'schema_migrations',
    },
  });
  try {
    // One step down and up again from each height; below, the schema is the same as the next time it is reached.
    let steps = 0;
    let here: string | undefined = whole;
    while (here?.includes('CREATE TABLE public.users') === true) {
      await connection.migrate.down();
      const below = await schemaOf(t, it.url);
      assert.notEqual(below, here);
      await connection.migrate.up();
      assert.equal(await schemaOf(t, it.url), here);
      await connection.migrate.down();
      assert.equal(await schemaOf(t, it.url), below);
      here = below;
      steps++;
    }
    t.diagnostic(`${steps} migrations down, up and down again on a filled database`);
  } finally {
    await connection.destroy();
  }
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

test('a migration lets go of a table that is in use, so that others go on, and comes back', async () => {
  await using it = await createTestDatabase();
  await fill(it);
  const holder = knex({ client: 'pg', connection: it.url });
  try {
    const trx = await holder.transaction();
    await trx.raw('select count(*) from users');
    const undoing = it.database.rollback();
    const waits = `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
    await waitFor(async () => (await it.sql(waits)).length > 0, { description: 'the migration to wait' });
    // A question that comes behind the one that waits for an exclusive lock is answered while the table is still held.
    await it.sql('select count(*) from users');
    assert.ok((await it.database.pendingMigrations()).length === 0, 'nothing has happened yet');
    await trx.commit();
    assert.ok((await undoing).length > 20);
  } finally {
    await holder.destroy();
  }
});
