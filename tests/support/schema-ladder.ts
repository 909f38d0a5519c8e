import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Knex } from 'knex';
import { withSession } from '#db/connect.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';
import { testConfig } from './test-config.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';

/**
 * The schema as pg_dump tells it.
 *
 * @throws where there is no pg_dump that suits the server
 */
export async function schemaOf(url: string): Promise<string> {
  const { stdout } = await promisify(execFile)('pg_dump', ['--schema-only', '--no-owner', url], {
    maxBuffer: 64 * 1024 * 1024,
  });
  // A line that newer versions give another random word each time.
  return stdout.replaceAll(/^\\(un)?restrict .*$/gm, '');
}

/** Why the schema cannot be told here; undefined where it can. */
export const noDump = (url: string): Promise<string | undefined> =>
  schemaOf(url).then(
    () => undefined,
    (error: unknown) => `pg_dump is missing or too old: ${(error as Error).message}`,
  );

/** Gives `work` a database whose migrations it may run one by one. */
export const stepwise = <T>(url: string, work: (steps: Knex.Migrator) => Promise<T>): Promise<T> =>
  withSession(
    {
      config: testConfig({ DATABASE_URL: url, REDIS_URL: 'redis://127.0.0.1' }).database,
      logger: createLogger({ level: 'silent', service: 'test' }),
      metrics: createMetrics('test'),
      applicationName: 'test',
    },
    (session) => work(session.migrate),
  );

/** Says only what differs of two texts of thousands of lines. */
function assertSame(actual: string, expected: string, what: string): void {
  if (actual === expected) return;
  const [is, shouldBe] = [actual, expected].map((text) => text.split('\n'));
  const more = is!.filter((line) => !shouldBe!.includes(line));
  const missing = shouldBe!.filter((line) => !is!.includes(line));
  assert.fail(
    `${what}: has ${more.join(' / ') || 'another order'}, lacks ${missing.join(' / ') || 'nothing'}`,
  );
}

/** What every table holds, as one hash each. */
async function contentsOf({ sql }: Pick<TestDatabase, 'sql'>): Promise<Map<string, string>> {
  const tables = await sql<{ name: string }>(
    `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
       and relname not like 'schema_migrations%' order by relname`,
  );
  const contents = new Map<string, string>();
  for (const { name } of tables) {
    const [row] = await sql<{ hash: string }>(
      `select count(*) || ' ' || md5(coalesce(string_agg(t::text, ' ' order by t::text), '')) as hash from ${name} t`,
    );
    contents.set(name, row!.hash);
  }
  return contents;
}

/**
 * Takes a filled database down one migration at a time and holds each level against the same level of an empty database that
 * has only gone up. From each it goes up once and down again: neither may change the schema, or a row of the level below.
 *
 * @returns the levels that were looked at
 */
export async function descend(filled: TestDatabase, levels = Infinity): Promise<number> {
  await using empty = await createTestDatabase();
  await empty.database.rollback();
  const schemas: string[] = [];
  await stepwise(empty.url, async (steps) => {
    const [, pending] = (await steps.list()) as [unknown, unknown[]];
    const first = Math.max(0, pending.length - levels);
    for (let level = 0; level <= pending.length; level++) {
      schemas.push(level >= first ? await schemaOf(empty.url) : '');
      if (level < pending.length) await steps.up();
    }
  });
  let looked = 0;
  await stepwise(filled.url, async (steps) => {
    for (let level = schemas.length - 1; level > 0 && schemas[level - 1] !== ''; level--) {
      const name = await steps.currentVersion();
      await steps.down();
      assertSame(await schemaOf(filled.url), schemas[level - 1]!, `${name} down`);
      const contents = await contentsOf(filled);
      await steps.up();
      assertSame(await schemaOf(filled.url), schemas[level]!, `${name} down and up`);
      await steps.down();
      assert.deepEqual(await contentsOf(filled), contents, `${name} up and down keeps what there was`);
      looked += 1;
    }
  });
  return looked;
}
