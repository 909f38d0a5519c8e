import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { LostClaimError } from '#db/stores/job-store.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { makeIngest } from '#tests/support/make-job.ts';
import { testConfig } from '#tests/support/test-config.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';
import type { TestDatabase } from '#tests/support/test-database.ts';
import { archiveConversations } from '#worker/conversations/archive-conversations.ts';
import { maintenanceRound } from '#worker/maintenance/maintenance.ts';

suite('conversation.archive', () => {
  let db: TestDatabase;
  before(async () => {
    db = await createTestDatabase();
  });
  after(() => db[Symbol.asyncDispose]());

  const logger = createLogger({ level: 'silent', service: 'test' });

  /** Conversations of two messages each, in which nothing was said for so many days. */
  async function converse(userId: string, assistantId: string, days: readonly number[]): Promise<string[]> {
    const ids = days.map(() => uuidv7());
    for (const [index, id] of ids.entries()) {
      await db.sql(
        `insert into conversations (id, user_id, assistant_id, title, message_count, last_message_at)
         values ($1, $2, $3, 'Talk', 2, now() - $4 * interval '1 day')`,
        [id, userId, assistantId, days[index]],
      );
      for (const role of ['user', 'assistant'])
        await db.sql(
          `insert into messages (id, user_id, conversation_id, role, content) values ($1, $2, $3, $4, $5)`,
          [uuidv7(), userId, id, role, `Said by ${role}`],
        );
    }
    return ids;
  }
  const round = async (archiveAfterDays: number): Promise<void> => {
    await db.sql('delete from maintenance_runs');
    const producer = { deliver: () => undefined };
    await maintenanceRound({ database: db.database, producer, logger, intervalMs: 60_000, archiveAfterDays });
  };
  const jobsOf = (userId: string) =>
    db.sql<{ id: string; priority: string }>(
      `select * from jobs where type = 'conversation.archive' and user_id = $1 order by id`,
      [userId],
    );
  const run = async (jobId: string, abortAfter = Infinity): Promise<void> => {
    const claimed = await db.database.ledger.claim(jobId, 60_000);
    assert.ok(claimed.kind === 'claimed');
    const abort = new AbortController();
    let batches = 0;
    const context = {
      claim: claimed.claim,
      signal: abort.signal,
      logger,
      report: () => {
        batches += 1;
        if (batches >= abortAfter) abort.abort(new Error('stopped'));
      },
    };
    const config = testConfig({ CONVERSATION_ARCHIVE_AFTER_DAYS: '30' });
    await archiveConversations({ database: db.database, config })({}, context);
  };
  const statusOf = async (ids: readonly string[]): Promise<string[]> => {
    const rows = await db.sql<{ id: string; status: string }>(
      'select id, status from conversations where id = any($1)',
      [ids],
    );
    return ids.map((id) => rows.find((row) => row.id === id)!.status);
  };

  test('idle conversations are archived, others and those with a pending reply are not', async () => {
    const { userId, document } = await makeIngest(db);
    const ids = await converse(userId, document.assistantId, [31, 29, 90, 40, 0]);
    await db.sql(
      `insert into messages (id, user_id, conversation_id, role, status, content) values ($1, $2, $3, 'assistant', 'pending', '')`,
      [uuidv7(), userId, ids[3]],
    );
    await round(0);
    assert.deepEqual(await jobsOf(userId), [], '0 is never');
    await round(30);
    await round(30);
    const jobs = await jobsOf(userId);
    assert.deepEqual(
      jobs.map(({ priority }) => priority),
      ['low'],
      'one job at a time',
    );
    await run(jobs[0]!.id);
    assert.deepEqual(await statusOf(ids), ['archived', 'active', 'archived', 'active', 'active']);
    const [left] = await db.sql('select count(*)::int as n from messages where user_id = $1', [userId]);
    assert.deepEqual(left, { n: 7 });
    await db.sql(`update messages set status = 'completed' where user_id = $1`, [userId]);
    await round(30);
    assert.equal((await jobsOf(userId)).length, 2);
  });

  test('a job that is broken off has archived whole conversations, and the next attempt goes on', async () => {
    const { userId, document } = await makeIngest(db);
    const ids = await converse(
      userId,
      document.assistantId,
      Array.from({ length: 45 }, (_, n) => 31 + n),
    );
    await round(30);
    const [job] = await jobsOf(userId);
    await assert.rejects(run(job!.id, 1), /stopped/);
    const archived = (await statusOf(ids)).filter((status) => status === 'archived');
    assert.equal(archived.length, 20);
    const counts = () =>
      db.sql(
        `select count(*)::int as n, sum(message_count)::int as messages from conversation_archives where user_id = $1`,
        [userId],
      );
    assert.deepEqual(await counts(), [{ n: 20, messages: 40 }]);
    await db.sql(`update jobs set status = 'queued', lease_expires_at = null where id = $1`, [job!.id]);
    await run(job!.id);
    assert.deepEqual(await counts(), [{ n: 45, messages: 90 }]);
    assert.deepEqual(await db.sql('select 1 from messages where user_id = $1', [userId]), []);
  });

  test('a worker that has lost its job archives nothing', async () => {
    const { userId, document } = await makeIngest(db);
    const ids = await converse(userId, document.assistantId, [50]);
    await round(30);
    const [job] = await jobsOf(userId);
    const claimed = await db.database.ledger.claim(job!.id, 60_000);
    assert.ok(claimed.kind === 'claimed');
    await db.sql('update jobs set fence = fence + 1 where id = $1', [job!.id]);
    const context = { claim: claimed.claim, signal: new AbortController().signal, logger, report: () => {} };
    const config = testConfig({ CONVERSATION_ARCHIVE_AFTER_DAYS: '30' });
    await assert.rejects(
      archiveConversations({ database: db.database, config })({}, context),
      LostClaimError,
    );
    assert.deepEqual(await statusOf(ids), ['active']);
  });
});
