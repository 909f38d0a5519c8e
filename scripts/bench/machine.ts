import { execFileSync } from 'node:child_process';
import { arch, cpus, release, totalmem, type } from 'node:os';
import pg from 'pg';
import { createClient } from 'redis';
import { testServices } from '#tests/support/services.ts';

/** What the figures were measured on, one property a line. */
export type Machine = Readonly<Record<string, string>>;

export async function describeMachine(): Promise<Machine> {
  const { databaseUrl, redisUrl } = testServices();
  const processors = cpus();
  return {
    Processor: `${processors[0]?.model.trim() ?? 'unknown'}, ${processors.length} cores`,
    Memory: `${(totalmem() / 1024 ** 3).toFixed(0)} GiB`,
    System: `${type()} ${release()}, ${arch()}`,
    'Node.js': process.versions.node,
    ...(await databaseVersions(databaseUrl)),
    Redis: await redisVersion(redisUrl),
  };
}

/** The commit that is measured, with a mark where files differ from it. */
export function describeCommit(): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const isChanged = git('status', '--porcelain', '--untracked-files=no') !== '';
    return `${git('rev-parse', '--short=10', 'HEAD')}${isChanged ? ' with changes' : ''}`;
  } catch {
    return 'unknown';
  }
}

async function databaseVersions(databaseUrl: string): Promise<Machine> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    const { rows } = await client.query<{ server: string; vector: string; buffers: string }>(
      "select current_setting('server_version') as server, current_setting('shared_buffers') as buffers, (select default_version from pg_available_extensions where name = 'vector') as vector",
    );
    const [row] = rows;
    return {
      PostgreSQL: `${row?.server ?? 'unknown'}, shared_buffers ${row?.buffers ?? 'unknown'}`,
      pgvector: row?.vector ?? 'unknown',
    };
  } finally {
    await client.end();
  }
}

async function redisVersion(url: string): Promise<string> {
  const client = createClient({ url, socket: { connectTimeout: 5_000, reconnectStrategy: false } });
  await client.connect();
  try {
    return /redis_version:(\S+)/.exec(await client.info('server'))?.[1] ?? 'unknown';
  } finally {
    client.destroy();
  }
}
