import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** One request whose inputs sqlmap is to try. */
export interface SqlmapTarget {
  readonly url: string;
  readonly method: string;
  /** A JSON text; every value in it is tried. */
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies?: ReadonlyMap<string, string>;
  /** Tries the cookies, and only them; they are otherwise left alone. */
  readonly tryCookies?: boolean;
}

export interface SqlmapVerdict {
  /** Undefined where sqlmap came to no verdict, which is then no good news. */
  readonly injectable: boolean | undefined;
  /** What it wrote. */
  readonly output: string;
}

const MAX_MINUTES = 4;

/** Why sqlmap cannot be used here, with the remedy; undefined where it can. */
export function sqlmapMissing(): string | undefined {
  const { status } = spawnSync('sqlmap', ['--version'], { stdio: 'ignore' });
  return status === 0 ? undefined : 'there is no sqlmap: install it, on Debian by "apt-get install sqlmap"';
}

/**
 * Lets sqlmap try every input of a request: boolean, error, union, stacked and timed. An asterisk in the path marks an
 * input. It remembers nothing, and its files go to a folder of its own.
 *
 * @see https://github.com/sqlmapproject/sqlmap/wiki/Usage
 */
export async function runSqlmap(target: SqlmapTarget): Promise<SqlmapVerdict> {
  await using home = await mkdtempDisposable(join(tmpdir(), 'sqlmap-'));
  const flags = [
    `--url=${target.url}`,
    `--method=${target.method}`,
    ...(target.body === undefined ? [] : [`--data=${target.body}`]),
    `--headers=${Object.entries(target.headers)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n')}`,
    ...(target.cookies === undefined ? [] : cookieFlags(target.cookies, target.tryCookies === true)),
    `--output-dir=${home.path}`,
    ...['--level=2', '--risk=1', '--technique=BEUST', '--dbms=PostgreSQL', '--time-sec=2', '--timeout=10'],
    // What is refused has been tried as well.
    ...['--ignore-code=*', '--drop-set-cookie', '--keep-alive'],
    ...['--batch', '--ignore-stdin', '--flush-session', '--disable-coloring'],
  ];
  const child = spawn('sqlmap', flags, {
    env: { PATH: process.env.PATH, HOME: home.path, LANG: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), MAX_MINUTES * 60_000);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  clearTimeout(timer);
  const output = out + err;
  return { injectable: readVerdict(output), output };
}

function cookieFlags(cookies: ReadonlyMap<string, string>, tried: boolean): string[] {
  const header = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return [`--cookie=${header}`, tried ? `-p${[...cookies.keys()].join(',')}` : '--skip=cookie'];
}

function readVerdict(output: string): boolean | undefined {
  if (/identified the following injection point/.test(output)) return true;
  return /all tested parameters do not appear to be injectable/.test(output) ? false : undefined;
}
