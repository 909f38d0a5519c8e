import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { LostClaimError } from '#db/stores/job-store.ts';
import { createLogger } from '#shared/logging/logger.ts';
import type { Delivery } from '#shared/queue/job-ledger.ts';
import { testConfig } from '#tests/support/test-config.ts';
import { makeIngest } from '#tests/support/make-job.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';
import type { TestDatabase } from '#tests/support/test-database.ts';
import { exportAccount } from '#worker/maintenance/export-account.ts';
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
      archiveAfterDays: 90,
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

  /** Takes the steps of a purge until none is left; how many rows of a table are left after each. */
  async function stepsOf(userId: string, table: string): Promise<number[]> {
    const left: number[] = [];
    const step = () => db.database.transaction((tx) => tx.accountDeletions.purgeStep(userId));
    while (await step()) left.push(await count(table, userId));
    return left;
  }

  test('audit events, jobs and documents go in steps, whatever their number, and the last delete has time', async (t) => {
    const { userId } = await makeIngest(db);
    await db.sql(
      `insert into audit_events (id, user_id, action)
       select gen_random_uuid(), $1, 'document.upload' from generate_series(1, 12000)`,
      [userId],
    );
    assert.deepEqual(await stepsOf(userId, 'audit_events'), [], 'an account in use has no such steps');
    await close(userId, 0);
    const [purge] = await db.database.transaction((tx) =>
      tx.jobs.insert([{ type: 'account.purge' as const, userId, payload: {} }]),
    );
    const steps = await stepsOf(userId, 'audit_events');
    assert.deepEqual(steps.slice(-3), [7000, 2000, 0]);
    assert.equal(await count('documents', userId), 0);
    assert.deepEqual(await db.sql('select id from jobs where user_id = $1', [userId]), [{ id: purge!.id }]);
    t.diagnostic(`${steps.length} steps, of them 3 for 12000 audit events`);

    await db.sql('create table seen (timeout text)');
    await db.sql(`create function see_timeout() returns trigger language plpgsql as $$
      begin insert into seen select current_setting('statement_timeout'); return old; end $$`);
    await db.sql('create trigger see before delete on users for each row execute function see_timeout()');
    assert.equal(await db.database.transaction((tx) => tx.accountDeletions.purge(userId)), true);
    await db.sql('drop trigger see on users');
    assert.deepEqual(await db.sql('select timeout from seen'), [{ timeout: '10min' }]);
  });

  test('the events of an account within its days of grace cannot be removed', async () => {
    const { userId } = await makeIngest(db);
    await db.sql(`insert into audit_events (id, user_id, action) values ($1, $2, 'x.y')`, [uuidv7(), userId]);
    await close(userId, 1);
    await assert.rejects(db.sql('delete from audit_events where user_id = $1', [userId]), { code: '42501' });
  });

  /** An export that is being made, with a stored part. */
  async function startExport(userId: string) {
    const { id, job } = await db.database.transaction(async (tx) => {
      assert.equal(await tx.accountExports.replace(userId), undefined);
      const exportId = await tx.accountExports.insert(userId);
      const payload = { export_id: exportId };
      const [made] = await tx.jobs.insert([{ type: 'account.export' as const, userId, payload }]);
      await tx.accountExports.assign(exportId, made!.id);
      return { id: exportId, job: made! };
    });
    await db.sql(`insert into account_export_parts values ($1, $2, 1, 0, 'x')`, [id, userId]);
    return { id, job };
  }

  test('the bytes of an export that came to nothing go with the next round, its row a day later', async () => {
    const { userId } = await makeIngest(db);
    const { id, job } = await startExport(userId);
    await roundOf(1);
    assert.equal(await count('account_export_parts', userId), 1, 'one that is being made keeps them');
    await db.database.transaction((tx) => tx.jobs.cancel(job.id));
    await roundOf(1);
    assert.equal(await count('account_export_parts', userId), 0);
    assert.equal((await db.database.read.accountExports.find(userId, id))?.status, 'failed');
    await db.sql(`update account_exports set created_at = now() - interval '25 hours' where id = $1`, [id]);
    await roundOf(1);
    assert.equal(await count('account_exports', userId), 0);
  });

  test('a new export removes the bytes of the one that was cancelled, and puts off no expiry', async () => {
    const { userId } = await makeIngest(db);
    const { id, job } = await startExport(userId);
    await db.sql(`update account_exports set expires_at = now() - interval '4 minutes' where id = $1`, [id]);
    await db.database.transaction((tx) => tx.jobs.cancel(job.id));
    await startExport(userId);
    const parts = await db.sql('select 1 from account_export_parts where export_id = $1', [id]);
    assert.equal(parts.length, 0);
    const [old] = await db.sql<{ old: boolean }>(
      `select expires_at < now() - interval '3 minutes' as old from account_exports where id = $1`,
      [id],
    );
    assert.equal(old!.old, true);
  });

  test('a worker adds nothing to an export that was cancelled', async () => {
    const { userId } = await makeIngest(db);
    const { id, job } = await startExport(userId);
    const claimed = await db.database.ledger.claim(job.id, 60_000);
    assert.ok(claimed.kind === 'claimed');
    await db.database.transaction((tx) => tx.jobs.cancel(job.id));
    const { signal } = new AbortController();
    const run = exportAccount({ database: db.database, config: testConfig() });
    await assert.rejects(
      run({ export_id: id }, { claim: claimed.claim, signal, logger, report: () => {} }),
      LostClaimError,
    );
    assert.equal(await count('account_export_parts', userId), 1, 'the one of before');
  });

  test('a purge stands before exports in the queue', async () => {
    const { userId } = await makeIngest(db);
    const { job } = await startExport(userId);
    await close(userId, 0);
    const { delivered } = await roundOf(1);
    assert.equal(delivered.length, 1);
    assert.ok(delivered[0]!.place < job.place);
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
      for (const table of ['embedding_usage', 'completion_usage'])
        await db.sql(`insert into ${table} values ($1, current_date - $2::int, 5)`, [userId, days]);
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
    assert.equal(await count('completion_usage', userId), 1);
    assert.equal(await count('account_exports', userId), 1);
    assert.equal(await count('account_export_parts', userId), 1);
  });
});
