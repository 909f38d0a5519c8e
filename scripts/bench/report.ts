import { isMet, ratioOf } from './results.ts';
import type { StoredResults } from './results.ts';
import type { Machine } from './machine.ts';
import type { Figure } from './suite.ts';
import { drawPlot } from './svg-plot.ts';

/** The document about a set of results, and the plots that it shows. */
export interface Report {
  readonly markdown: string;
  /** File name -> SVG. */
  readonly plots: ReadonlyMap<string, string>;
}

export function writeReport(results: StoredResults, machine: Machine): Report {
  const plots = new Map<string, string>();
  const sections = Object.entries(results).map(([name, suite]) => {
    const images = (suite.plots ?? []).map((plot) => {
      const file = `${name}-${slug(plot.title)}.svg`;
      plots.set(file, drawPlot(plot));
      return `![${plot.title}](benchmarks/${file})`;
    });
    return [
      `## ${suite.title}`,
      `Suite \`${name}\`, ${suite.mode} run of ${suite.commit} on ${suite.date}.`,
      markdownTable(suite.figures),
      ...(suite.notes ?? []),
      ...images,
    ].join('\n\n');
  });
  const markdown = [
    '# Benchmarks',
    'Written by `npm run bench`; do not edit. A ratio is the value divided by the baseline, which was measured in the same run. Values belong to the machine, ratios to the product.',
    table(
      ['Machine', ''],
      Object.entries(machine).map(([name, value]) => [name, value]),
    ),
    ...sections,
    '',
  ].join('\n\n');
  return { markdown: `${markdown.trimEnd()}\n`, plots };
}

const HEADINGS = ['What', 'Value', 'Baseline', 'Ratio', 'Bar', 'Met'] as const;

function markdownTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const [first = '', ...rest] = cells(figure);
    return [figure.note === undefined ? first : `${first} (${figure.note})`, ...rest];
  });
  return table(HEADINGS, rows);
}

/** A table for terminals. */
export function textTable(figures: readonly Figure[]): string {
  const rows = [[...HEADINGS], ...figures.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cells(figure: Figure): string[] {
  const { name, value, unit, baseline } = figure;
  const ratio = ratioOf(figure);
  const met = isMet(figure);
  return [
    name,
    // A miss by little must not look like the bar itself.
    withUnit(value, unit, met === false ? 6 : 4),
    baseline === undefined ? '' : `${withUnit(baseline.value, unit)} (${baseline.name})`,
    ratio === undefined ? '' : shown(ratio, met === false ? 6 : 4),
    barOf(figure),
    met === undefined ? '' : met ? 'yes' : 'NO',
  ];
}

function barOf({ bar, unit }: Figure): string {
  if (bar === undefined) return '';
  const [word, limit] = bar.atLeast === undefined ? ['at most', bar.atMost] : ['at least', bar.atLeast];
  const text = shown(limit ?? NaN);
  return bar.of === 'ratio' ? `ratio ${word} ${text}` : `${word} ${unit === '' ? text : `${text} ${unit}`}`;
}

const withUnit = (value: number, unit: string, digits = 4): string =>
  unit === '' ? shown(value, digits) : `${shown(value, digits)} ${unit}`;

/** Four significant digits, for more are noise. */
const shown = (value: number, digits = 4): string =>
  Math.abs(value) >= 1000
    ? Math.round(value).toLocaleString('en-US')
    : String(Number(value.toPrecision(digits)));

const slug = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** In the form that the formatter of the project gives tables. */
function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = headings.map((_, column) => Math.max(3, ...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = all;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join(
    '\n',
  );
}
