import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { waitFor } from './wait-for.ts';

/** A PostgreSQL of one test's own, which it may kill. */
export interface OwnPostgres {
  /** A role that may create databases. */
  readonly url: string;
  /** Ends every process of it at once, as the kernel does when memory is short. */
  kill(): Promise<void>;
  /** Stops it as an operator does: what is being done is broken off. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops and starts it in one go, as an operator does for a new setting. */
  restart(): Promise<void>;
  /** Copies it to a second server, which follows it from then on; there can be one. */
  startStandby(): Promise<OwnStandby>;
  /** Keeps its write-ahead log in an archive from now on, and copies itself for a recovery to start from. */
  copyForRecovery(): Promise<void>;
  /** Starts that copy as a second server as the first was at a time, in ISO 8601. @returns its URL */
  recover(time: string): Promise<string>;
}

/** A streaming standby of it. */
export interface OwnStandby {
  readonly url: string;
  /** Ends it at once. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** A Redis of one test's own, which it may kill. */
export interface OwnRedis {
  readonly url: string;
  kill(): Promise<void>;
  /** Removes what it has written; only while it does not run. */
  empty(): Promise<void>;
  start(): Promise<void>;
  /** Stops it in its tracks: its connections stay open and nothing answers. */
  freeze(): void;
  thaw(): void;
}

/** Disposing stops both and deletes their data. */
export interface OwnServices extends AsyncDisposable {
  readonly postgres: OwnPostgres;
  readonly redis: OwnRedis;
}

const SCRIPT = fileURLToPath(new URL('../../scripts/throwaway-services.sh', import.meta.url));
const PROGRAMS_ARE_MISSING = 3;
const STARTS = 5;

/**
 * Starts a PostgreSQL and a Redis that no other test uses.
 *
 * @returns undefined where this host has no such programs, as when the test's servers run in containers
 */
export async function startOwnServices(): Promise<OwnServices | undefined> {
  const name = randomBytes(4).toString('hex');
  const run = (...command: string[]): Promise<string> => runScript(name, ...command);
  const told = await run('start').catch((error: unknown) => {
    if ((error as { code?: unknown }).code === PROGRAMS_ARE_MISSING) return undefined;
    throw error;
  });
  if (told === undefined) return undefined;
  const values = new Map(told.split('\n').map((line) => line.split(/=(.*)/s, 2) as [string, string]));
  const value = (key: string): string => values.get(key) ?? '';
  const redisPid = (): number => pidIn(value('REDIS_PID_FILE'));
  return {
    postgres: {
      url: value('DATABASE_URL'),
      kill: async () => {
        const postmaster = pidIn(value('POSTGRES_PID_FILE'));
        // The first is stopped before its children are looked up, so that it can make no more of them.
        process.kill(postmaster, 'SIGSTOP');
        await killAll([...childrenOf(postmaster), postmaster]);
      },
      stop: () => run('stop-postgres').then(nothing),
      start: () => startAgain(() => run('start-postgres')),
      restart: () => run('restart-postgres').then(nothing),
      startStandby: async () => ({
        url: (await run('start-standby')).trim().replace('STANDBY_URL=', ''),
        stop: () => run('stop-standby').then(nothing),
        start: () => startAgain(() => run('start-standby')),
      }),
      copyForRecovery: async () => {
        await run('archive');
        await run('copy-base');
      },
      recover: async (time) => (await run('recover', time)).trim().replace('STANDBY_URL=', ''),
    },
    redis: {
      url: value('REDIS_URL'),
      kill: () => killAll([redisPid()]),
      empty: () => run('empty-redis').then(nothing),
      start: () => startAgain(() => run('start-redis')),
      freeze: () => void process.kill(redisPid(), 'SIGSTOP'),
      thaw: () => void signal(redisPid(), 'SIGCONT'),
    },
    [Symbol.asyncDispose]: async () => {
      signal(redisPid(), 'SIGCONT');
      await run('remove');
    },
  };
}

const nothing = (): void => undefined;

async function runScript(name: string, ...command: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(SCRIPT, [name, ...command]);
  return stdout;
}

/** A server that was killed may be refused its place until the kernel has cleared up after it. */
async function startAgain(start: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await start();
      return;
    } catch (error) {
      if (attempt === STARTS) throw error;
    }
  }
}

const pidIn = (file: string): number => Number(readFileSync(file, 'utf8').split('\n')[0]);

function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? [] : children.split(' ').map(Number);
}

async function killAll(pids: readonly number[]): Promise<void> {
  for (const pid of pids) signal(pid, 'SIGKILL');
  await waitFor(() => pids.every((pid) => !signal(pid, 0)), { description: 'the end of a server' });
}

/** Returns whether there is such a process; signal 0 only asks. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
