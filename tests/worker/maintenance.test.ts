import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { createLogger } from '#shared/logging/logger.ts';
import type { Delivery } from '#shared/queue/job-ledger.ts';
import { makeIngest } from '#tests/support/make-job.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';
import type { TestDatabase } from '#tests/support/test-database.ts';
import { maintenanceRound } from '#worker/maintenance/maintenance.ts';
import { purgeAccount } from '#worker/maintenance/purge-account.ts';

suite('maintenance', () => {
  let db: TestDatabase;
  before(async () => {
    db = await createTestDatabase();
  });
  after(() => db[Symbol.asyncDispose]());

  const logger = createLogger({ level: 'silent', service: 'test' });

  /** A round by each of several workers at the same moment, as after a long pause. */
  async function roundOf(workers: number) {
    await db.sql('delete from maintenance_runs');
    const delivered: Delivery[] = [];
    const options = {
      database: db.database,
      producer: { deliver: (jobs: readonly Delivery[]) => void delivered.push(...jobs) },
      logger,
      intervalMs: 60_000,
    };
    const results = await Promise.all(Array.from({ length: workers }, () => maintenanceRound(options)));
    return { delivered, rounds: results.filter(Boolean).length, again: () => maintenanceRound(options) };
  }
  const close = (userId: string, graceDays: number) =>
    db.database.transaction((tx) => tx.accountDeletions.schedule(userId, graceDays));
  const count = async (table: string, userId: string): Promise<number> =>
    (await db.sql(`select 1 from ${table} where user_id = $1`, [userId])).length;

  test('of eight workers one has the round, and the next has to wait for its time', async () => {
    const { userId } = await makeIngest(db);
    await close(userId, 0);
    const { rounds, delivered, again } = await roundOf(8);
    assert.equal(rounds, 1);
    assert.deepEqual(
      delivered.map(({ type }) => type),
      ['account.purge'],
    );
    assert.equal(await again(), false);
    assert.deepEqual((await roundOf(1)).delivered, [], 'an account that is being purged is not purged twice');
  });

  test('an account within its days of grace is left alone, and so is one that was restored in time', async () => {
    const { userId } = await makeIngest(db);
    await close(userId, 1);
    assert.deepEqual((await roundOf(1)).delivered, []);
    assert.equal(await db.database.transaction((tx) => tx.accountDeletions.cancel(userId)), true);
    assert.equal(await db.database.transaction((tx) => tx.accountDeletions.cancel(userId)), false);
  });

  test('an account whose time is up cannot be restored, even before it is purged', async () => {
    const { userId } = await makeIngest(db);
    await close(userId, 0);
    assert.equal(await db.database.transaction((tx) => tx.accountDeletions.cancel(userId)), false);
    await db.sql('delete from users where id = $1', [userId]);
  });

  test('a purge job keeps an account that is not due, and a broken one goes on where it was', async () => {
    const { userId } = await makeIngest(db);
    const run = async (signal: AbortSignal) => {
      const [job] = await db.database.transaction((tx) =>
        tx.jobs.insert([{ type: 'account.purge' as const, userId, payload: {} }]),
      );
      const claimed = await db.database.ledger.claim(job!.id, 60_000);
      assert.ok(claimed.kind === 'claimed');
      await purgeAccount(db)({}, { claim: claimed.claim, signal, logger, report: () => {} });
    };
    await run(new AbortController().signal);
    assert.equal(await count('documents', userId), 1);
    await close(userId, 0);
    await assert.rejects(run(AbortSignal.abort(new Error('the worker stops'))), /the worker stops/);
    assert.equal(await count('document_files', userId), 0, 'the first step was taken');
    assert.equal(await count('documents', userId), 1);
    await run(new AbortController().signal);
    assert.equal(await count('documents', userId), 0);
    assert.equal((await db.sql('select 1 from users where id = $1', [userId])).length, 0);
  });

  test('what has expired is cleared away, and what has not stays (ASVS 5.0 14.2.7)', async () => {
    const { userId } = await makeIngest(db);
    for (const days of [-31, -1, 1])
      await db.sql(
        `insert into sessions (id, user_id, expires_at, idle_expires_at)
         values ($1, $2, now() + $3 * interval '1 day', now() + interval '90 days')`,
        [uuidv7(), userId, days],
      );
    for (const days of [-8, 1])
      await db.sql(
        `insert into password_resets (id, user_id, token_hash, expires_at) values ($1, $2, $3, now() + $4 * interval '1 day')`,
        [uuidv7(), userId, randomBytes(32), days],
      );
    for (const days of [0, 91])
      await db.sql('insert into embedding_usage values ($1, current_date - $2::int, 5)', [userId, days]);
    for (const hours of [-1, 1]) {
      const id = uuidv7();
      await db.sql(
        `insert into account_exports (id, user_id, fence, size, completed_at, expires_at)
         values ($1, $2, 1, 1, now(), now() + $3 * interval '1 hour')`,
        [id, userId, hours],
      );
      await db.sql(`insert into account_export_parts values ($1, $2, 1, 0, 'x')`, [id, userId]);
    }
    await roundOf(1);
    assert.equal(await count('sessions', userId), 2);
    assert.equal(await count('password_resets', userId), 1);
    assert.equal(await count('embedding_usage', userId), 1);
    assert.equal(await count('account_exports', userId), 1);
    assert.equal(await count('account_export_parts', userId), 1);
  });
});
