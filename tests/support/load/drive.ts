import { setTimeout as pause } from 'node:timers/promises';
import { createLane } from './lane.ts';
import type { LaneRequest } from './lane.ts';

/** A request of a load, and what it is called in the report. */
export interface Shot extends LaneRequest {
  readonly name: string;
}

/** What came of a load; times in ms. */
export interface LoadReport {
  readonly requests: number;
  readonly seconds: number;
  /** Times from when a request was due to the end of its answer, shortest first. */
  readonly times: readonly number[];
  /** The same by the names of the requests. */
  readonly timesOf: ReadonlyMap<string, readonly number[]>;
  /** What went wrong, in words -> how often. */
  readonly errors: ReadonlyMap<string, number>;
}

/** Makes the next request of a client. */
export type NextShot = (client: number) => Shot;

interface Load {
  readonly origin: string;
  readonly clients: number;
  readonly seconds: number;
  readonly next: NextShot;
  /** Requests that are answered before the measurement begins, in seconds of the same load; 0 when left out. */
  readonly warmUpSeconds?: number;
  /** Told, in words, of each request that failed, when it does. */
  readonly onError?: (fault: string) => void;
}

export const errorCount = ({ errors }: LoadReport): number =>
  [...errors.values()].reduce((sum, count) => sum + count, 0);

/** Every client sends its next request as soon as it has its answer. */
export async function driveFlatOut(load: Load): Promise<LoadReport> {
  const record = startRecord(load);
  const run = async (client: number): Promise<void> => {
    using lane = createLane(load.origin);
    while (record.left() > 0) await record.take(lane, load.next(client), performance.now());
  };
  await Promise.all(Array.from({ length: load.clients }, (_, client) => run(client)));
  return record.report();
}

/**
 * Requests are due at their times, whether or not earlier ones have been answered, and are counted from then on: a
 * server that stops to think is not spared what arrives meanwhile. The clients take turns.
 */
export async function driveAtRate(load: Load & { readonly perSecond: number }): Promise<LoadReport> {
  const record = startRecord(load);
  const lanes = Array.from({ length: load.clients }, () => createLane(load.origin));
  const busy = lanes.map(() => Promise.resolve());
  try {
    const begun = performance.now();
    for (let number = 0; record.left() > 0; number++) {
      const due = begun + (number * 1000) / load.perSecond;
      const early = due - performance.now();
      if (early > 0) await pause(early);
      const client = number % load.clients;
      const shot = load.next(client);
      busy[client] = busy[client]!.then(() => record.take(lanes[client]!, shot, due));
    }
    await Promise.all(busy);
    return record.report();
  } finally {
    for (const lane of lanes) lane[Symbol.dispose]();
  }
}

function startRecord({ seconds, warmUpSeconds = 0, onError }: Load) {
  const from = performance.now() + warmUpSeconds * 1000;
  const until = from + seconds * 1000;
  const times: number[] = [];
  const timesOf = new Map<string, number[]>();
  const errors = new Map<string, number>();
  let last = until;
  const note = (name: string, ms: number, fault: string | undefined): void => {
    times.push(ms);
    const own = timesOf.get(name) ?? [];
    own.push(ms);
    timesOf.set(name, own);
    if (fault !== undefined) errors.set(fault, (errors.get(fault) ?? 0) + 1);
  };
  return {
    left: () => until - performance.now(),
    take: async (lane: ReturnType<typeof createLane>, shot: Shot, due: number): Promise<void> => {
      const fault = await lane.send(shot).then(
        ({ status, body }) => (status < 400 ? undefined : `${shot.name}: ${status} ${codeIn(body)}`),
        (error: unknown) => `${shot.name}: ${(error as Error).message}`,
      );
      last = Math.max(last, performance.now());
      if (fault !== undefined) onError?.(fault);
      if (due >= from) note(shot.name, performance.now() - due, fault);
    },
    report: (): LoadReport => {
      const up = (a: number, b: number): number => a - b;
      for (const own of timesOf.values()) own.sort(up);
      return {
        requests: times.length,
        seconds: (last - from) / 1000,
        times: times.sort(up),
        timesOf,
        errors,
      };
    },
  };
}

const codeIn = (body: Buffer): string => /"code":"([a-z_.]+)"/.exec(body.toString('utf8'))?.[1] ?? '';
