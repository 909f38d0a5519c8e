import { driveAtRate, driveFlatOut, errorCount } from '#tests/support/load/drive.ts';
import type { LoadReport } from '#tests/support/load/drive.ts';
import { mixedLoad, readShare } from '#tests/support/load/mixed-load.ts';
import type { LoadClient } from '#tests/support/load/mixed-load.ts';
import { watchStatements } from '#tests/support/load/statement-times.ts';
import type { BenchStage } from '../bench-stage.ts';
import { percentile } from '../percentile.ts';
import type { Figure, SuiteResult } from '../suite.ts';

/** Bars of promises 18, 19 and 20; those of issues of speed are read as written: milliseconds and shares. */
const BARS = { p95Ms: 200, p99Ms: 500, errors: 0.001, statementMs: 50 } as const;

export interface UnderLoad extends SuiteResult {
  readonly report: LoadReport;
}

/**
 * The mixed load at a fixed rate, every client once a second, with what the database had to do for it; then the same
 * load as fast as it goes, for the limit of the machine.
 */
export async function measureUnderLoad(
  stage: Pick<BenchStage, 'api' | 'database'>,
  load: readonly LoadClient[],
  options: { readonly seconds: number; readonly hasBars: boolean },
): Promise<UnderLoad> {
  const { seconds } = options;
  const common = { origin: stage.api.url, clients: load.length, seconds, warmUpSeconds: seconds / 4 };
  const watch = await watchStatements(stage.database);
  const report = await driveAtRate({ ...common, perSecond: load.length, next: mixedLoad(load, 1) });
  const statements = await watch?.read();
  const most = await driveFlatOut({ ...common, seconds: seconds / 2, next: mixedLoad(load, 2) });
  const bar = (atMost: number) => (options.hasBars ? { bar: { of: 'value', atMost } as const } : {});
  const time = (name: string, share: number) =>
    ({ name, value: percentile(report.times, share), unit: 'ms', better: 'lower' }) as const;
  const note = `${load.length} clients, ${load.length} requests/s together, ${(readShare() * 100).toFixed(0)} % reads, ${report.requests} requests`;
  const figures: Figure[] = [
    { ...time('mixed load, p50', 0.5), note },
    { ...time('mixed load, p95', 0.95), ...bar(BARS.p95Ms), note },
    { ...time('mixed load, p99', 0.99), ...bar(BARS.p99Ms), note },
    {
      name: 'mixed load, errors',
      value: errorCount(report) / report.requests,
      unit: '',
      better: 'lower',
      ...bar(BARS.errors),
      note: [...report.errors].map(([fault, count]) => `${count} x ${fault}`).join(', ') || 'none',
    },
    {
      name: 'mixed load, most',
      value: most.requests / most.seconds,
      unit: 'requests/s',
      better: 'higher',
      note: `the same clients, each with its next request as soon as it is answered: p95 ${percentile(most.times, 0.95).toFixed(0)} ms, ${errorCount(most)} errors`,
    },
  ];
  if (statements !== undefined)
    figures.push({
      name: 'database statement, mean',
      value: statements.meanMs,
      unit: 'ms',
      better: 'lower',
      ...bar(BARS.statementMs),
      note: `pg_stat_statements over ${statements.calls} statements of API and worker`,
    });
  const slow =
    statements === undefined
      ? ['PostgreSQL has not loaded pg_stat_statements, so its statements were not timed.']
      : [slowestNote(statements)];
  return { report, figures, notes: slow, plots: [plotOf(report)] };
}

type Statements = NonNullable<
  Awaited<ReturnType<NonNullable<Awaited<ReturnType<typeof watchStatements>>>['read']>>
>;

function slowestNote({ slowest, scans }: Statements): string {
  const big = [...scans].map(([table, count]) => `${table} (${count} times)`).join(', ') || 'none';
  if (slowest === undefined) return `Big tables read from end to end under load: ${big}.`;
  const start = slowest.query.replace(/\s+/g, ' ').trim().slice(0, 70);
  return `The slowest statement, \`${start} ...\`, took ${slowest.meanMs.toFixed(1)} ms on average of ${slowest.calls}. Big tables read from end to end under load: ${big}.`;
}

/** Which share of the requests took so long at most, for each kind of request. */
function plotOf({ timesOf }: LoadReport) {
  const shares = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];
  return {
    title: 'Times under the mixed load',
    xLabel: 'share of requests',
    yLabel: 'ms',
    yScale: 'log',
    series: ['list assistants', 'read an assistant', 'search', 'write a memory', 'upload a text'].map(
      (name) => ({
        name,
        points: shares.map((share) => [share, percentile(timesOf.get(name) ?? [], share)] as const),
      }),
    ),
  } as const;
}
