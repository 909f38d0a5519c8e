import { driveFlatOut, errorCount } from '#tests/support/load/drive.ts';
import type { NextShot } from '#tests/support/load/drive.ts';
import type { Figure } from '../suite.ts';

/** The same work of the API and of the bare app, by as many clients as ask at once. */
export interface Pair {
  readonly name: string;
  readonly clients: number;
  /** Times that both are measured, one after the other; the median counts. */
  readonly rounds: number;
  readonly seconds: number;
  readonly api: { readonly url: string; readonly next: NextShot };
  readonly bare: { readonly url: string; readonly next: NextShot };
  readonly note: string;
  /** Whether the figure has the bar of 60 %. */
  readonly hasBar: boolean;
}

const WARM_UP_SECONDS = 1;
const LEAST_SHARE = 0.6;

/** @throws Error when a request of either fails: what is wrong is quickly done */
export async function besideBareExpress(pair: Pair): Promise<Figure> {
  const perSecond = { api: [] as number[], bare: [] as number[] };
  for (let round = 0; round < pair.rounds; round++)
    for (const side of ['api', 'bare'] as const) {
      const { url, next } = pair[side];
      const { clients, seconds } = pair;
      const report = await driveFlatOut({
        origin: url,
        clients,
        seconds,
        warmUpSeconds: WARM_UP_SECONDS,
        next,
      });
      if (errorCount(report) > 0)
        throw new Error(`${pair.name}, ${side}: ${JSON.stringify([...report.errors])}`);
      perSecond[side].push(report.requests / report.seconds);
    }
  const bare = median(perSecond.bare);
  return {
    name: pair.name,
    value: median(perSecond.api),
    unit: 'requests/s',
    better: 'higher',
    baseline: { name: 'bare Express', value: bare },
    ...(pair.hasBar ? { bar: { of: 'ratio', atLeast: LEAST_SHARE } as const } : {}),
    note: pair.note,
  };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
