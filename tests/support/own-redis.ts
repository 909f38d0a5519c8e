import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { freePort } from '#scripts/services/free-port.ts';
import { waitFor } from './wait-for.ts';

/** A Redis of the test's own, which keeps nothing on disk, so that the test can do to it what it likes. */
export interface OwnRedis extends AsyncDisposable {
  readonly url: string;
  /** Stops the process without ending it: connections stay, and nothing is answered. */
  freeze(): void;
  thaw(): void;
  kill(): Promise<void>;
  /** Starts it again, empty; resolves when it answers. */
  start(): Promise<void>;
  /** FLUSHALL. */
  flush(): Promise<void>;
}

/** Why such tests cannot run here; undefined where they can. */
export const redisMissing = (): string | undefined =>
  spawnSync('redis-server', ['--version']).status === 0 ? undefined : 'redis-server is not on the path';

export async function startOwnRedis(): Promise<OwnRedis> {
  const port = await freePort(20_000 + Math.floor(Math.random() * 20_000));
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    child = spawn('redis-server', settings, { stdio: 'ignore', cwd: tmpdir() });
    await waitFor(async () => (await command(port, 'PING')).startsWith('+PONG'), { description: 'Redis' });
  };
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}/0`,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    kill,
    start,
    flush: async () => {
      await command(port, 'FLUSHALL');
    },
    [Symbol.asyncDispose]: kill,
  };
}

/** Sends one command on a connection of its own; an answer that does not come is empty. */
async function command(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  try {
    return await new Promise((resolve) => {
      socket.once('data', (data) => resolve(data.toString()));
      socket.once('error', () => resolve(''));
      socket.write(`${text}\r\n`);
    });
  } finally {
    socket.destroy();
  }
}
