import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Env } from '#shared/config/env.ts';

/** One line of a process's log. */
export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process of the product, started as an operator starts it. Disposing kills it if it still runs. */
export interface ProductProcess extends AsyncDisposable {
  readonly pid: number;
  /** What it has logged so far. */
  readonly logs: readonly LogLine[];
  /** Resolves when it has ended by itself or by a signal. */
  readonly ended: Promise<ProcessEnd>;
  /** Sends a signal and waits for the end. */
  stop(signal: NodeJS.Signals): Promise<ProcessEnd>;
}

const START_TIMEOUT_MS = 120_000;

/**
 * Starts a file of the product and waits until it logs that it is up. It runs in an empty working directory, so that no
 * developer's `.env` has a say; coverage is handed on through NODE_V8_COVERAGE.
 *
 * @param file path from the root of the project
 * @param root of another copy of the project, whose file it is
 * @param readyMessage what it logs when it is up
 * @throws Error with what it wrote when it ends before
 */
export async function startProductProcess(
  file: string,
  env: Env,
  readyMessage: string,
  root = fileURLToPath(new URL('../../', import.meta.url)),
): Promise<{ readonly process: ProductProcess; readonly ready: LogLine }> {
  const { PATH, NODE_V8_COVERAGE } = process.env;
  const child = spawn(process.execPath, [join(root, file)], {
    cwd: tmpdir(),
    env: { PATH, ...(NODE_V8_COVERAGE === undefined ? {} : { NODE_V8_COVERAGE }), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const logs: LogLine[] = [];
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  const product: ProductProcess = {
    pid: child.pid ?? 0,
    logs,
    ended,
    stop: (signal) => {
      child.kill(signal);
      return ended;
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
  const ready = await new Promise<LogLine>((resolve, reject) => {
    const fail = (reason: string): void => {
      child.kill('SIGKILL');
      reject(new Error(`${file} ${reason}: ${stderr}${JSON.stringify(logs.slice(-5))}`));
    };
    const timer = setTimeout(fail, START_TIMEOUT_MS, 'did not come up');
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = parseLine(text);
      logs.push(line);
      if (line.msg !== readyMessage) return;
      clearTimeout(timer);
      resolve(line);
    });
    void ended.then(() => {
      clearTimeout(timer);
      fail('ended before it was up');
    });
    child.once('error', reject);
  });
  return { process: product, ready };
}

function parseLine(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return { level: 'none', msg: text };
  }
}
