import { join } from 'node:path';
import type { AnswerFeedback } from '#db/queries/operations/answer-feedback.ts';
import type { FailureCount } from '#db/queries/operations/failure-counts.ts';
import type { ResourceUse } from '#db/queries/operations/resource-use.ts';
import type { StatementReport } from '#db/queries/operations/slow-statements.ts';
import type { StaleDocuments } from '#db/queries/operations/stale-documents.ts';
import type { TableSize } from '#db/queries/table-sizes.ts';
import type { OperatorContext } from '../operator-context.ts';
import { dependencyReport, npmIn } from './dependency-report.ts';
import type { DependencyReport, RunNpm } from './dependency-report.ts';
import { loggedErrors } from './log-errors.ts';
import type { LoggedError } from './log-errors.ts';
import { projectReport } from './project-report.ts';
import type { ProjectReport } from './project-report.ts';

export type Period = 'weekly' | 'monthly';

/** All that a report tells; numbers, and nothing that anybody wrote. */
export interface OperationsReport {
  readonly period: Period;
  readonly from: string;
  readonly to: string;
  readonly failures: readonly FailureCount[];
  /** Undefined where no log was named. */
  readonly logged?: readonly LoggedError[];
  /** Null where PostgreSQL does not count statements. */
  readonly statements: StatementReport | null;
  readonly dependencies: DependencyReport | null;
  readonly resources: ResourceUse;
  readonly tables: readonly TableSize[];
  readonly project: ProjectReport;
  readonly documents: StaleDocuments;
  readonly feedback: AnswerFeedback;
}

export interface GatherOptions {
  readonly period: Period;
  readonly now: Date;
  readonly logs: readonly string[];
  /** Whether the registry is asked about packages. */
  readonly registry: boolean;
  readonly run?: RunNpm;
}

const DAYS: Readonly<Record<Period, number>> = { weekly: 7, monthly: 30 };
const DAY_MS = 86_400_000;
/** Lines of each list. */
const LIMIT = 20;
const ROOT = join(import.meta.dirname, '../../..');

/** Asks the database, the logs, the registry and the project about a time that ends now. */
export async function gatherReport(
  { database }: Pick<OperatorContext, 'database'>,
  { period, now, logs, registry, run = npmIn(ROOT) }: GatherOptions,
): Promise<OperationsReport> {
  const spanMs = DAYS[period] * DAY_MS;
  const since = new Date(now.getTime() - spanMs);
  const { operations } = database;
  const [failures, statements, resources, tables, documents, feedback] = await Promise.all([
    operations.failureCounts(since, LIMIT),
    operations.slowStatements(LIMIT),
    operations.resourceUse(since, new Date(since.getTime() - spanMs)),
    database.tableSizes(),
    operations.staleDocuments(since),
    operations.answerFeedback(since, LIMIT),
  ]);
  const logged = logs.length === 0 ? {} : { logged: await loggedErrors(logs, since, LIMIT) };
  return {
    period,
    from: since.toISOString(),
    to: now.toISOString(),
    failures,
    ...logged,
    statements: statements ?? null,
    dependencies: registry ? await dependencyReport(run) : null,
    resources,
    tables,
    project: projectReport(ROOT, now),
    documents,
    feedback,
  };
}
