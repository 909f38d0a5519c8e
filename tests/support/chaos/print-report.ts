import { FAULT_KINDS } from './plan.ts';
import type { ChaosReport } from './run-chaos.ts';

/** A report as lines of text: the table of faults, the uploads, how they ended, and the result. */
export function printReport(report: ChaosReport): string[] {
  const rows = FAULT_KINDS.flatMap((kind) => {
    const tally = report.faults.get(kind);
    if (tally === undefined) return [];
    const { injected, survived, slowestMs } = tally;
    return [[kind, String(injected), String(survived), `${(slowestMs / 1000).toFixed(1)} s`]];
  });
  const answers = [...report.answers]
    .sort(([a], [b]) => a - b)
    .map(([status, count]) => `${status === 0 ? 'none' : status} x ${count}`);
  const ends = Object.entries(report.ends).map(([end, count]) => `${count} ${end}`);
  return [
    ...table([['fault', 'injected', 'survived', 'slowest return to ready'], ...rows]),
    `answers to uploads: ${answers.join(', ')}`,
    `documents accepted: ${report.accepted}; at the end: ${ends.join(', ')}; lost: ${report.lost}`,
    `byte for byte as in the calm run: ${report.equal}`,
    ...report.violations.map((violation) => `VIOLATION: ${violation}`),
    `seed ${report.seed}, ${report.seconds.toFixed(0)} s: ${passed(report) ? 'nothing was lost, nothing was done twice' : 'FAILED'}`,
  ];
}

export const passed = ({ lost, violations }: ChaosReport): boolean => lost === 0 && violations.length === 0;

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}
