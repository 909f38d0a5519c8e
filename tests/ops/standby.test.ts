import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import pg from 'pg';
import { freePort } from '#scripts/services/free-port.ts';
import { startOwnServices } from '#tests/support/own-services.ts';
import type { OwnServices } from '#tests/support/own-services.ts';
import { waitFor } from '#tests/support/wait-for.ts';

/** Of whom the servers of tests are when root starts them; PostgreSQL refuses to be root. */
const user = process.getuid?.() === 0 ? 'postgres' : undefined;
const idOf = (option: string): number => Number(spawnSync('id', [option, user ?? '']).stdout.toString());

suite('the standby of docker-compose.yml, by the scripts of its containers', () => {
  let services: OwnServices | undefined;
  let folder = '';
  let port = 0;
  let programs = '';

  before(async () => {
    services = await startOwnServices();
    if (services === undefined) return;
    folder = mkdtempSync(join(tmpdir(), 'donkey-standby-'));
    chmodSync(folder, 0o755);
    port = await freePort(26_000 + (process.pid % 1_000));
    programs = await ask(primary(), "select setting from pg_config where name = 'BINDIR'");
    writeFileSync(join(folder, 'postgres_password'), decodeURIComponent(primary().password));
    writeFileSync(join(folder, 'replication_password'), "a 'quoted' \\password");
  });
  after(async () => {
    await services?.[Symbol.asyncDispose]();
    if (folder !== '') rmSync(folder, { recursive: true });
  });

  const primary = (): URL => new URL(services?.postgres.url ?? '');

  function standby(): URL {
    const url = primary();
    url.port = String(port);
    return url;
  }

  async function ask(url: URL, sql: string): Promise<string> {
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    const { rows } = await client
      .query<unknown[]>({ text: sql, rowMode: 'array' })
      .finally(() => client.end());
    return String(rows[0]?.[0]);
  }

  const environment = (): NodeJS.ProcessEnv => ({
    PATH: `${programs}:${process.env.PATH}`,
    LC_ALL: 'C',
    SECRETS: folder,
    PRIMARY_HOST: '127.0.0.1',
    PRIMARY_PORT: primary().port,
    PGPORT: primary().port,
    PGUSER: primary().username,
    PGDATABASE: 'postgres',
    PGDATA: join(folder, 'data'),
    ...(user === undefined ? {} : { USER_OF_POSTGRES: user }),
  });

  function makeRole(): void {
    const { status, stderr } = spawnSync('ops/postgres/make-replication-role.sh', { env: environment() });
    assert.equal(status, 0, stderr.toString());
  }

  function start(): ChildProcess {
    const child = spawn(
      'ops/postgres/start-standby.sh',
      ['-p', String(port), '-c', `unix_socket_directories=${folder}/data`],
      { env: environment(), stdio: ['ignore', 'ignore', 'pipe'] },
    );
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    return child;
  }
  let said = '';

  /** Resolves when what the primary has written last can be read from the standby. */
  async function assertFollows(child: ChildProcess): Promise<void> {
    const number = String(Math.floor(Math.random() * 1e9));
    await ask(primary(), `create table if not exists followed (number text)`);
    await ask(primary(), `insert into followed values ('${number}')`);
    await waitFor(
      () => {
        assert.equal(child.exitCode, null, said);
        return ask(standby(), 'select string_agg(number, chr(32)) from followed').then(
          (found) => found.includes(number),
          () => false,
        );
      },
      { description: 'the standby', timeoutMs: 60_000 },
    );
    assert.equal(await ask(standby(), 'select pg_is_in_recovery()'), 'true');
  }

  async function stop(child: ChildProcess): Promise<void> {
    child.kill('SIGINT');
    await once(child, 'exit');
  }

  test('copies the primary, follows it, and goes on after a stop and a new password', async (t) => {
    if (services === undefined) {
      t.skip('there is no PostgreSQL with pgvector as a program of this host');
      return;
    }
    makeRole();
    makeRole();
    let child = start();
    await assertFollows(child);
    await stop(child);
    writeFileSync(join(folder, 'replication_password'), 'another');
    makeRole();
    child = start();
    await assertFollows(child);
    await stop(child);
    assert.equal(
      await ask(primary(), "select count(*) from pg_replication_slots where slot_name = 'standby'"),
      '1',
    );
  });

  test('begins a copy anew that was broken off', async (t) => {
    if (services === undefined) {
      t.skip('there is no PostgreSQL with pgvector as a program of this host');
      return;
    }
    const rest = join(folder, 'data/copying');
    writeFileSync(rest, 'half a copy');
    if (user !== undefined) chownSync(rest, idOf('-u'), idOf('-g'));
    const child = start();
    await assertFollows(child);
    await stop(child);
    assert.throws(() => readFileSync(rest));
  });
});
