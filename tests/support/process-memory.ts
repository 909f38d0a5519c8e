import { readFile, readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { residentMemory } from '#worker/documents/resident-memory.ts';

/** Resident memory of a process, in bytes: alone, and with all its descendants. */
export interface MemorySample {
  readonly at: number;
  readonly own: number;
  readonly all: number;
}

/** Takes a sample every `intervalMs` until it is stopped. */
export function watchProcess(pid: number, intervalMs = 250): { stop: () => Promise<MemorySample[]> } {
  const samples: MemorySample[] = [];
  const stop = new AbortController();
  const loop = (async () => {
    while (!stop.signal.aborted) {
      const own = await residentMemory(pid);
      const others = await Promise.all((await descendantsOf(pid)).map((child) => residentMemory(child)));
      samples.push({ at: Date.now(), own, all: others.reduce((sum, each) => sum + each, own) });
      await delay(intervalMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      stop.abort();
      await loop;
      return samples;
    },
  };
}

async function descendantsOf(pid: number): Promise<number[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '')),
  );
  const children = lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
  return [...children, ...(await Promise.all(children.map(descendantsOf))).flat()];
}

/** Slope of a straight line through the samples (least squares), in bytes a minute. */
export function slopePerMinute(samples: readonly MemorySample[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = samples.map(({ at }) => (at - (samples[0]?.at ?? 0)) / 60_000);
  const y = samples.map(({ own }) => own);
  const [meanX, meanY] = [mean(x), mean(y)];
  const up = x.reduce((sum, value, index) => sum + (value - meanX) * ((y[index] ?? 0) - meanY), 0);
  const down = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
  return up / down;
}
