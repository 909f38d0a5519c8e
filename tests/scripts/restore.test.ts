import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { writeChecksums } from '#scripts/backup/checksums.ts';
import { runGoodScript, runScript } from '#tests/support/operator-scripts.ts';
import { noDump, stepwise } from '#tests/support/schema-ladder.ts';
import { testServices } from '#tests/support/services.ts';
import { testEnv } from '#tests/support/test-config.ts';
import { createTestDatabase } from '#tests/support/test-database.ts';
import type { TestDatabase } from '#tests/support/test-database.ts';

const skip = (await noDump(testServices().databaseUrl)) ?? false;

suite('backup and restore', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'donkey-backups-'));
  const target = `donkey_test_restore_${randomBytes(4).toString('hex')}`;
  const [address, keys] = [new URL(testServices().databaseUrl), testEnv().CREDENTIAL_KEYS!];
  address.pathname = `/${target}`;
  const targetEnv = testEnv({ DATABASE_URL: address.href, CREDENTIAL_KEYS: keys });
  let source: TestDatabase;
  let sourceEnv: ReturnType<typeof testEnv>;
  let backup: string;

  const onServer = async <T>(work: (admin: pg.Client) => Promise<T>, url = testServices().databaseUrl) => {
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.end();
    }
  };
  const databases = () =>
    onServer(async (admin) => {
      const like = 'select datname from pg_database where datname like $1 order by datname';
      return (await admin.query(like, [`${target}%`])).rows.map(({ datname }) => String(datname));
    });
  const usersIn = (url: string) =>
    onServer(async (client) => (await client.query('select username from users')).rows.length, url);
  const addUser = () =>
    source.sql(`insert into users (id, username, email, password_hash) values ($1, $2, $3, 'none')`, [
      uuidv7(),
      `u${randomBytes(6).toString('hex')}`,
      `${randomBytes(6).toString('hex')}@example.org`,
    ]);
  /** Restores what has to be refused, and returns why it was. */
  const refused = async (args: readonly string[], env = targetEnv): Promise<string> => {
    const { code, stdout, stderr } = await runScript('restore.sh', args, env);
    assert.equal(code, 1, stdout + stderr);
    assert.match(stderr, /reason: .+\n {2}remedy: .+/);
    return stderr;
  };
  /** A copy of the backup that says something else of itself, with checksums that are right. */
  const withManifest = async (change: (manifest: Record<string, unknown>) => void): Promise<string> => {
    const copy = mkdtempSync(join(folder, 'copy-'));
    cpSync(backup, copy, { recursive: true });
    const file = join(copy, 'manifest.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    change(manifest);
    writeFileSync(file, JSON.stringify(manifest));
    await writeChecksums(copy);
    return copy;
  };

  before(async () => {
    source = await createTestDatabase();
    sourceEnv = testEnv({ DATABASE_URL: source.url, CREDENTIAL_KEYS: keys });
    await addUser();
    const said = await runGoodScript('backup.sh', ['--to', folder], sourceEnv);
    backup = join(folder, readdirSync(folder)[0]!);
    assert.match(said, new RegExp(`BACKED UP \\d+ rows[\\s\\S]+to ${backup}`));
  });
  after(async () => {
    await source[Symbol.asyncDispose]();
    for (const name of await databases())
      await onServer((admin) => admin.query(`drop database ${name} with (force)`));
    rmSync(folder, { recursive: true, force: true });
  });

  test('a backup that fails leaves nothing', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'donkey-none-'));
    const broken = { ...sourceEnv, DATABASE_URL: address.href };
    const { code, stderr } = await runScript('backup.sh', ['--to', empty], broken);
    assert.equal(code, 1);
    assert.match(stderr, /the database cannot be read: .*does not exist[\s\S]*remedy: /);
    assert.deepEqual(readdirSync(empty), []);
    rmSync(empty, { recursive: true });
  });

  test('--keep removes the oldest backups and nothing else', async () => {
    const other = mkdtempSync(join(tmpdir(), 'donkey-keep-'));
    writeFileSync(join(other, 'notes.txt'), 'mine');
    for (let run = 0; run < 3; run++)
      await runGoodScript('backup.sh', ['--to', other, '--keep', '2'], sourceEnv);
    const names = readdirSync(other).sort();
    assert.equal(names.length, 3, names.join());
    assert.equal(names.at(-1), 'notes.txt');
    const bad = await runScript('backup.sh', ['--to', other, '--keep', '0'], sourceEnv);
    assert.equal(bad.code, 1);
    assert.deepEqual(readdirSync(other).sort(), names);
    rmSync(other, { recursive: true });
  });

  test('a damaged backup, one of a newer release or one whose keys are missing is refused untouched', async () => {
    const damaged = await withManifest(() => undefined);
    const [part] = readdirSync(join(damaged, 'dump')).filter((name) => name.endsWith('.gz'));
    writeFileSync(join(damaged, 'dump', part!), 'something else');
    assert.match(await refused(['--from', damaged]), new RegExp(`dump/${part!} has changed`));
    const newer = await withManifest(({ database }) => {
      (database as { migrations: string[] }).migrations.push('9999-later.ts');
    });
    assert.match(await refused(['--from', newer]), /of a newer release[\s\S]*9999-later\.ts/);
    const sealed = await withManifest((manifest) => (manifest.keys_needed = [{ id: 'lost', secrets: 3 }]));
    assert.match(await refused(['--from', sealed]), /CREDENTIAL_KEYS lacks "lost", which 3 secrets need/);
    assert.match(await refused(['--from', tmpdir()]), /holds no backup/);
    assert.deepEqual(await databases(), []);
  });

  test('what was restored is counted: a backup that says more than it has takes nobody’s place', async () => {
    const wrong = await withManifest(({ rows }) => ((rows as { users: number }).users += 1));
    assert.match(await refused(['--from', wrong]), /users: 2 in the backup, 1 restored/);
    assert.deepEqual(await databases(), [], 'what was half-done is gone');
  });

  test('restores into nothing, and in the place of a filled database only when it is told to', async () => {
    assert.match(await runGoodScript('restore.sh', ['--from', backup, '--check'], targetEnv), /IS GOOD/);
    assert.deepEqual(await databases(), []);
    const said = await runGoodScript('restore.sh', ['--from', backup], targetEnv);
    assert.match(said, /each table as the manifest says[\s\S]*every credential was decrypted[\s\S]*RESTORED/);
    assert.equal(await usersIn(address.href), 1);
    assert.match(await refused(['--from', backup]), /has tables[\s\S]*--replace/);
    assert.match(await refused(['--from', backup, '--replace']), /nobody can be asked[\s\S]*--yes/);
    await onServer(async (other) => {
      await other.query(`set application_name = 'donkey-api'`);
      const why = await refused(['--from', backup, '--replace', '--yes']);
      assert.match(why, /is in use by donkey-api/);
    }, address.href);
    await onServer((client) => client.query('delete from users'), address.href);
    await runGoodScript('restore.sh', ['--from', backup, '--replace', '--yes'], targetEnv);
    assert.equal(await usersIn(address.href), 1);
    const [now, kept, ...more] = await databases();
    assert.deepEqual([now, more], [target, []]);
    assert.match(kept ?? '', /_before_\d{14}$/);
    const old = new URL(address);
    old.pathname = `/${kept!}`;
    assert.equal(await usersIn(old.href), 0, 'the database of before is kept');
  });

  test('a backup of an older release is brought up to date', async () => {
    await using older = await createTestDatabase();
    const undone = await stepwise(
      older.url,
      async (steps) => ((await steps.down()) as [number, string[]])[1],
    );
    assert.equal(undone.length, 1);
    const place = mkdtempSync(join(folder, 'older-'));
    await runGoodScript('backup.sh', ['--to', place], { ...sourceEnv, DATABASE_URL: older.url });
    const from = join(place, readdirSync(place)[0]!);
    const said = await runGoodScript('restore.sh', ['--from', from, '--replace', '--yes'], targetEnv);
    assert.match(said, new RegExp(`1 migrations will be run[\\s\\S]*migrated: ${undone[0]!}`));
  });
});
