import type { SoakReport } from './run-soak.ts';
import type { SteadinessLimits } from './steadiness.ts';

const MB = 1e6;

/** Most that may fail of 100,000 requests with planned faults, and so of any run that has fewer. */
export const MOST_ERRORS = 83;
/** Longest time down in an hour, in ms. What is planned for an hour is every fault once. */
export const MOST_DOWN_MS = 3_600;

const total = (errors: ReadonlyMap<string, number>): number =>
  [...errors.values()].reduce((sum, count) => sum + count, 0);

/** A report as lines of text. */
export function printSoakReport({ calm, faulty }: SoakReport): string[] {
  const lines: string[] = [];
  if (calm !== undefined) {
    const { requests, seconds, errors, p95, memory } = calm;
    lines.push(
      `calm: ${total(errors)} of ${requests} requests failed in ${seconds.toFixed(0)} s ${shown(errors)}`,
      `calm: p95 ${p95.first.toFixed(1)} ms in the first third, ${p95.last.toFixed(1)} ms in the last`,
      ...memory.map(
        ({ process, slopePerMinute, peak }) =>
          `calm: ${process}: ${(slopePerMinute / MB).toFixed(2)} MB a minute, at most ${(peak / MB).toFixed(0)} MB`,
      ),
    );
  }
  const { requests, seconds, errors, faults, availability, jobs } = faulty;
  lines.push(
    `faults: ${total(errors)} of ${requests} requests failed in ${seconds.toFixed(0)} s ${shown(errors)}`,
    ...faults.map(
      (fault) =>
        `faults: ${fault.name}: ${fault.errors} requests failed, all ready after ${(fault.readyAfterMs / 1000).toFixed(1)} s`,
    ),
    `faults: down for ${(availability.downMs / 1000).toFixed(2)} s by ${availability.probes} probes ${shown(availability.failures)}`,
    `faults: ${jobs} jobs done, ${faulty.violations.length} lost, failed or not adding up`,
    ...[...faulty.badEnds, ...faulty.violations].map((words) => `VIOLATION: ${words}`),
  );
  return lines;
}

const shown = (counts: ReadonlyMap<string, number>): string =>
  counts.size === 0 ? '' : JSON.stringify(Object.fromEntries(counts));

/** What a calm time must not show; in words. */
export function faultsOfCalm({ calm }: SoakReport, limits: SteadinessLimits): string[] {
  if (calm === undefined) return [];
  return [
    ...(calm.errors.size > 0 ? [`requests failed in peace: ${shown(calm.errors)}`] : []),
    ...(calm.p95.last > calm.p95.first * limits.latencyRatio + limits.latencyMs
      ? [`p95 grew from ${calm.p95.first.toFixed(1)} to ${calm.p95.last.toFixed(1)} ms`]
      : []),
    ...calm.memory
      .filter(({ slopePerMinute }) => slopePerMinute > limits.memoryPerMinute)
      .map(
        ({ process, slopePerMinute }) =>
          `${process} grows by ${(slopePerMinute / MB).toFixed(2)} MB a minute`,
      ),
  ];
}

/** What planned faults must not cause; in words. */
export function faultsOfFaulty({ faulty }: SoakReport, rounds: number): string[] {
  return [
    ...(total(faulty.errors) > MOST_ERRORS ? [`${total(faulty.errors)} requests failed`] : []),
    ...(faulty.availability.downMs > rounds * MOST_DOWN_MS
      ? [`down for ${faulty.availability.downMs} ms in ${rounds} rounds of all planned faults`]
      : []),
    ...faulty.badEnds,
    ...faulty.violations,
  ];
}
