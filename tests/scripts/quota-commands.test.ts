import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { userQuota } from '#scripts/manage/quota-commands.ts';
import type { QuotaOptions } from '#scripts/manage/quota-commands.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';
import { makeIngest } from '#tests/support/make-job.ts';
import { testConfig } from '#tests/support/test-config.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';
import type { TestDatabase } from '#tests/support/test-database.ts';

suite('manage user quota', () => {
  let db: TestDatabase;
  let login: string;
  before(async () => {
    db = await createTestDatabase();
    const { userId } = await makeIngest(db);
    const [user] = await db.sql<{ email: string }>('select email from users where id = $1', [userId]);
    login = user!.email;
  });
  after(() => db[Symbol.asyncDispose]());

  /** What the command says. */
  async function run(options: QuotaOptions, of = login): Promise<string> {
    const lines: string[] = [];
    await userQuota(
      {
        config: testConfig({ QUOTA_DOCUMENTS: '7', QUOTA_BYTES: '0' }),
        database: db.database,
        logger: createLogger({ level: 'silent', service: 'test' }),
        metrics: createMetrics('test'),
        say: (line) => lines.push(line),
      },
      of,
      options,
    );
    return lines.join('\n');
  }

  test('shows usage and limits, sets limits, and gives them back to the settings', async () => {
    assert.match(await run({}), /documents: 1 of 7\n +bytes: 21 of any number/);
    const tokens = { embeddingTokensPerDay: '9', completionTokensPerDay: '8' };
    const changed = await run({ documents: '0', bytes: '500', ...tokens });
    assert.match(changed, /documents: 1 of any number\n +bytes: 21 of 500\n.*today: 0 of 9\n.*today: 0 of 8/);
    assert.match(await run({ documents: 'default' }), /documents: 1 of 7\n +bytes: 21 of 500/);
    const events = await db.sql(
      `select u.email, e.actor_id, e.details from audit_events e join users u on u.id = e.user_id
       where e.action = 'user.quota' order by e.id`,
    );
    assert.deepEqual(events, [
      {
        email: login,
        actor_id: null,
        details: { documents: 0, bytes: 500, embedding_tokens_per_day: 9, completion_tokens_per_day: 8 },
      },
      { email: login, actor_id: null, details: { documents: null } },
    ]);
  });

  test('refuses what is no limit, and unknown accounts', async () => {
    for (const documents of ['-1', '1.5', 'many', '1e400'])
      await assert.rejects(run({ documents }), /documents/, documents);
    await assert.rejects(run({}, 'nobody'), { code: 'user.not_found' });
  });
});
