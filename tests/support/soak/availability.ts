import { setTimeout as sleep } from 'node:timers/promises';

/** What a probe from outside has seen. */
export interface Availability {
  readonly probes: number;
  /** What was answered in place of 200, in words -> how often. */
  readonly failures: ReadonlyMap<string, number>;
  /** Every failed probe counts for the whole time until the next one. */
  readonly downMs: number;
}

export interface AvailabilityProbe {
  stop(): Promise<Availability>;
}

const EVERY_MS = 250;
const PATIENCE_MS = 2_000;

/**
 * Asks every 250 ms, at its time, whether or not earlier ones have been answered: for a list that needs the session, the
 * database and the limits of requests. Whoever waits longer than two seconds counts it as down.
 *
 * @param cookie of somebody who is logged in
 */
export function probeAvailability(url: string, cookie: string): AvailabilityProbe {
  const over = new AbortController();
  const asked: Promise<string | undefined>[] = [];
  const began = performance.now();
  const loop = (async () => {
    while (!over.signal.aborted) {
      asked.push(askOnce(url, cookie));
      const due = began + asked.length * EVERY_MS;
      await sleep(Math.max(0, due - performance.now()), undefined, { signal: over.signal }).catch(
        () => undefined,
      );
    }
  })();
  return {
    stop: async () => {
      over.abort();
      await loop;
      const failures = new Map<string, number>();
      for (const fault of await Promise.all(asked))
        if (fault !== undefined) failures.set(fault, (failures.get(fault) ?? 0) + 1);
      const failed = [...failures.values()].reduce((sum, count) => sum + count, 0);
      return { probes: asked.length, failures, downMs: failed * EVERY_MS };
    },
  };
}

/** Undefined where all is well. */
async function askOnce(url: string, cookie: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}/api/v1/assistants?limit=1`, {
      headers: { cookie },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    await response.arrayBuffer();
    return response.status === 200 ? undefined : String(response.status);
  } catch (error) {
    return (error as Error).name === 'TimeoutError' ? 'no answer in time' : 'no answer';
  }
}
