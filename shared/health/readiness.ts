import type { BreakerBoard } from '../net/circuit-breaker.ts';

export interface ReadinessFault {
  readonly part: string;
  readonly message: string;
}

/** How a part was when it was looked at last. */
export interface CheckedPart {
  readonly part: string;
  readonly works: boolean;
  /** How long the look took. */
  readonly ms: number;
}

/** Whether this process should be given requests. */
export interface Readiness {
  /** The parts that fail now; empty when everything is fine. */
  faults(): Promise<readonly ReadinessFault[]>;
  readonly parts: readonly string[];
  /** Every part, from the same look as {@link faults}. */
  checks(): Promise<readonly CheckedPart[]>;
  /** What operators should know and what keeps nothing from working. */
  warnings(): Promise<readonly string[]>;
  /** States of the circuit breakers by service. */
  breakers(): Readonly<Record<string, string>>;
}

export interface ReadinessOptions {
  /** Each resolves when its part works. A message of a rejection is never shown: it may name hosts. */
  readonly checks: Readonly<Record<string, () => Promise<unknown>>>;
  /** Aborted when the process begins to stop: not ready from then on. */
  readonly closing: AbortSignal;
  /** Each says what is amiss, if anything is; one that fails says nothing, which is for the checks to do. */
  readonly warnings?: readonly (() => readonly string[] | Promise<readonly string[]>)[];
  readonly board?: BreakerBoard;
  /** Longest time one check may take, in ms. */
  readonly timeoutMs?: number;
  /** How long a result is used again, in ms. */
  readonly cacheMs?: number;
}

/** Runs the checks side by side, at most once in `cacheMs`, however many ask. */
export function createReadiness(options: ReadinessOptions): Readiness {
  const { checks, closing, timeoutMs = 2_000, cacheMs = 1_000 } = options;
  const run = (): Promise<readonly CheckedPart[]> =>
    Promise.all(
      Object.entries(checks).map(async ([part, check]) => {
        const began = performance.now();
        const works = await withinTime(check(), timeoutMs).catch(() => false);
        return { part, works, ms: Math.round((performance.now() - began) * 10) / 10 };
      }),
    );
  const warn = async (): Promise<readonly string[]> => {
    const looks = (options.warnings ?? []).map(async (look) => look());
    return (await Promise.allSettled(looks)).flatMap((said) =>
      said.status === 'fulfilled' ? said.value : [],
    );
  };
  const look = atMostEvery(cacheMs, run);
  const faults = async (): Promise<readonly ReadinessFault[]> =>
    (await look())
      .filter(({ works }) => !works)
      .map(({ part }) => ({ part, message: `${part} does not work or does not answer` }));
  const warnings = atMostEvery(cacheMs, warn);
  return {
    parts: Object.keys(checks),
    checks: look,
    warnings: async () => [...(await warnings()), ...(options.board?.warnings() ?? [])],
    breakers: () => options.board?.states() ?? {},
    faults: () =>
      closing.aborted ? Promise.resolve([{ part: 'process', message: 'the process is stopping' }]) : faults(),
  };
}

function atMostEvery<T>(ms: number, work: () => Promise<T>): () => Promise<T> {
  let last: { readonly at: number; readonly result: Promise<T> } | undefined;
  return () => {
    const now = performance.now();
    if (last === undefined || now - last.at >= ms) last = { at: now, result: work() };
    return last.result;
  };
}

async function withinTime(work: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), timeoutMs);
  try {
    return await Promise.race([work.then(() => true), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a process that is ready says of itself. */
export const showReady = async (readiness: Readiness) => ({
  status: 'ready',
  checked: readiness.parts,
  warnings: await readiness.warnings(),
  breakers: readiness.breakers(),
});

/** Everything that a process knows of its own state, for its operator: not for the open internet. */
export async function describeReadiness(readiness: Readiness) {
  const [faults, checks, warnings] = await Promise.all([
    readiness.faults(),
    readiness.checks(),
    readiness.warnings(),
  ]);
  return {
    status: faults.length === 0 ? 'ready' : 'not ready',
    faults,
    checks,
    warnings,
    breakers: readiness.breakers(),
    process: {
      pid: process.pid,
      node: process.version,
      uptime_seconds: Math.round(process.uptime()),
      resident_bytes: process.memoryUsage.rss(),
    },
  };
}
