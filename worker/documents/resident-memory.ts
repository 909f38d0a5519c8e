import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * Resident memory of a process in bytes: from `/proc` where there is one, else asked of `ps`.
 *
 * @returns 0 when the process is gone
 */
export async function residentMemory(pid: number): Promise<number> {
  if (process.platform === 'linux') return residentFromProc(pid);
  try {
    const { stdout } = await promisify(execFile)('/bin/ps', ['-o', 'rss=', '-p', String(pid)]);
    return Number(stdout.trim()) * 1024;
  } catch {
    return 0;
  }
}

/** `VmRSS` is in kB whatever the page size of the machine, unlike the counters of `statm`. */
async function residentFromProc(pid: number): Promise<number> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'latin1');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
