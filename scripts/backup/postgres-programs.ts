import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { OperatorFault } from './operator-fault.ts';

/** pg_dump and pg_restore of one version. */
export interface PostgresPrograms {
  /** As `pg_dump (PostgreSQL) 15.18`. */
  readonly version: string;
  readonly major: number;
  /**
   * Runs one of them; it finds the password in its environment and not among its arguments, which everybody can read.
   *
   * @returns what it wrote
   * @throws OperatorFault with the last lines of its complaints
   */
  run(program: 'pg_dump' | 'pg_restore', url: string, args: readonly string[]): Promise<string>;
}

/**
 * @param folder where they are; the path of the environment where it is empty
 * @param env of the programs
 */
export async function findPrograms(folder: string, env: NodeJS.ProcessEnv): Promise<PostgresPrograms> {
  const run = (program: string, args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<string> =>
    runProgram(folder === '' ? program : join(folder, program), args, { ...env, LC_ALL: 'C', ...more });
  const version = (await run('pg_dump', ['--version'])).trim();
  return {
    version,
    major: Number(/(\d+)/.exec(version.replace(/^[^)]*\)/, ''))?.[1]),
    run: (program, url, args) => {
      const { password, address } = split(url);
      return run(program, ['--dbname', address, '--no-password', ...args], { PGPASSWORD: password });
    },
  };
}

function split(url: string): { password: string; address: string } {
  const address = new URL(url);
  const password = decodeURIComponent(address.password);
  address.password = '';
  return { password, address: address.href };
}

/** Lines that are shown of what a program complained of. */
const LAST_LINES = 8;

async function runProgram(path: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(path, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', forward).on('SIGTERM', forward);
  let out = '';
  let complaints = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (complaints = (complaints + text).slice(-8_000)));
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (code === 0) return out;
  } catch (error) {
    throw new OperatorFault(
      `${path} cannot be started`,
      'install the client programs of PostgreSQL (Debian: postgresql-client), or name their folder in PG_BIN',
      { cause: error },
    );
  } finally {
    process.off('SIGINT', forward).off('SIGTERM', forward);
  }
  const lines = complaints.trimEnd().split('\n').slice(-LAST_LINES).join('\n    ');
  throw new OperatorFault(
    `${path} has failed:\n    ${lines}`,
    'see what it says; then run the same command again',
  );
}
