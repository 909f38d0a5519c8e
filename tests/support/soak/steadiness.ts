import { percentile } from '#scripts/bench/percentile.ts';
import type { MemorySample } from '../process-memory.ts';

/** Pairs grow with the square of the samples. */
const MOST_SAMPLES = 300;

/**
 * Slope of resident memory in bytes a minute by Theil and Sen: the median of the slopes of all pairs of samples, which a few
 * collections of garbage, or a few large requests, do not move.
 */
export function robustSlopePerMinute(samples: readonly MemorySample[]): number {
  const step = Math.max(1, Math.ceil(samples.length / MOST_SAMPLES));
  const few = samples.filter((_, index) => index % step === 0);
  const slopes = few.flatMap((one, index) =>
    few
      .slice(index + 1)
      .filter(({ at }) => at > one.at)
      .map(({ at, own }) => ((own - one.own) / (at - one.at)) * 60_000),
  );
  return percentile(
    slopes.sort((a, b) => a - b),
    0.5,
  );
}

/** What counts as growth. */
export interface SteadinessLimits {
  /** The last third may take so many times what the first took, and so many ms more. */
  readonly latencyRatio: number;
  readonly latencyMs: number;
  /** Of resident memory, in bytes. */
  readonly memoryPerMinute: number;
}

/** For a run of some minutes; a shorter one says little about memory. */
export const STEADY: SteadinessLimits = { latencyRatio: 1.25, latencyMs: 5, memoryPerMinute: 1e6 };
