import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { v7 as uuidv7 } from 'uuid';
import { printReport } from '#scripts/manage/report-commands.ts';
import { dependencyReport } from '#scripts/manage/report/dependency-report.ts';
import { gatherReport } from '#scripts/manage/report/gather-report.ts';
import type { GatherOptions, OperationsReport } from '#scripts/manage/report/gather-report.ts';
import { loggedErrors } from '#scripts/manage/report/log-errors.ts';
import { writeReport } from '#scripts/manage/report/write-report.ts';
import { testEnv } from '#tests/support/test-config.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';
import type { TestDatabase } from '#tests/support/test-database.ts';
import { insertLife, lifeId } from '#tests/support/whole-life-rows.ts';

const OUTDATED = {
  pg: { current: '8.23.1', wanted: '8.23.1', latest: '9.0.0' },
  joi: { current: '18.3.2', latest: '18.3.9' },
  cockatiel: { current: '4.0.0', latest: '3.2.1' },
};
const AUDIT = {
  vulnerabilities: {
    low: { severity: 'low', via: ['bad'], fixAvailable: false },
    bad: {
      severity: 'critical',
      via: [{ title: 'Takes all' }],
      fixAvailable: { name: 'bad', version: '2.0.0' },
    },
  },
};
const npm = (answers: Readonly<Record<string, string>>) => (args: readonly string[]) =>
  Promise.resolve(answers[args[0] ?? ''] ?? '');

