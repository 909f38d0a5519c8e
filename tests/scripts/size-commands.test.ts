import assert from 'node:assert/strict';
import { test } from 'node:test';
import { v7 as uuidv7 } from 'uuid';
import { printSizes } from '#scripts/manage/size-commands.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';
import { testConfig } from '#tests/support/test-config.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';
import { insertLife } from '#tests/support/whole-life-rows.ts';

test('manage sizes says what the tables take, and what of it one chunk does', async () => {
  await using db = await createTestDatabase();
  const run = async (): Promise<string> => {
    const lines: string[] = [];
    await printSizes({
      config: testConfig(),
      database: db.database,
      logger: createLogger({ level: 'silent', service: 'test' }),
      metrics: createMetrics('test'),
      say: (line) => lines.push(line),
    });
    return lines.join('\n');
  };
  assert.match(await run(), /There are no chunks yet/);
  const id = uuidv7();
  await db.sql(
    `insert into users (id, username, email, password_hash) values ($1, 'sizes', 's@example.org', 'none')`,
    [id],
  );
  await insertLife(db, [id], 500);
  await db.sql('vacuum (analyze) document_chunks');
  const text = await run();
  const [row] = await db.sql<{ data: number; whole: number }>(
    `select pg_table_size('document_chunks')::int as data, pg_total_relation_size('document_chunks')::int as whole`,
  );
  const number = (value: number): string => new Intl.NumberFormat('en').format(value);
  const line = new RegExp(
    `^document_chunks +500 +${number(row!.data)} +${number(row!.whole - row!.data)}$`,
    'm',
  );
  assert.match(text, line);
  assert.match(text, new RegExp(`^document_chunks +${number(Math.round(row!.data / 500))} +[1-9]`, 'm'));
  assert.match(text, /^together +[1-9][\d,]+; [1-9][\d,]* chunks a GiB$/m);
});
