import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { createDatabase } from '#db/database.ts';
import type { Database } from '#db/database.ts';
import type { Env } from '#shared/config/env.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';
import { testServices } from './services.ts';
import { testConfig } from './test-config.ts';

export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
  readonly database: Database;
  /** Plain SQL for assertions that look behind the stores. */
  readonly sql: <T = Record<string, unknown>>(text: string, values?: unknown[]) => Promise<T[]>;
}

/**
 * Makes a database of this test file's own by cloning the migrated template; disposing drops it.
 *
 * @param databaseUrl the server, where it is not the one that all tests share
 */
export async function createTestDatabase(databaseUrl = testServices().databaseUrl): Promise<TestDatabase> {
  const name = `donkey_test_${randomBytes(6).toString('hex')}`;
  const template = await withAdmin(databaseUrl, (admin) => ensureTemplate(admin, databaseUrl));
  await withAdmin(databaseUrl, (admin) => admin.query(`create database ${name} template ${template}`));
  const url = withName(databaseUrl, name);
  const database = openDatabase(url);
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  // A server that a test stops on purpose takes idle connections with it; that is no failure of the test.
  pool.on('error', () => undefined);
  return {
    url,
    database,
    sql: async <T>(text: string, values: unknown[] = []) => (await pool.query(text, values)).rows as T[],
    [Symbol.asyncDispose]: async () => {
      await pool.end();
      await database[Symbol.asyncDispose]();
      await withAdmin(databaseUrl, (admin) => admin.query(`drop database if exists ${name} with (force)`));
    },
  };
}

/** @param env settings that this test wants otherwise */
export function openDatabase(url: string, env: Env = {}): Database {
  return createDatabase({
    config: testConfig({
      DATABASE_URL: url,
      REDIS_URL: 'redis://127.0.0.1',
      DATABASE_CONNECT_TIMEOUT_MS: '5000',
      ...env,
    }).database,
    logger: createLogger({ level: 'silent', service: 'test' }),
    metrics: createMetrics('test'),
    applicationName: 'test',
  });
}

/** The template is named after the migrations, so a changed migration makes a new one. */
async function ensureTemplate(admin: pg.Client, databaseUrl: string): Promise<string> {
  const name = `donkey_template_${migrationsHash()}`;
  // Test files start side by side; one of them makes the template while the others wait.
  await admin.query('select pg_advisory_lock(7042)');
  try {
    const existing = await admin.query('select 1 from pg_database where datname = $1', [name]);
    if (existing.rowCount === 0) {
      const building = `${name}_${randomBytes(3).toString('hex')}`;
      await admin.query(`create database ${building}`);
      const database = openDatabase(withName(databaseUrl, building));
      await database.migrate();
      await database[Symbol.asyncDispose]();
      await admin.query(`alter database ${building} rename to ${name}`);
    }
  } finally {
    await admin.query('select pg_advisory_unlock(7042)');
  }
  return name;
}

function migrationsHash(): string {
  const directory = new URL('../../db/migrations/', import.meta.url);
  const hash = createHash('sha256');
  for (const file of readdirSync(directory).sort())
    hash.update(file).update(readFileSync(new URL(file, directory)));
  return hash.digest('hex').slice(0, 12);
}

async function withAdmin<T>(url: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function withName(url: string, name: string): string {
  const result = new URL(url);
  result.pathname = `/${name}`;
  return result.href;
}
