import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { textTable, writeReport } from '#scripts/bench/report.ts';
import { findRegressions, isMet, mergeRun, ratioOf } from '#scripts/bench/results.ts';
import type { StoredSuite } from '#scripts/bench/results.ts';
import type { Figure, Plot } from '#scripts/bench/suite.ts';
import { drawPlot } from '#scripts/bench/svg-plot.ts';

const figure = (name: string, value: number, more: Partial<Figure> = {}): Figure => ({
  name,
  value,
  unit: 'ms',
  better: 'lower',
  ...more,
});
const against = (value: number) => ({ baseline: { name: 'bare SQL', value } });
const run = (figures: readonly Figure[], more: Partial<StoredSuite> = {}): StoredSuite => ({
  figures,
  title: 'Vectors',
  date: '2026-11-01',
  mode: 'default',
  commit: 'abc',
  ...more,
});
const line: Plot = {
  title: 'Latency & size',
  xLabel: 'rows',
  yLabel: 'ms',
  series: [
    {
      name: 'a <b>',
      points: [
        [10, 1],
        [1000, 4],
      ],
    },
  ],
};

suite('figures of benchmarks', () => {
  test('a ratio is the value by the baseline, and a bar is about one of the two', () => {
    assert.equal(ratioOf(figure('p95', 30, against(20))), 1.5);
    assert.equal(ratioOf(figure('p95', 30)), undefined);
    assert.equal(isMet(figure('p95', 30)), undefined);
    const atMost = (limit: number) => ({ bar: { of: 'ratio', atMost: limit } as const });
    assert.equal(isMet(figure('p95', 30, { ...against(20), ...atMost(1.5) })), true);
    assert.equal(isMet(figure('p95', 31, { ...against(20), ...atMost(1.5) })), false);
    assert.equal(isMet(figure('recall', 0.94, { bar: { of: 'value', atLeast: 0.95 } })), false);
    assert.equal(isMet(figure('p95', 1, atMost(1.5))), false, 'a ratio that nobody measured is not met');
    assert.equal(isMet(figure('p95', NaN, { bar: { of: 'value', atMost: 5 } })), false);
  });

  test('a regression is a ratio that is worse by more than may be, in the direction of the figure', () => {
    const stored = {
      vectors: run([
        figure('p95', 10, against(10)),
        figure('rate', 10, { ...against(10), better: 'higher' }),
        figure('alone', 10),
      ]),
    };
    const worse = (one: Figure): number => findRegressions(stored, 'vectors', [one]).length;
    assert.equal(worse(figure('p95', 12.4, against(10))), 0);
    assert.equal(worse(figure('p95', 12.6, against(10))), 1);
    assert.equal(worse(figure('p95', 2, against(10))), 0);
    assert.equal(worse(figure('p95', 10.6, { ...against(10), tolerance: 0.05 })), 1);
    assert.equal(worse(figure('rate', 7.6, { ...against(10), better: 'higher' })), 0);
    assert.equal(worse(figure('rate', 7.4, { ...against(10), better: 'higher' })), 1);
    assert.equal(worse(figure('alone', 1000)), 0, 'values belong to the machine');
    assert.equal(worse(figure('unknown', 1000, against(1))), 0);
    assert.equal(findRegressions({}, 'vectors', [figure('p95', 99, against(1))]).length, 0);
  });

  test('a run takes the place of the last one; what only a longer one measures stays, with its day', () => {
    const full = run([figure('small', 1), figure('a million', 9, { note: 'made' })], {
      mode: 'full',
      plots: [line, { ...line, title: 'Only in full' }],
    });
    const later = run([figure('small', 2)], {
      date: '2026-11-09',
      commit: 'def',
      plots: [{ ...line, yLabel: 's' }],
    });
    const once = mergeRun(mergeRun({}, 'vectors', full), 'vectors', later);
    const kept = 'made; measured on 2026-11-01, full run of abc';
    assert.deepEqual(
      once.vectors?.figures.map(({ value, note }) => [value, note]),
      [
        [2, undefined],
        [9, kept],
      ],
    );
    assert.deepEqual(
      once.vectors.plots?.map(({ title, yLabel }) => [title, yLabel]),
      [
        ['Latency & size', 's'],
        ['Only in full', 'ms'],
      ],
    );
    const twice = mergeRun(once, 'vectors', { ...later, date: '2026-11-10' });
    assert.equal(twice.vectors?.figures[1]?.note, kept, 'the day is that of its own run');
    assert.deepEqual(Object.keys(mergeRun(once, 'ingest', later)), ['vectors', 'ingest']);
  });

  test('the document and the table of a terminal say value, baseline, ratio, bar and whether it is met', () => {
    const figures = [
      figure('p95, 10,000 rows', 30.123456, {
        ...against(20),
        bar: { of: 'ratio', atMost: 1.6 },
        note: 'warm',
      }),
      figure('uploads | s', 12345.6, { better: 'higher', bar: { of: 'value', atLeast: 20_000 } }),
      figure('nDCG', 0.419968, { unit: '', better: 'higher', bar: { of: 'value', atLeast: 0.42 } }),
    ];
    const lines = textTable(figures).split('\n');
    assert.match(
      lines[1]!,
      /^p95, 10,000 rows +30.12 ms +20 ms \(bare SQL\) +1.506 +ratio at most 1.6 +yes$/,
    );
    assert.match(lines[2]!, /^uploads \| s +12,346 ms +at least 20,000 ms +NO$/);
    assert.match(lines[3]!, /^nDCG +0\.419968 +at least 0\.42 +NO$/, 'a miss by little shows');
    const { markdown, plots } = writeReport(
      { vectors: run(figures, { plots: [line] }) },
      { Memory: '4 GiB' },
    );
    assert.match(markdown, /\| Memory +\| 4 GiB \|/);
    assert.match(markdown, /\| p95, 10,000 rows \(warm\) \| 30.12 ms +\| 20 ms \(bare SQL\) \| 1.506 \|/);
    assert.match(markdown, /uploads \\\| s/);
    assert.match(markdown, /!\[Latency & size\]\(benchmarks\/vectors-latency-size\.svg\)/);
    assert.deepEqual([...plots.keys()], ['vectors-latency-size.svg']);
  });
});

suite('plots', () => {
  test('points stand where their values are, on both kinds of axes', () => {
    const svg = drawPlot(line);
    assert.match(svg, /polyline points="69\.6,238 624,40"/);
    const logs = drawPlot({ ...line, xScale: 'log', yScale: 'log' });
    assert.match(logs, /polyline points="64,304 624,145\.1"/);
    for (const tick of ['10', '100', '1000']) assert.match(logs, new RegExp(`>${tick}</text>`));
    assert.throws(
      () => drawPlot({ ...line, yScale: 'log', series: [{ name: '0', points: [[1, 0]] }] }),
      /no place/,
    );
  });

  test('what stands in it cannot break out of it', () => {
    const svg = drawPlot({ ...line, title: 'a "b" <script>' });
    assert.doesNotMatch(svg, /<script>|a <b>/);
    assert.match(svg, /a &quot;b&quot; &lt;script&gt;/);
  });
});
