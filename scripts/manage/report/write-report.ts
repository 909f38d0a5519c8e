import type { TableSize } from '#db/queries/table-sizes.ts';
import type { DependencyReport } from './dependency-report.ts';
import type { OperationsReport } from './gather-report.ts';

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const bytes = (value: number): string =>
  value >= 2 ** 30
    ? `${number.format(value / 2 ** 30)} GiB`
    : value >= 2 ** 20
      ? `${number.format(value / 2 ** 20)} MiB`
      : `${number.format(value / 1024)} KiB`;
const percent = (share: number | null): string =>
  share === null ? 'nothing to tell' : `${number.format(share * 100)} %`;
const day = (time: Date | string): string => new Date(time).toISOString().slice(0, 16).replace('T', ' ');

/** Characters of a statement that are shown; the whole is in the JSON form. */
const QUERY_LENGTH = 120;
const TABLES = 12;

function table(head: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  if (rows.length === 0) return 'None.';
  const cell = (value: string | number | null): string =>
    value === null
      ? ''
      : typeof value === 'number'
        ? number.format(value)
        : value.replace(/\s+/g, ' ').replaceAll('|', '\\|');
  const line = (cells: readonly (string | number | null)[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A report as a Markdown document; `before` is an earlier one, against which sizes are held. */
export function writeReport(report: OperationsReport, before?: OperationsReport): string {
  return [
    `# ${report.period === 'weekly' ? 'Weekly' : 'Monthly'} report`,
    `From ${day(report.from)} to ${day(report.to)} UTC.`,
    ...failures(report),
    ...statements(report),
    '## Dependencies',
    ...dependencies(report.dependencies),
    ...resources(report, before),
    ...project(report),
    ...documents(report),
    ...feedback(report),
    '',
  ].join('\n\n');
}

function failures({ failures: found, logged }: OperationsReport): string[] {
  return [
    '## Recurring errors',
    table(
      ['What', 'Code', 'Ended', 'Times', 'Accounts', 'Last'],
      found.map(({ what, code, outcome, count, users, lastAt }) => [
        what,
        code,
        outcome,
        count,
        users,
        day(lastAt),
      ]),
    ),
    '### In the logs',
    logged === undefined
      ? 'No log was named: add `--log FILE` for each.'
      : table(
          ['Level', 'Message', 'Code', 'Times', 'Last', 'Correlation id of the last'],
          logged.map((line) => [
            line.level,
            line.message,
            line.code,
            line.count,
            day(line.lastAt),
            line.correlationId,
          ]),
        ),
  ];
}

function statements({ statements: counted }: OperationsReport): string[] {
  if (counted === null)
    return [
      '## Slow queries',
      'PostgreSQL does not count statements: load `pg_stat_statements` (`shared_preload_libraries`), restart it, and run `create extension pg_stat_statements` in this database.',
    ];
  return [
    '## Slow queries',
    `By all the time they took since ${counted.since === null ? 'the server began to count' : day(counted.since)}.`,
    table(
      ['Statement', 'Calls', 'Mean ms', 'Longest ms', 'Share'],
      counted.statements.map(({ query, calls, meanMs, maxMs, share }) => [
        query.replace(/\s+/g, ' ').slice(0, QUERY_LENGTH),
        calls,
        meanMs,
        maxMs,
        percent(share),
      ]),
    ),
  ];
}

function dependencies(found: DependencyReport | null): string[] {
  if (found === null) return ['The registry was not asked.'];
  const { vulnerable, outdated } = found;
  return [
    '### Vulnerable',
    typeof vulnerable === 'string'
      ? `${vulnerable}.`
      : table(
          ['Package', 'Severity', 'What', 'Mended by'],
          vulnerable.map(({ name, severity, titles, fix }) => [name, severity, titles.join('; '), fix]),
        ),
    '### Outdated',
    typeof outdated === 'string'
      ? `${outdated}.`
      : table(
          ['Package', 'Installed', 'Latest', ''],
          outdated.map(({ name, current, latest, isMajor }) => [
            name,
            current,
            latest,
            isMajor ? 'a new major version' : null,
          ]),
        ),
  ];
}

const change = (now: number, before: number | undefined): string =>
  before === undefined ? '' : `${now >= before ? '+' : '-'}${bytes(Math.abs(now - before))}`;

const wholeOf = ({ data, indexes }: TableSize): number => data + indexes;

function resources(
  { resources: use, tables }: OperationsReport,
  before: OperationsReport | undefined,
): string[] {
  const earlier = new Map(before?.tables.map((size) => [size.table, wholeOf(size)]));
  const { queue } = use;
  return [
    '## Resources',
    table(
      ['', 'Now', before === undefined ? '' : `Since ${day(before.to)}`],
      [
        ['database', bytes(use.databaseBytes), change(use.databaseBytes, before?.resources.databaseBytes)],
        ['connections', `${use.connections} of ${use.maxConnections}`, ''],
        ['blocks found in memory', percent(use.cacheHitRatio), ''],
        [
          'oldest job that is due',
          queue.oldestDueSeconds === null ? 'none' : `${number.format(queue.oldestDueSeconds)} s`,
          '',
        ],
        [
          "p95 of a job's run",
          queue.runP95Seconds === null ? 'none' : `${number.format(queue.runP95Seconds)} s`,
          '',
        ],
        ['dead letters', String(queue.deadLetters), ''],
        ...Object.entries(queue.jobs).map(([status, count]) => [`jobs ${status}`, number.format(count), '']),
      ],
    ),
    '### Made',
    table(
      ['', 'In all', 'In this time', 'In the time before'],
      use.growth.map(({ what, total, made, madeBefore }) => [what, total, made, madeBefore]),
    ),
    '### Largest tables',
    table(
      ['Table', 'Rows', 'Data', 'Indexes', before === undefined ? '' : `Since ${day(before.to)}`],
      tables
        .slice(0, TABLES)
        .map((size) => [
          size.table,
          size.rows,
          bytes(size.data),
          bytes(size.indexes),
          change(wholeOf(size), earlier.get(size.table)),
        ]),
    ),
  ];
}

function project({ project: { benchmarks, staleGenerated } }: OperationsReport): string[] {
  return [
    '## Benchmarks',
    typeof benchmarks === 'string'
      ? `${benchmarks}.`
      : table(
          ['Suite', 'Measured', 'Days ago', 'Commit', 'Figures', 'Below their bar'],
          benchmarks.map(({ suite, date, days, commit, figures, missed }) => [
            suite,
            date,
            days,
            commit,
            figures,
            missed.length === 0 ? 'none' : missed.join('; '),
          ]),
        ),
    '`npm run bench -- --quick --compare` measures now and fails where a ratio is worse than the stored one; let nothing else run meanwhile.',
    '## Documents of the project',
    typeof staleGenerated === 'string'
      ? `Unknown: ${staleGenerated}.`
      : staleGenerated.length === 0
        ? 'What is generated is in step with the code.'
        : `Out of step with the code, \`npm run docs:generate\` mends it: ${staleGenerated.join(', ')}.`,
  ];
}

function documents({ documents: found }: OperationsReport): string[] {
  const { unread, unreadBytes, searchable, stuck, failed, withoutVector } = found;
  return [
    '## Stored documents',
    table(
      ['', 'Documents'],
      [
        ['searchable since before this time', searchable],
        [
          `of them cited by no reply in it and shown by no search of the last day, ${bytes(unreadBytes)}`,
          unread,
        ],
        ['being taken in for more than a day', stuck],
        ['failed or in part since before this time', failed],
        ['passages without a vector of the model in use', withoutVector],
      ],
    ),
  ];
}

function feedback({ feedback: found }: OperationsReport): string[] {
  return [
    '## Feedback to answers',
    table(
      ['', ''],
      [
        ['replies', found.replies],
        ['of them failed', found.failed],
        ['called good', found.positive],
        ['called bad', found.negative],
        ['without a source', found.withoutSources],
        ['feedback in words', found.written],
        ['its mean rating, of 5', found.meanRating],
        ['searches whose best hit was good enough', percent(found.grounded)],
      ],
    ),
    '### Assistants with bad answers',
    table(
      ['Assistant', 'Bad', 'Good'],
      found.worst.map(({ assistantId, negative, positive }) => [assistantId, negative, positive]),
    ),
  ];
}
