import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, realpathSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Config } from '#shared/config/config.ts';
import type { NetworkIsolation } from './network-isolation.ts';
import { parsePdfMessage } from './pdf-messages.ts';
import type { PdfMessage } from './pdf-messages.ts';
import { residentMemory } from './resident-memory.ts';

/** Why we killed the process; `protocol` means that it wrote what it should not. */
export type KillReason = 'timeout' | 'memory' | 'aborted' | 'protocol';

/** How the process ended. */
export interface PdfProcessEnd {
  readonly killed: KillReason | undefined;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** First 4 kB of what it wrote to standard error. */
  readonly stderr: string;
  /** Highest resident memory seen, in bytes. */
  readonly peakMemory: number;
}

export interface PdfProcessOptions {
  readonly limits: Config['extraction'];
  readonly signal: AbortSignal;
  /** How to start the process without a network; without it the network is open to it. */
  readonly isolation?: NetworkIsolation | undefined;
  /** Called for every message, in order; reading pauses meanwhile. */
  readonly onMessage: (message: PdfMessage) => void;
  /** Told once the process runs. */
  readonly onStart?: ((pid: number) => void) | undefined;
  /** Told once it is gone, with the highest resident memory seen, in bytes. */
  readonly onEnd?: ((pid: number, peakMemory: number) => void) | undefined;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

const CHILD_FILE = fileURLToPath(new URL('./pdf-child.ts', import.meta.url));
const ENGINE = import.meta.resolve('@hyzyla/pdfium');
/** All that the process may read. */
const READABLE_FILES = [
  CHILD_FILE,
  fileURLToPath(new URL('./inflated-size.ts', import.meta.url)),
  fileURLToPath(ENGINE),
  fileURLToPath(new URL('pdfium.wasm', ENGINE)),
  fileURLToPath(new URL('../package.json', ENGINE)),
];
const SETPRIV = '/usr/bin/setpriv';
const PRLIMIT_FILES = ['/usr/bin/prlimit', '/bin/prlimit'];

/** Node reserves this much writable memory before the engine has done anything (595 MB measured), used or not. */
const NODE_DATA_BYTES = 1024 ** 3;
/** What one stream may unpack to, as a share of the memory limit: the engine keeps it together with what it makes of it. */
const STREAM_SHARE = 0.5;
const MEMORY_POLL_MS = 50;
const STDERR_CHARS = 4096;
/** JSON writes one UTF-16 code unit as at most six characters (`\u0000`). */
const JSON_CHARS_PER_CHAR = 6;
const MESSAGE_CHARS = 100;

/**
 * Reads one PDF in a process of its own that may read the engine's files and nothing else: no environment, no writing,
 * no children, and no network where the host permits it. (Node's permission model alone leaves that open.) The
 * process is killed when the signal aborts and when it exceeds the time, the memory or the amount of output; it is gone when this returns.
 */
export async function runPdfProcess(bytes: Buffer, options: PdfProcessOptions): Promise<PdfProcessEnd> {
  const { limits, signal } = options;
  signal.throwIfAborted();
  const child = start(limits, options.isolation ?? []);
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const done = new AbortController();
  let killed: KillReason | undefined;
  const kill = (reason: KillReason): void => {
    killed ??= reason;
    child.kill('SIGKILL');
  };
  const onAbort = (): void => kill('aborted');
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(kill, limits.timeoutMs, 'timeout');
  if (child.pid !== undefined) options.onStart?.(child.pid);
  // A process that dies before it has read everything breaks the pipe; how it ended says more than that.
  child.stdin.on('error', () => undefined);
  child.on('error', () => undefined);
  child.stdin.end(bytes);
  const memory = watchMemory(child, limits.memoryBytes, done.signal, kill);
  try {
    const [peakMemory, stderr] = await Promise.all([
      memory,
      readStart(child.stderr),
      readMessages(child.stdout, limits, options.onMessage, kill),
      closed.finally(() => done.abort()),
    ]);
    const [exitCode, exitSignal] = await closed;
    return { killed, exitCode, signal: exitSignal, stderr, peakMemory };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    done.abort();
    child.kill('SIGKILL');
    await closed.catch(() => undefined);
    if (child.pid !== undefined) options.onEnd?.(child.pid, await memory);
  }
}

function start(limits: Config['extraction'], isolation: NetworkIsolation): Child {
  const node = [
    process.execPath,
    '--permission',
    ...READABLE_FILES.map((file) => `--allow-fs-read=${file}`),
    '--disallow-code-generation-from-strings',
    CHILD_FILE,
    String(limits.maxPages),
    String(limits.maxChars),
    String(Math.floor(limits.memoryBytes * STREAM_SHARE)),
  ];
  const [command, ...args] = [...isolation, ...lifeline(), ...resourceLimits(limits), ...node] as [
    string,
    ...string[],
  ];
  return spawn(command, args, { env: {}, cwd: '/', stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
}

/**
 * Makes the kernel kill the process when the worker dies, whatever it is busy with. Both programs that stand before Node
 * become the process, so the pid is the same. BusyBox has a `setpriv` that cannot do it.
 */
function lifeline(): string[] {
  if (!existsSync(SETPRIV) || !realpathSync(SETPRIV).endsWith('/setpriv')) return [];
  return [SETPRIV, '--pdeathsig=KILL', '--'];
}

/** Limits of the kernel for what the watchdog is too slow for. */
function resourceLimits(limits: Config['extraction']): string[] {
  const prlimit = PRLIMIT_FILES.find((file) => existsSync(file));
  if (prlimit === undefined) return [];
  // Twice the wall clock: the engine's compiler threads use a second core.
  const cpuSeconds = 2 * Math.ceil(limits.timeoutMs / 1000) + 1;
  return [
    prlimit,
    `--data=${limits.memoryBytes + NODE_DATA_BYTES}`,
    `--cpu=${cpuSeconds}:${cpuSeconds + 1}`,
    '--core=0',
    '--',
  ];
}

async function watchMemory(
  child: Child,
  maxBytes: number,
  done: AbortSignal,
  kill: (reason: KillReason) => void,
): Promise<number> {
  let peak = 0;
  while (!done.aborted && child.pid !== undefined) {
    peak = Math.max(peak, await residentMemory(child.pid));
    if (peak > maxBytes) kill('memory');
    await delay(MEMORY_POLL_MS, undefined, { signal: done }).catch(() => undefined);
  }
  return peak;
}

async function readStart(stream: Readable): Promise<string> {
  let text = '';
  for await (const part of stream.setEncoding('utf8')) text = (text + String(part)).slice(0, STDERR_CHARS);
  return text;
}

async function readMessages(
  stream: Readable,
  limits: Config['extraction'],
  onMessage: (message: PdfMessage) => void,
  kill: (reason: KillReason) => void,
): Promise<void> {
  let left = limits.maxChars * JSON_CHARS_PER_CHAR + (limits.maxPages + 2) * MESSAGE_CHARS;
  let pending: string[] = [];
  for await (const part of stream.setEncoding('utf8') as AsyncIterable<string>) {
    left -= part.length;
    if (left < 0) {
      kill('protocol');
      return;
    }
    const lines = part.split('\n');
    const rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = parsePdfMessage([...pending, line].join(''));
      pending = [];
      if (message === undefined) {
        kill('protocol');
        return;
      }
      onMessage(message);
    }
    pending.push(rest);
  }
}
