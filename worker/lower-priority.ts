import { readdirSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/**
 * Makes this process, and whatever it starts from now on, yield the processor to others, unless it does so more already.
 * Linux counts every thread by itself, and a new one as the one that starts it.
 *
 * @param nice 0 to 19
 */
export function lowerPriority(nice: number): void {
  for (const id of threadIds())
    try {
      if (getPriority(id) < nice) setPriority(id, nice);
    } catch (error) {
      // A thread that has ended meanwhile.
      if ((error as { info?: { code?: string } }).info?.code !== 'ESRCH') throw error;
    }
}

function threadIds(): number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [process.pid];
  }
}