suite('manage report', () => {
  let db: TestDatabase;
  let userId: string;
  let folder: string;
  before(async () => {
    db = await createTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'donkey-report-'));
    userId = uuidv7();
    await db.sql(
      `insert into users (id, username, email, password_hash) values ($1, 'reports', 'r@example.org', 'none')`,
      [userId],
    );
    await insertLife(db, [userId], 10);
    const job = await lifeId(db, 'job', userId);
    await db.sql(
      `insert into job_attempts (job_id, user_id, fence, attempt, outcome, ended_at, error)
       select $1, $2, 100 + n, n, 'dead', now() - n * interval '1 day', '{"code": "embedding.unavailable"}'
       from generate_series(1, 20) n`,
      [job, userId],
    );
    await db.sql(
      `insert into audit_events (id, user_id, action) select gen_random_uuid(), $1, 'auth.login_failed' from generate_series(1, 3)`,
      [userId],
    );
    const conversation = await lifeId(db, 'conversation', userId);
    const document = await lifeId(db, 'document', userId);
    await db.sql(`update documents set created_at = now() - interval '40 days' where user_id = $1`, [userId]);
    const reply = async (status: string, feedback: string | null, sources: unknown[]): Promise<void> => {
      await db.sql(
        `insert into messages (id, user_id, conversation_id, role, status, content, feedback, sources, error)
         values ($1, $2, $3, 'assistant', $4, 'Hay.', $5, $6, $7)`,
        [
          uuidv7(),
          userId,
          conversation,
          status,
          feedback,
          JSON.stringify(sources),
          status === 'failed' ? '{"code": "completion.unavailable"}' : null,
        ],
      );
    };
    await reply('completed', 'negative', [{ n: 1, documentId: document }]);
    await reply('completed', 'negative', []);
    await reply('completed', 'positive', []);
    await reply('failed', null, []);
  });
  after(async () => {
    await db[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const gather = (options: Partial<GatherOptions> = {}): Promise<OperationsReport> =>
    gatherReport(db, { period: 'weekly', now: new Date(), logs: [], registry: false, ...options });

  test('recurring errors are counted by what failed and why, within the time', async () => {
    const of = async (period: GatherOptions['period'], code: string): Promise<number | undefined> =>
      (await gather({ period })).failures.find((failure) => failure.code === code)?.count;
    assert.equal(await of('weekly', 'embedding.unavailable'), 6);
    assert.equal(await of('monthly', 'embedding.unavailable'), 20);
    assert.equal(await of('weekly', 'completion.unavailable'), 1);
    const { failures } = await gather();
    const logins = failures.find(({ what }) => what === 'auth.login_failed');
    assert.deepEqual([logins?.count, logins?.users, logins?.code], [3, 1, null]);
    // The attempts that insertLife has stored ended as "retry", for no reason that was told.
    assert.deepEqual(
      failures.map(({ count }) => count).toSorted((a, b) => b - a),
      failures.map(({ count }) => count),
    );
  });

  test('feedback, stored documents and growth are told in numbers, and nothing that anybody wrote', async () => {
    const report = await gather();
    const { feedback, documents, resources } = report;
    assert.deepEqual(
      [feedback.replies, feedback.failed, feedback.positive, feedback.negative, feedback.withoutSources],
      [4, 1, 1, 2, 2],
    );
    assert.deepEqual([feedback.written, feedback.meanRating], [10, 4]);
    const assistantId = await lifeId(db, 'assistant', userId);
    assert.deepEqual(feedback.worst, [{ assistantId, positive: 1, negative: 2 }]);
    // One of the ten is cited, and the one with passages has vectors of no model.
    assert.deepEqual([documents.searchable, documents.unread], [10, 9]);
    assert.equal(documents.withoutVector, 10);
    const made = new Map(resources.growth.map((one) => [one.what, one]));
    assert.deepEqual(made.get('messages'), { what: 'messages', total: 14, made: 14, madeBefore: 0 });
    assert.deepEqual(made.get('documents'), { what: 'documents', total: 10, made: 0, madeBefore: 0 });
    assert.ok(resources.databaseBytes > 1_000_000 && resources.maxConnections > 10);
    assert.equal(resources.queue.jobs.succeeded, 10);
    const text = writeReport(report) + JSON.stringify(report);
    for (const words of ['reports', 'r@example.org', 'Hay.', 'Life 1', 'Good 1', 'Talk 1'])
      assert.ok(!text.includes(words), words);
  });

  test('Markdown has every part, and is JSON where that is asked for; an earlier one shows what has grown', async () => {
    const said: string[] = [];
    const context = { database: db.database, say: (line: string) => said.push(line) };
    await printReport(context, 'monthly', { registry: false, json: true });
    const earlier = JSON.parse(said.pop() ?? '') as OperationsReport;
    assert.equal(earlier.period, 'monthly');
    const file = join(folder, 'earlier.json');
    const smaller = { ...earlier.resources, databaseBytes: earlier.resources.databaseBytes - 3 * 2 ** 20 };
    await writeFile(file, JSON.stringify({ ...earlier, resources: smaller }));
    await printReport(context, 'monthly', { registry: false, before: file });
    const text = said.pop() ?? '';
    for (const heading of [
      '# Monthly report',
      '## Recurring errors',
      '## Slow queries',
      '## Dependencies',
      '## Resources',
      '## Benchmarks',
      '## Documents of the project',
      '## Stored documents',
      '## Feedback to answers',
    ])
      assert.match(text, new RegExp(`^${heading}$`, 'm'));
    assert.match(text, /^\| database \| [\d.]+ MiB \| \+[\d.]+ MiB \|$/m);
    assert.match(text, /^\| document\.ingest \| embedding\.unavailable \| dead \| 20 \| 1 \| /m);
    assert.match(text, /The registry was not asked\./);
    await assert.rejects(printReport(context, 'weekly', { registry: false, before: join(folder, 'none') }), {
      code: 'ENOENT',
    });
    await writeFile(file, '{}');
    await assert.rejects(printReport(context, 'weekly', { registry: false, before: file }), /is no report/);
  });

  test('the command prints it, and says what it does not know', async () => {
    const run = (...args: string[]) =>
      promisify(execFile)(
        process.execPath,
        [join(import.meta.dirname, '../../scripts/manage.ts'), 'report', ...args],
        {
          cwd: folder,
          env: { PATH: process.env.PATH, ...testEnv({ DATABASE_URL: db.url }) },
        },
      );
    const { stdout } = await run('weekly', '--no-registry');
    assert.match(stdout, /^# Weekly report\n\nFrom \d{4}-/);
    const json = JSON.parse((await run('monthly', '--json', '--no-registry')).stdout) as OperationsReport;
    assert.equal(json.period, 'monthly');
    await assert.rejects(run('yearly'), /unknown command 'yearly'/);
    await assert.rejects(run('weekly', '--no-registry', '--log', 'none.log'), /none\.log/);
  });

  test('slow queries are those of PostgreSQL where it counts them, and their absence is told', async (t) => {
    const [loaded] = await db.sql<{ is: boolean }>(
      `select current_setting('shared_preload_libraries') ~ 'pg_stat_statements' as is`,
    );
    const without = await gather();
    assert.equal(without.statements, null);
    assert.match(writeReport(without), /PostgreSQL does not count statements: load/);
    if (loaded?.is !== true) {
      t.diagnostic('PostgreSQL has not loaded pg_stat_statements');
      return;
    }
    await db.sql('create extension pg_stat_statements');
    for (let call = 0; call < 12; call++) await db.sql('select pg_sleep(0.02), $1::int as "slowOne"', [call]);
    const { statements } = await gather();
    const slow = statements?.statements.find(({ query }) => query.includes('slowOne'));
    assert.equal(slow?.calls, 12);
    assert.ok(slow.meanMs > 15 && slow.share > 0 && slow.share <= 1, JSON.stringify(slow));
  });

  test('packages: what is newer and what is weak, worst first; a registry that is away is told', async () => {
    const found = await dependencyReport(
      npm({ outdated: JSON.stringify(OUTDATED), audit: JSON.stringify(AUDIT) }),
    );
    assert.deepEqual(found.outdated, [
      { name: 'joi', current: '18.3.2', latest: '18.3.9', isMajor: false },
      { name: 'pg', current: '8.23.1', latest: '9.0.0', isMajor: true },
    ]);
    assert.deepEqual(found.vulnerable, [
      { name: 'bad', severity: 'critical', titles: ['Takes all'], fix: 'bad 2.0.0' },
      { name: 'low', severity: 'low', titles: ['through bad'], fix: 'none yet' },
    ]);
    const away = await dependencyReport(
      npm({
        outdated: '{"error": {"code": "ECONNREFUSED", "summary": "refused"}}',
        audit: '{"message": "405"}',
      }),
    );
    assert.deepEqual(away, { outdated: 'unknown: refused', vulnerable: 'unknown: 405' });
    const dead = await dependencyReport(() => Promise.reject(new Error('npm is not on the path')));
    assert.equal(dead.outdated, 'unknown: npm is not on the path');
    const none = await dependencyReport(npm({ audit: '{"vulnerabilities": {}}' }));
    assert.deepEqual(none, { outdated: [], vulnerable: [] });
  });

  test('warnings and errors of logs are counted by message, within the time, and joined to a request', async () => {
    const file = join(folder, 'api.log');
    const line = (level: string, msg: string, time: string, more = {}): string =>
      JSON.stringify({ level, time, service: 'api', msg, ...more });
    await writeFile(
      file,
      [
        line('error', 'Gone', '2026-11-20T10:00:00.000Z', {
          code: 'service.unavailable',
          correlation_id: 'one',
        }),
        line('error', 'Gone', '2026-11-21T10:00:00.000Z', {
          code: 'service.unavailable',
          correlation_id: 'two',
        }),
        line('warn', 'Slow', '2026-11-21T10:00:00.000Z'),
        line('error', 'Old', '2026-10-01T10:00:00.000Z'),
        line('info', 'request', '2026-11-21T10:00:00.000Z'),
        'no JSON, "level":"error"',
        '',
      ].join('\n'),
    );
    const since = new Date('2026-11-18T00:00:00Z');
    assert.deepEqual(await loggedErrors([file], since, 20), [
      {
        level: 'error',
        message: 'Gone',
        code: 'service.unavailable',
        count: 2,
        lastAt: '2026-11-21T10:00:00.000Z',
        correlationId: 'two',
      },
      {
        level: 'warn',
        message: 'Slow',
        code: null,
        count: 1,
        lastAt: '2026-11-21T10:00:00.000Z',
        correlationId: null,
      },
    ]);
    await assert.rejects(loggedErrors([join(folder, 'none.log')], since, 20), { code: 'ENOENT' });
  });
});
