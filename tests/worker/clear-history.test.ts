import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { startIngest } from '#db/start-ingest.ts';
import { createConfig } from '#shared/config/config.ts';
import { holdLock } from '#tests/support/held-lock.ts';
import { makeIngest } from '#tests/support/make-job.ts';
import { testConfig, testEnv } from '#tests/support/test-config.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';
import type { TestDatabase } from '#tests/support/test-database.ts';
import { clearHistory } from '#worker/maintenance/clear-history.ts';

const KEPT = { jobDays: 30, auditDays: 100, retrievalDays: 30 };

suite('what has happened ends after its time', () => {
  let db: TestDatabase;
  before(async () => {
    db = await createTestDatabase();
  });
  after(() => db[Symbol.asyncDispose]());

  const ended = (days: number, more: Readonly<Record<string, unknown>> = {}) => ({ days, more });
  /** Stores an ended job without a document; returns its id. */
  async function job(userId: string, { days, more }: ReturnType<typeof ended>): Promise<string> {
    const id = uuidv7();
    const columns = {
      id,
      user_id: userId,
      type: 'assistant.export',
      queue: 'low',
      priority: 'low',
      status: 'succeeded',
      ...more,
    };
    const names = Object.keys(columns);
    await db.sql(
      `insert into jobs (${names.join(', ')}, finished_at)
       values (${names.map((_, index) => `$${index + 1}`).join(', ')}, now() - $${names.length + 1} * interval '1 day')`,
      [...Object.values(columns), days],
    );
    return id;
  }
  const left = async (table: string, ids: readonly string[]): Promise<string[]> => {
    const rows = await db.sql<{ id: string }>(`select id from ${table} where id = any($1)`, [ids]);
    return ids.filter((id) => rows.some((row) => row.id === id));
  };

  test('jobs go with their parts and attempts, the failed and dead too; those that run or are young stay', async () => {
    const { userId } = await makeIngest(db);
    const old = await job(userId, ended(31));
    const part = await job(userId, ended(31, { parent_id: old }));
    await db.sql(
      `insert into job_attempts (job_id, user_id, fence, attempt, outcome, ended_at) values ($1, $2, 1, 1, 'succeeded', now())`,
      [part, userId],
    );
    const dead = await job(userId, ended(31, { status: 'dead' }));
    const young = await job(userId, ended(29));
    const open = await job(userId, ended(0, { status: 'queued' }));
    await db.sql(`update jobs set finished_at = null, created_at = now() - interval '1 year' where id = $1`, [
      open,
    ]);
    await clearHistory(db.database, { ...KEPT, jobDays: 0 });
    assert.equal((await left('jobs', [old, dead])).length, 2, '0 is for ever');
    await clearHistory(db.database, KEPT);
    assert.deepEqual(await left('jobs', [old, part, dead, young, open]), [young, open]);
    assert.deepEqual(await db.sql('select 1 from job_attempts where job_id = $1', [part]), []);
  });

  test('the last ingestion of a document stays with it, those before it go', async () => {
    const { userId, document } = await makeIngest(db);
    await db.database.transaction((tx) => startIngest(tx, document));
    await db.sql(
      `update jobs set status = 'succeeded', finished_at = now() - interval '31 days' where user_id = $1`,
      [userId],
    );
    const last = await db.database.read.jobs.latestIngest(document.id);
    await clearHistory(db.database, KEPT);
    const rows = await db.sql<{ id: string; parent_id: string | null }>(
      'select id, parent_id from jobs where user_id = $1 order by id',
      [userId],
    );
    assert.deepEqual(
      rows.map(({ id, parent_id: group }) => group ?? id),
      [last!.id, last!.id],
    );
  });

  test('a webhook that has been told is not told again when the job that told it is gone', async () => {
    const { userId } = await makeIngest(db);
    const told = await job(userId, ended(31, { type: 'webhook.deliver' }));
    const subject = await job(
      userId,
      ended(29, { webhook_url: 'https://example.org/hook', webhook_job_id: told }),
    );
    await clearHistory(db.database, KEPT);
    assert.deepEqual(await left('jobs', [told, subject]), [subject]);
    assert.deepEqual(await db.database.ledger.announceEnds(10), []);
  });

  test('of the log of searches, the last fifty of an assistant stay however old they are', async () => {
    const { userId, document } = await makeIngest(db);
    const { assistantId } = document;
    const ids = Array.from({ length: 60 }, () => uuidv7());
    for (const [index, id] of ids.entries())
      await db.sql(
        `insert into retrievals (id, user_id, assistant_id, mode, hit_count, passed, took_ms, created_at)
         values ($1, $2, $3, 'text', 1, true, 1, now() - interval '100 days' + $4 * interval '1 minute')`,
        [id, userId, assistantId, index],
      );
    const general = [40, 20].map((days) => ({ id: uuidv7(), days }));
    for (const { id, days } of general)
      await db.sql(
        `insert into retrievals (id, user_id, mode, hit_count, passed, took_ms, created_at)
         values ($1, $2, 'text', 1, true, 1, now() - $3 * interval '1 day')`,
        [id, userId, days],
      );
    const measure = () => db.database.transaction((tx) => tx.metrics.measure(userId, assistantId));
    await clearHistory(db.database, KEPT);
    assert.equal((await left('retrievals', ids)).length, 60, 'nobody has said yet which ones count');
    await measure();
    await clearHistory(db.database, KEPT);
    assert.deepEqual(await left('retrievals', ids), ids.slice(10));
    assert.deepEqual(
      await left(
        'retrievals',
        general.map(({ id }) => id),
      ),
      [general[1]!.id],
    );
    const newest = uuidv7();
    await db.sql(
      `insert into retrievals (id, user_id, assistant_id, mode, hit_count, passed, took_ms) values ($1, $2, $3, 'text', 1, false, 1)`,
      [newest, userId, assistantId],
    );
    await measure();
    await clearHistory(db.database, KEPT);
    assert.deepEqual(await left('retrievals', [...ids, newest]), [...ids.slice(11), newest]);
    const metrics = await db.database.read.metrics.find(userId, assistantId);
    assert.equal(metrics?.trustComponents?.groundingPct, 98);
  });

  test('audit events go after their days, with and without an account, and never before 90', async () => {
    const { userId } = await makeIngest(db);
    const events = [
      { owner: userId, days: 101 },
      { owner: null, days: 101 },
      { owner: userId, days: 99 },
      { owner: null, days: 99 },
    ].map((event) => ({ ...event, id: uuidv7() }));
    for (const { id, owner, days } of events)
      await db.sql(
        `insert into audit_events (id, user_id, action, created_at) values ($1, $2, 'x.y', now() - $3 * interval '1 day')`,
        [id, owner, days],
      );
    const ids = events.map(({ id }) => id);
    await clearHistory(db.database, KEPT);
    assert.deepEqual(await left('audit_events', ids), ids.slice(2));
    const young = uuidv7();
    await db.sql(
      `insert into audit_events (id, action, created_at) values ($1, 'x.y', now() - interval '89 days')`,
      [young],
    );
    await assert.rejects(clearHistory(db.database, { ...KEPT, auditDays: 80 }), /append-only/);
    assert.deepEqual(await left('audit_events', [young]), [young]);
    assert.throws(
      () => testConfig({ AUDIT_RETENTION_DAYS: '89' }),
      /AUDIT_RETENTION_DAYS: must be 0 or at least 90/,
    );
    assert.equal(createConfig(testEnv({ AUDIT_RETENTION_DAYS: '0' })).retention.auditDays, 0);
  });

  test('it takes many small transactions, waits for nobody, and can be broken off', async (t) => {
    const { userId } = await makeIngest(db);
    await db.sql(
      `insert into jobs (id, user_id, type, queue, priority, status, finished_at)
       select gen_random_uuid(), $1, 'assistant.export', 'low', 'low', 'succeeded', now() - interval '40 days'
       from generate_series(1, 1000)`,
      [userId],
    );
    const transactions: number[] = [];
    const counted = {
      transaction: async <T>(work: Parameters<typeof db.database.transaction<T>>[0]): Promise<T> => {
        const began = performance.now();
        const result = await db.database.transaction(work);
        transactions.push(performance.now() - began);
        return result;
      },
    };
    const count = async () =>
      (await db.sql('select 1 from jobs where user_id = $1 and type <> $2', [userId, 'document.ingest']))
        .length;
    const before = await count();
    await clearHistory(counted, KEPT, AbortSignal.abort());
    assert.equal(await count(), before);
    // Somebody is at work on one of them.
    await using lock = await holdLock(
      db.url,
      `select from jobs where id = (select id from jobs where user_id = $1 and type = 'assistant.export' limit 1) for update`,
      [userId],
    );
    await clearHistory(counted, KEPT);
    assert.equal(await count(), before - 999);
    await lock.release();
    await clearHistory(counted, KEPT);
    assert.equal(await count(), before - 1000);
    assert.ok(transactions.length >= 8, 'five for the jobs alone');
    t.diagnostic(
      `${transactions.length} transactions, the longest ${Math.round(Math.max(...transactions))} ms`,
    );
    assert.ok(Math.max(...transactions) < 2_000);
  });
});
