import { spawn } from 'node:child_process';
import { openSync, mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { settings } from '#shared/config/settings.ts';
import { loadEnvFile, readEnv } from '#shared/config/env.ts';
import type { Setting, SettingName } from '#shared/config/settings.ts';

const root = join(import.meta.dirname, '../..');
const readyWithinMs = 60_000;

/** One background process of the product. */
interface BackgroundProcess {
  readonly name: 'api' | 'worker';
  readonly entry: string;
  readonly readyUrl: string;
}

const pidFile = (name: string): string => join(root, '.local/run', `${name}.pid`);
const logFile = (name: string): string => join(root, '.local/log', `${name}.log`);

function setting(name: SettingName): string {
  const declared: Setting = settings[name];
  return readEnv()[name] ?? declared.fallback ?? '';
}

/** A wildcard address is one to listen on, not one to call. */
const callable = (host: string): string =>
  host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;

export const apiUrl = (): string => `http://${callable(setting('HOST'))}:${setting('PORT')}`;

function processes(): BackgroundProcess[] {
  const workerUrl = `http://${callable(setting('METRICS_HOST'))}:${setting('WORKER_PORT')}`;
  return [
    { name: 'api', entry: 'api/main.ts', readyUrl: `${apiUrl()}/health/ready` },
    { name: 'worker', entry: 'worker/main.ts', readyUrl: `${workerUrl}/health/ready` },
  ];
}

/** The id of the running process, or undefined; an id that now belongs to another program does not count. */
function runningPid({ name, entry }: BackgroundProcess): number | undefined {
  try {
    const pid = Number(readFileSync(pidFile(name), 'utf8'));
    process.kill(pid, 0);
    return belongsToUs(pid, entry) ? pid : undefined;
  } catch {
    return undefined;
  }
}

function belongsToUs(pid: number, entry: string): boolean {
  if (process.platform !== 'linux') return true;
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  return command.includes(entry) && readlinkSync(`/proc/${pid}/cwd`) === root;
}

async function start(one: BackgroundProcess): Promise<void> {
  if (runningPid(one) === undefined) {
    if ((await askReady(one.readyUrl)).isReady)
      throw new Error(`another program answers at ${one.readyUrl}; change the port in .env or stop it`);
    const log = openSync(logFile(one.name), 'a', 0o600);
    const child = spawn(process.execPath, [one.entry], {
      cwd: root,
      detached: true,
      stdio: ['ignore', log, log],
    });
    if (child.pid === undefined) throw new Error(`${one.name} could not be started`);
    writeFileSync(pidFile(one.name), String(child.pid));
    child.unref();
  }
  await waitUntilReady(one);
}

async function waitUntilReady(one: BackgroundProcess): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  for (;;) {
    const { isReady, faults } = await askReady(one.readyUrl);
    if (isReady) break;
    if (runningPid(one) === undefined)
      throw new Error(`${one.name} ended while starting:\n${lastLines(one.name)}`);
    // Nobody but set-up brings the schema up to date; there is nothing to wait for.
    if (faults.includes('migrations'))
      throw new Error('the database is older than the code; ./scripts/setup.sh brings it up to date');
    if (Date.now() > deadline)
      throw new Error(
        `${one.name} was not ready after ${readyWithinMs / 1000} s (${one.readyUrl}):\n${lastLines(one.name)}`,
      );
    await pause(200);
  }
  console.log(`      ok: ${one.name} is ready (process ${runningPid(one) ?? '?'}, log ${logFile(one.name)})`);
}

/** @returns whether the process says that it is ready, and otherwise the parts that it says fail */
async function askReady(url: string): Promise<{ isReady: boolean; faults: readonly string[] }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
    if (response.ok) {
      await response.body?.cancel();
      return { isReady: true, faults: [] };
    }
    const { errors = [] } = (await response.json()) as { errors?: readonly { readonly pointer: string }[] };
    return { isReady: false, faults: errors.map(({ pointer }) => pointer.replace('/checks/', '')) };
  } catch {
    return { isReady: false, faults: [] };
  }
}

function lastLines(name: string): string {
  return readFileSync(logFile(name), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(-15)
    .map((line) => `        ${line}`)
    .join('\n');
}

/** Asks the process to end its work, and waits for it a little longer than it may take. */
async function stop(one: BackgroundProcess): Promise<void> {
  const pid = runningPid(one);
  if (pid !== undefined) {
    process.kill(pid, 'SIGTERM');
    const deadline = Date.now() + Number(setting('SHUTDOWN_TIMEOUT_MS')) + 5000;
    while (runningPid(one) !== undefined) {
      if (Date.now() > deadline) {
        process.kill(pid, 'SIGKILL');
        console.log(`      ${one.name} did not end in time and was killed; its job will be taken up again`);
      }
      await pause(100);
    }
    console.log(`      ${one.name} stopped`);
  }
  rmSync(pidFile(one.name), { force: true });
}

async function status(one: BackgroundProcess): Promise<void> {
  const pid = runningPid(one);
  const state =
    pid === undefined ? 'stopped' : (await askReady(one.readyUrl)).isReady ? 'ready' : 'running, not ready';
  console.log(`      ${one.name}: ${state}${pid === undefined ? '' : ` (process ${pid}, ${one.readyUrl})`}`);
}

function describe(): void {
  const url = apiUrl();
  console.log(`\nDonkey Workspace runs at ${url}
  docs        ${url}/docs
  contract    ${url}/openapi.json
  health      ${url}/health/ready`);
}

async function main(command: string | undefined): Promise<void> {
  mkdirSync(join(root, '.local/run'), { recursive: true });
  loadEnvFile(join(root, '.env'));
  const all = processes();
  if (command === 'stop' || command === 'restart') await Promise.all(all.map((one) => stop(one)));
  if (command === 'start' || command === 'restart') for (const one of all) await start(one);
  if (command === 'status') for (const one of all) await status(one);
  if (command === 'describe') describe();
}

if (import.meta.main) {
  try {
    await main(process.argv[2]);
  } catch (error) {
    console.error(`      ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
