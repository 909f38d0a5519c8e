import { readFile } from 'node:fs/promises';
import type { OperatorContext } from './operator-context.ts';
import { gatherReport } from './report/gather-report.ts';
import type { OperationsReport, Period } from './report/gather-report.ts';
import { writeReport } from './report/write-report.ts';

export interface ReportOptions {
  readonly json?: boolean;
  readonly log?: readonly string[];
  readonly before?: string;
  /** False with --no-registry. */
  readonly registry: boolean;
}

/**
 * Prints what an operator looks at every week or month, as Markdown or JSON.
 *
 * @throws Error for a log or an earlier report that cannot be read
 */
export async function printReport(
  context: Pick<OperatorContext, 'database' | 'say'>,
  period: Period,
  { json = false, log = [], before, registry }: ReportOptions,
): Promise<void> {
  const earlier = before === undefined ? undefined : await readReport(before);
  const report = await gatherReport(context, { period, now: new Date(), logs: log, registry });
  context.say(json ? JSON.stringify(report, null, 2) : writeReport(report, earlier).trimEnd());
}

async function readReport(file: string): Promise<OperationsReport> {
  const report = JSON.parse(await readFile(file, 'utf8')) as Partial<OperationsReport>;
  if (report.resources === undefined || report.tables === undefined || report.to === undefined)
    throw new Error(`${file} is no report: make one with --json`);
  return report as OperationsReport;
}
