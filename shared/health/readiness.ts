import type { BreakerBoard } from '../net/circuit-breaker.ts';

export interface ReadinessFault {
  readonly part: string;
  readonly message: string;
}

/** Whether this process should be given requests. */
export interface Readiness {
  /** The parts that fail now; empty when everything is fine. */
  faults(): Promise<readonly ReadinessFault[]>;
  readonly parts: readonly string[];
  /** What operators should know and what keeps nothing from working. */
  warnings(): readonly string[];
  /** States of the circuit breakers by service. */
  breakers(): Readonly<Record<string, string>>;
}

export interface ReadinessOptions {
  /** Each resolves when its part works. A message of a rejection is never shown: it may name hosts. */
  readonly checks: Readonly<Record<string, () => Promise<unknown>>>;
  /** Aborted when the process begins to stop: not ready from then on. */
  readonly closing: AbortSignal;
  /** Asked each time. */
  readonly warnings?: () => readonly string[];
  readonly board?: BreakerBoard;
  /** Longest time one check may take, in ms. */
  readonly timeoutMs?: number;
  /** How long a result is used again, in ms. */
  readonly cacheMs?: number;
}

/** Runs the checks side by side, at most once in `cacheMs`, however many ask. */
export function createReadiness(options: ReadinessOptions): Readiness {
  const { checks, closing, timeoutMs = 2_000, cacheMs = 1_000 } = options;
  let last: { readonly at: number; readonly result: Promise<readonly ReadinessFault[]> } | undefined;
  const run = async (): Promise<readonly ReadinessFault[]> => {
    const results = Object.entries(checks).map(async ([part, check]) => {
      const works = await withinTime(check(), timeoutMs).catch(() => false);
      return works ? [] : [{ part, message: `${part} does not work or does not answer` }];
    });
    return (await Promise.all(results)).flat();
  };
  return {
    parts: Object.keys(checks),
    warnings: () => [...(options.warnings?.() ?? []), ...(options.board?.warnings() ?? [])],
    breakers: () => options.board?.states() ?? {},
    faults: () => {
      if (closing.aborted) return Promise.resolve([{ part: 'process', message: 'the process is stopping' }]);
      const now = performance.now();
      if (last === undefined || now - last.at >= cacheMs) last = { at: now, result: run() };
      return last.result;
    },
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
export const showReady = (readiness: Readiness) => ({
  status: 'ready',
  checked: readiness.parts,
  warnings: readiness.warnings(),
  breakers: readiness.breakers(),
});
