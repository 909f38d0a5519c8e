import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { openRestoreTarget, urlOfDatabase } from '#db/backup/restore-target.ts';
import type { RestoreTarget, TargetState } from '#db/backup/restore-target.ts';
import { checkBackup } from './check-backup.ts';
import { fillDatabase } from './fill-database.ts';
import { totalRows } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import { readOperatorSettings } from './operator-database.ts';
import { OperatorFault, ok, reasonOf, runCommand, step } from './operator-fault.ts';
import { findPrograms } from './postgres-programs.ts';

interface RestoreOptions {
  readonly from: string;
  readonly replace?: boolean;
  readonly yes?: boolean;
  readonly keepSessions?: boolean;
  readonly check?: boolean;
}

async function restore(options: RestoreOptions): Promise<void> {
  const folder = resolve(process.env.CALLED_FROM ?? '.', options.from);
  const settings = readOperatorSettings('restore');
  const programs = await findPrograms(process.env.PG_BIN ?? '', process.env);
  const manifest = await checkBackup(folder, settings.config.integrations.keys, programs);
  if (options.check === true) {
    step(`THE BACKUP IS GOOD: ${totalRows(manifest)} rows as of ${manifest.taken_at}; nothing was changed`);
    return;
  }
  const url = settings.config.database.directUrl;
  const database = decodeURIComponent(new URL(url).pathname.slice(1));
  const adminUrl = process.env.ADMIN_DATABASE_URL ?? urlOfDatabase(url, 'postgres');
  await using target = openRestoreTarget(settings.poolOptions(adminUrl));
  const state = await inspect(target, database);
  assertFit(state, database, manifest);
  if (state.isFilled) await confirmReplacing(database, options);

  const stamp = new Date().toISOString().replace(/[-:T]|\..+/g, '');
  // Where no database can be made, an empty one that is there has to do.
  const isBeside = state.mayCreate;
  const fresh = isBeside ? `${database.slice(0, 40)}_restored_${stamp}` : database;
  const before = `${database.slice(0, 40)}_before_${stamp}`;
  try {
    if (isBeside) {
      const owner = decodeURIComponent(new URL(url).username);
      await target.create(fresh, owner, Object.keys(manifest.database.extensions));
      ok(
        `made the database ${fresh}; ${state.exists ? `${database} is not touched yet` : 'there is no other'}`,
      );
    }
    const filled = { ...settings, folder, manifest, programs, url: urlOfDatabase(url, fresh) };
    await fillDatabase(filled, options.keepSessions === true);
    if (isBeside) await takeName(target, { fresh, database, before }, state);
  } catch (error) {
    if (isBeside) await target.drop(fresh).catch(() => undefined);
    throw isBeside ? error : halfFilled(error, database);
  }
  step('');
  step(
    `RESTORED ${totalRows(manifest)} rows as of ${manifest.taken_at}; what was written later is not there`,
  );
  step(
    'next: start the workers and the API (npm start); the workers fill the queues in Redis from the jobs table',
  );
}

async function inspect(target: RestoreTarget, database: string): Promise<TargetState> {
  try {
    return await target.inspect(database);
  } catch (error) {
    throw new OperatorFault(
      `the server cannot be reached: ${reasonOf(error)}`,
      'check DATABASE_URL, and that PostgreSQL runs; ADMIN_DATABASE_URL names a role that may make databases',
      { cause: error },
    );
  }
}

function assertFit(state: TargetState, database: string, manifest: Manifest): void {
  const major = Number.parseInt(manifest.database.server);
  if (state.serverMajor < major)
    throw new OperatorFault(
      `the server is of version ${state.serverMajor}, the backup of ${major}`,
      `restore to a server of version ${major} or later`,
    );
  if (state.connected.length > 0)
    throw new OperatorFault(
      `${database} is in use by ${state.connected.join(', ')}`,
      'stop API, workers and whatever else is connected, and what would start them again; then run the same command',
    );
  if (state.mayCreate) return;
  const remedy =
    'give ADMIN_DATABASE_URL, a role on that server that may make databases and install extensions, such as its superuser';
  if (!state.exists)
    throw new OperatorFault(`there is no database ${database}, and this role may not make it`, remedy);
  if (state.isFilled)
    throw new OperatorFault(`${database} has tables, and this role may not make another database`, remedy);
  const missing = Object.keys(manifest.database.extensions).filter(
    (name) => !state.extensions.includes(name),
  );
  if (missing.length > 0)
    throw new OperatorFault(
      `${database} lacks the extensions ${missing.join(', ')}`,
      `have a superuser run "create extension ${missing[0]}" in it, or ${remedy}`,
    );
}

async function confirmReplacing(database: string, { replace, yes }: RestoreOptions): Promise<void> {
  if (replace !== true)
    throw new OperatorFault(
      `${database} has tables`,
      'add --replace to put the backup in its place; the database of now is kept under another name',
    );
  if (yes === true) return;
  if (!process.stdin.isTTY)
    throw new OperatorFault('nobody can be asked here', 'add --yes to replace without a question');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(
    `      This puts the backup in the place of ${database}. Type its name to go on: `,
  );
  terminal.close();
  if (answer !== database) throw new OperatorFault('the answer was another one', 'nothing was changed');
}

async function takeName(
  target: RestoreTarget,
  names: { readonly fresh: string; readonly database: string; readonly before: string },
  state: TargetState,
): Promise<void> {
  try {
    await target.swap(names);
  } catch (error) {
    throw new OperatorFault(
      `the databases cannot be renamed: ${reasonOf(error)}`,
      'something has connected meanwhile: stop it, and what starts it again; then run the same command',
      { cause: error },
    );
  }
  if (!state.exists) ok(`it is ${names.database} now`);
  else if (state.isFilled)
    ok(
      `it is ${names.database} now; the one of before is kept as ${names.before}: drop it when all is well (drop database "${names.before}")`,
    );
  else {
    await target.drop(names.before);
    ok(`it is ${names.database} now, in the place of the empty one`);
  }
}

const halfFilled = (error: unknown, database: string): OperatorFault =>
  new OperatorFault(
    reasonOf(error),
    `${database} was empty and may be half-filled now; empty it ("drop owned by current_user" in it, as its owner; then have its extensions installed), or give ADMIN_DATABASE_URL`,
    { cause: error },
  );

const program = new Command('./scripts/restore.sh')
  .requiredOption('--from <folder>')
  .option('--replace', 'also when the database has tables')
  .option('--yes', 'do not ask')
  .option('--keep-sessions', 'logins of then stay good')
  .option('--check', 'only check the backup')
  .action((options: RestoreOptions) => runCommand(() => restore(options)));

await runCommand(async () => {
  await program.parseAsync();
});
