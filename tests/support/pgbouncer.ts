import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from '#scripts/services/free-port.ts';
import { waitFor } from './wait-for.ts';

/** A PgBouncer that lends connections for one transaction each. */
export interface Bouncer extends AsyncDisposable {
  /** The same database, by way of it. */
  readonly url: string;
  /** Transactions that it has passed on. */
  transactions(): Promise<number>;
  /** Connections that it has to PostgreSQL now. */
  connections(): Promise<number>;
}

/** Connections that it has for everybody together. */
export const BOUNCER_POOL = 4;

const FIRST_PORT = 23_000;

/** Where the program is; undefined where this host has none (Debian: `apt-get install pgbouncer`). */
export function findPgbouncer(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, 'pgbouncer')).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts one in front of a server, on a free port of loopback. */
export async function startPgbouncer(program: string, databaseUrl: string): Promise<Bouncer> {
  const server = new URL(databaseUrl);
  const port = await freePort(FIRST_PORT + (process.pid % 1_000));
  const folder = await mkdtemp(join(tmpdir(), 'pgbouncer-'));
  const file = join(folder, 'pgbouncer.ini');
  await writeFile(file, configOf(server, port), { mode: 0o600 });
  // It refuses to be root.
  const asNobody = process.getuid?.() === 0;
  if (asNobody) {
    const { stdout } = await promisify(execFile)('id', ['-u', 'nobody']);
    for (const path of [folder, file]) await chown(path, Number(stdout), -1);
  }
  const child = spawn(program, [...(asNobody ? ['-u', 'nobody'] : []), file], { stdio: 'ignore' });
  const ended = once(child, 'close');
  const own = new URL(databaseUrl);
  own.host = `127.0.0.1:${port}`;
  const console = new URL(own);
  console.pathname = '/pgbouncer';
  await waitFor(() => ask(own, 'select 1').catch(() => undefined), { description: 'pgbouncer' });
  return {
    url: own.href,
    transactions: async () => {
      const rows = await ask(console, 'show stats_totals');
      return rows.reduce((sum, row) => sum + Number(row.xact_count), 0);
    },
    connections: async () => (await ask(console, 'show servers')).length,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGINT');
      const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(late);
      await rm(folder, { recursive: true });
    },
  };
}

const configOf = (server: URL, port: number): string => `[databases]
* = host=${server.hostname} port=${server.port} user=${server.username} password=${server.password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
admin_users = ${server.username}
pool_mode = transaction
default_pool_size = ${BOUNCER_POOL}
max_client_conn = 500
`;

async function ask(url: URL, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
