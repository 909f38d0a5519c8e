import type { Plot } from './suite.ts';

const WIDTH = 640;
const HEIGHT = 360;
const MARGIN = { left: 64, right: 16, top: 40, bottom: 56 };
/** Told apart by those who do not see colours too: each line has marks of its own dash. */
const COLOURS = ['#1f6f8b', '#c8553d', '#588157', '#7b5ea7', '#b8860b', '#444444'];
const DASHES = ['', '6 3', '2 2', '8 3 2 3', '1 3', '10 4'];

/** Draws a plot as SVG text that needs nothing from elsewhere. */
export function drawPlot(plot: Plot): string {
  const points = plot.series.flatMap((one) => one.points);
  const x = axis(
    points.map(([at]) => at),
    plot.xScale ?? 'linear',
    [MARGIN.left, WIDTH - MARGIN.right],
  );
  const y = axis(
    points.map(([, value]) => value),
    plot.yScale ?? 'linear',
    [HEIGHT - MARGIN.bottom, MARGIN.top],
  );
  const grid = [
    ...y.ticks.map((tick) => {
      const at = round(y.place(tick));
      return `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${at}" y2="${at}" stroke="#ddd"/><text x="${MARGIN.left - 6}" y="${at + 4}" text-anchor="end">${label(tick)}</text>`;
    }),
    ...x.ticks.map((tick) => {
      const at = round(x.place(tick));
      return `<line x1="${at}" x2="${at}" y1="${MARGIN.top}" y2="${HEIGHT - MARGIN.bottom}" stroke="#eee"/><text x="${at}" y="${HEIGHT - MARGIN.bottom + 16}" text-anchor="middle">${label(tick)}</text>`;
    }),
  ];
  const lines = plot.series.map(({ name, points: own }, index) => {
    const colour = COLOURS[index % COLOURS.length] ?? '#000';
    const dash = DASHES[index % DASHES.length] ?? '';
    const placed = own.map(([at, value]) => [round(x.place(at)), round(y.place(value))] as const);
    const marks = placed.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`);
    const legend = MARGIN.left + 8;
    const legendY = MARGIN.top + 14 + index * 16;
    return [
      `<polyline points="${placed.map((pair) => pair.join(',')).join(' ')}" fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>`,
      ...marks,
      `<line x1="${legend}" x2="${legend + 24}" y1="${legendY - 4}" y2="${legendY - 4}" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>`,
      `<text x="${legend + 30}" y="${legendY}">${escaped(name)}</text>`,
    ].join('\n');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img" aria-label="${escaped(plot.title)}">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${MARGIN.left}" y="22" font-size="14" font-weight="bold">${escaped(plot.title)}</text>`,
    ...grid,
    ...lines,
    `<text x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}" y="${HEIGHT - 14}" text-anchor="middle">${escaped(plot.xLabel)}</text>`,
    `<text transform="translate(16 ${(MARGIN.top + HEIGHT - MARGIN.bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(plot.yLabel)}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

interface Axis {
  readonly ticks: readonly number[];
  place(value: number): number;
}

/** Linear axes begin at 0, logarithmic ones at a power of ten. */
function axis(
  values: readonly number[],
  scale: 'linear' | 'log',
  [from, to]: readonly [number, number],
): Axis {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (scale === 'log') {
    if (!(low > 0)) throw new Error('a logarithmic axis has no place for 0');
    const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
    const span = Math.max(1, last - first);
    return {
      ticks: Array.from({ length: span + 1 }, (_, index) => 10 ** (first + index)),
      place: (value) => from + ((Math.log10(value) - first) / span) * (to - from),
    };
  }
  const step = niceStep(Math.max(high, Number.MIN_VALUE) / 5);
  const count = Math.max(1, Math.ceil(high / step));
  return {
    ticks: Array.from({ length: count + 1 }, (_, index) => index * step),
    place: (value) => from + (value / (count * step)) * (to - from),
  };
}

/** The smallest of 1, 2 and 5 times a power of ten that is not below. */
function niceStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  return ([1, 2, 5].find((factor) => factor * power >= atLeast) ?? 10) * power;
}

const round = (value: number): number => Math.round(value * 10) / 10;

const label = (value: number): string =>
  value >= 10_000 ? `${Number((value / 1000).toPrecision(3))}k` : String(Number(value.toPrecision(3)));

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
