import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { countRestored, wakeRestored } from '#db/backup/wake-restored.ts';
import { createDatabase } from '#db/database.ts';
import { ensureCredentialKeys } from '#db/ensure-credential-keys.ts';
import { verifyCredentials } from '#scripts/manage/credential-commands.ts';
import { differences, totalRows } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import type { OperatorSettings } from './operator-database.ts';
import { OperatorFault, ok, reasonOf, step } from './operator-fault.ts';
import type { PostgresPrograms } from './postgres-programs.ts';

export interface Filling extends OperatorSettings {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly programs: PostgresPrograms;
  /** The database to fill, which is empty. */
  readonly url: string;
}

const MOST_JOBS = 4;

/**
 * Fills an empty database from a backup and makes sure of it: rows are counted, the schema is brought up to date, every
 * credential is decrypted.
 *
 * @throws OperatorFault and whatever pg_restore, a migration or the keys complain of
 */
export async function fillDatabase(filling: Filling, keepSessions: boolean): Promise<void> {
  await load(filling);
  await compareCounts(filling);
  await bringUpToDate(filling);
  const { sessions, jobs } = await wakeRestored(filling.poolOptions(filling.url), keepSessions);
  ok(keepSessions ? 'logins of then stay good' : `${sessions} logins were ended: everybody logs in again`);
  ok(`${jobs} jobs will be handed to Redis again, which needs nothing of before`);
}

async function load({ folder, programs, url }: Filling): Promise<void> {
  const dump = join(folder, 'dump');
  const scratch = mkdtempSync(join(tmpdir(), 'donkey-restore-'));
  try {
    const list = join(scratch, 'contents');
    const contents = await programs.run('pg_restore', url, ['--list', dump]);
    writeFileSync(list, ownParts(contents));
    await programs.run('pg_restore', url, [
      '--exit-on-error',
      '--no-owner',
      '--no-privileges',
      `--jobs=${Math.min(MOST_JOBS, availableParallelism())}`,
      `--use-list=${list}`,
      dump,
    ]);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The extension and the schema are there already, and may belong to another role. */
const ownParts = (contents: string): string =>
  contents
    .split('\n')
    .filter((line) => !/^\d+; \d+ \d+ (EXTENSION|SCHEMA|(COMMENT|ACL) - (EXTENSION|SCHEMA)) /.test(line))
    .join('\n');

async function compareCounts({ manifest, ...filling }: Filling): Promise<void> {
  const found = await countRestored(filling.poolOptions(filling.url));
  const different = differences(manifest.rows, found);
  if (different.length > 0)
    throw new OperatorFault(
      `what was restored is not what was backed up: ${different.join('; ')}`,
      'nothing was replaced; use another backup, and keep this one to find out why',
    );
  ok(`${totalRows(manifest)} rows in ${Object.keys(found).length} tables, each table as the manifest says`);
}

async function bringUpToDate({ config, ...filling }: Filling): Promise<void> {
  const options = filling.poolOptions(filling.url);
  await using database = createDatabase(options);
  const done = await database.migrate();
  if (done.length > 0) ok(`migrated: ${done.join(', ')}`);
  try {
    await ensureCredentialKeys(database, config.integrations.keys);
    await verifyCredentials({ ...options, config, database, say: (line) => step(`credentials: ${line}`) });
  } catch (error) {
    throw new OperatorFault(
      `the credentials cannot be read: ${reasonOf(error)}`,
      'put the keys of the time of the backup into CREDENTIAL_KEYS (docs/backup.md); nothing was replaced',
      { cause: error },
    );
  }
  ok('every credential was decrypted');
}
