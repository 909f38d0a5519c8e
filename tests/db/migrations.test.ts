import assert from 'node:assert/strict';
import { test } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { holdLock } from '#tests/support/held-lock.ts';
import { serveNewerSchema } from '#tests/support/newer-schema.ts';
import { descend, noDump, schemaOf, stepwise } from '#tests/support/schema-ladder.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import { createTestDatabase, openDatabase } from '#tests/support/test-database.ts';
import type { TestDatabase } from '#tests/support/test-database.ts';
import { waitFor } from '#tests/support/wait-for.ts';
import { insertLife } from '#tests/support/whole-life-rows.ts';
import { makeIngest } from '#tests/support/make-job.ts';

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
  const reason = await noDump(it.url);
  if (reason !== undefined) {
    t.skip(reason);
    return;
  }
  const whole = await schemaOf(it.url);
  assert.match(whole, /CREATE TABLE public\.jobs/);
  await fill(it);
  await it.database.rollback();
  const done = await it.database.migrate();
  assert.equal(await schemaOf(it.url), whole);
  await fill(it);
  assert.deepEqual(await it.database.rollback(), done.toReversed());
  await it.database.migrate();
  assert.equal(await schemaOf(it.url), whole);
});

test('promise 45: each migration goes down and up by itself, and keeps what was there', async (t) => {
  await using it = await createTestDatabase();
  const reason = await noDump(it.url);
  if (reason !== undefined) {
    t.skip(reason);
    return;
  }
  await fill(it);
  const looked = await descend(it);
  t.diagnostic(`${looked} migrations, each down, up and down on a filled database`);
  assert.ok(looked > 25);
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

test('promise 45: this version goes on serving on a schema that a later one has made', async (t) => {
  const { requests, changes, failures } = await serveNewerSchema(4);
  t.diagnostic(`${requests} requests beside ${changes} changes of the schema, ${failures.length} failures`);
  assert.deepEqual(failures, []);
});

test('a migration whose table is in use lets go, tries again and succeeds, and reads go on meanwhile', async (t) => {
  await using it = await createTestDatabase();
  // Down to before the one that alters the table.
  const pending = () => it.database.pendingMigrations();
  while (!(await pending()).includes('0028-history.ts')) await stepwise(it.url, (steps) => steps.down());
  const left = await pending();
  // What a long report has, too.
  await using report = await holdLock(it.url, 'lock table retrievals in access share mode');
  const running = it.database.migrate();
  const waits = async () =>
    (await it.sql(`select from pg_locks where relation = 'retrievals'::regclass and not granted`)).length > 0;
  const reads: number[] = [];
  const reader = (async () => {
    for (const until = performance.now() + 6_000; performance.now() < until;) {
      const began = performance.now();
      await it.sql('select count(*) from retrievals');
      reads.push(performance.now() - began);
    }
  })();
  for (const attempt of ['first', 'second']) {
    await waitFor(waits, { description: `a ${attempt} attempt` });
    await waitFor(async () => !(await waits()), { description: `the ${attempt} attempt to let go` });
  }
  assert.deepEqual(await pending(), left);
  await report.release();
  assert.deepEqual(await running, left);
  await reader;
  const longest = Math.max(...reads);
  t.diagnostic(`${reads.length} reads meanwhile, the longest ${Math.round(longest)} ms`);
  assert.ok(reads.length > 10 && longest < 2_000);
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
