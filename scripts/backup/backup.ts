import { availableParallelism } from 'node:os';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import Joi from 'joi';
import { withSnapshot } from '#db/backup/snapshot.ts';
import type { DatabaseFacts } from '#db/backup/snapshot.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { writeChecksums } from './checksums.ts';
import { createManifest, totalRows, writeManifest } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import { readOperatorSettings } from './operator-database.ts';
import { OperatorFault, ok, reasonOf, runCommand, step } from './operator-fault.ts';
import { findPrograms } from './postgres-programs.ts';
import { nameOfBackup, removeAbandoned, removeOld } from './retention.ts';

interface BackupOptions {
  readonly to: string;
  readonly keep?: number;
}

/** Sessions of a dump; more would take the processor from whoever is waiting for an answer. */
const MOST_JOBS = 2;
/** A migration that holds a table is not waited for longer. */
const LOCK_WAIT = '60s';

async function backUp({ to, keep }: BackupOptions): Promise<void> {
  const folder = resolve(process.env.CALLED_FROM ?? '.', to);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of removeAbandoned(folder)) step(`removed ${name}, which a run that died had left`);
  const unfinished = mkdtempSync(join(folder, '.unfinished-donkey-'));
  const tidy = (): void => rmSync(unfinished, { recursive: true, force: true });
  const stopped = (): void => {
    tidy();
    process.exit(130);
  };
  process.on('SIGINT', stopped).on('SIGTERM', stopped);
  try {
    const manifest = await dump(join(unfinished));
    const bytes = await writeChecksums(unfinished);
    const name = nameOfBackup(new Date(manifest.taken_at));
    renameSync(unfinished, join(folder, name));
    for (const old of keep === undefined ? [] : removeOld(folder, keep))
      ok(`removed ${old} (--keep ${keep})`);
    report(join(folder, name), manifest, bytes);
  } finally {
    tidy();
    process.off('SIGINT', stopped).off('SIGTERM', stopped);
  }
}

async function dump(folder: string): Promise<Manifest> {
  const started = performance.now();
  const settings = readOperatorSettings('backup');
  const programs = await findPrograms(process.env.PG_BIN ?? '', process.env);
  const facts = await withSnapshot(settings.poolOptions(), async (snapshot) => {
    assertNewEnough(programs, snapshot.facts);
    ok(
      `one moment of ${snapshot.facts.name} is held: ${totalRows(snapshot.facts)} rows in ${Object.keys(snapshot.facts.rows).length} tables`,
    );
    await programs.run('pg_dump', settings.config.database.directUrl, [
      '--format=directory',
      `--file=${join(folder, 'dump')}`,
      `--jobs=${Math.min(MOST_JOBS, availableParallelism())}`,
      `--snapshot=${snapshot.id}`,
      `--lock-wait-timeout=${LOCK_WAIT}`,
      // The role that restores it may have another name.
      '--no-owner',
      '--no-privileges',
      // Most of it is original files, which are compressed already.
      '--compress=1',
    ]);
    return snapshot.facts;
  }).catch((error: unknown) => {
    if (error instanceof OperatorFault) throw error;
    throw new OperatorFault(
      `the database cannot be read: ${reasonOf(error)}`,
      'check DATABASE_URL (or DATABASE_DIRECT_URL), and that the schema is there: npm run manage -- migrate',
      { cause: error },
    );
  });
  ok(`dumped by ${programs.version}`);
  const seconds = Math.round(performance.now() - started) / 1000;
  const manifest = createManifest(facts, {
    product: packageJson.version,
    seconds,
    dumpedBy: programs.version,
  });
  writeManifest(folder, manifest);
  return manifest;
}

function assertNewEnough(programs: { version: string; major: number }, facts: DatabaseFacts): void {
  if (programs.major >= Number.parseInt(facts.serverVersion)) return;
  throw new OperatorFault(
    `${programs.version} cannot read a server of version ${facts.serverVersion}`,
    'install the client programs of that version, and name their folder in PG_BIN',
  );
}

function report(folder: string, manifest: Manifest, bytes: number): void {
  const keys = manifest.keys_needed.map(({ id, secrets }) => `${id} (${secrets} secrets)`).join(', ');
  step('');
  step(
    keys === ''
      ? 'No credentials are stored, so no key is needed to read it.'
      : `THE KEYS ARE NOT IN IT. Its credentials can be read only with these of CREDENTIAL_KEYS: ${keys}.`,
  );
  if (keys !== '')
    step('Keep a copy of .env in another safe place: without those keys they are lost for good.');
  step('Whoever has this folder has the texts of all users: it belongs where only operators can read.');
  step('');
  step(
    `BACKED UP ${totalRows(manifest)} rows as of ${manifest.taken_at} in ${manifest.seconds} s, ${(bytes / 1e6).toFixed(1)} MB`,
  );
  step(`to ${folder}; restore: ./scripts/restore.sh --from ${folder}`);
}

const program = new Command('./scripts/backup.sh')
  .requiredOption('--to <folder>')
  .option('--keep <count>', 'keep so many of the newest', (text) =>
    Joi.attempt(text, Joi.number().integer().min(1).max(10_000).label('--keep').required()),
  )
  .action((options: BackupOptions) => runCommand(() => backUp(options)));

await runCommand(async () => {
  await program.parseAsync();
});
