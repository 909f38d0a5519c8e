import type { BenchMode, Figure, Plot, SuiteResult } from './suite.ts';

/** What one suite has given last, and when. */
export interface StoredSuite extends SuiteResult {
  readonly title: string;
  /** Day of the run. */
  readonly date: string;
  readonly mode: BenchMode;
  readonly commit: string;
}

/** By name of the suite. */
export type StoredResults = Readonly<Record<string, StoredSuite>>;

const TOLERANCE = 0.25;

/** The value as a ratio to the baseline, or undefined where there is none. */
export const ratioOf = ({ value, baseline }: Figure): number | undefined =>
  baseline === undefined ? undefined : value / baseline.value;

/** @returns undefined where nothing is demanded */
export function isMet(figure: Figure): boolean | undefined {
  const { bar, value } = figure;
  if (bar === undefined) return undefined;
  const measured = bar.of === 'value' ? value : (ratioOf(figure) ?? NaN);
  return measured >= (bar.atLeast ?? -Infinity) && measured <= (bar.atMost ?? Infinity);
}

/**
 * Puts a run over what is stored: a suite that ran takes the place of its last run, but figures and plots that only a longer mode
 * makes stay, and say of which day they are.
 */
export function mergeRun(stored: StoredResults, name: string, run: StoredSuite): StoredResults {
  const before = stored[name];
  if (before === undefined) return { ...stored, [name]: run };
  const isNew = (figures: readonly Figure[], one: Figure): boolean =>
    figures.every((other) => other.name !== one.name);
  const kept = before.figures
    .filter((one) => isNew(run.figures, one))
    .map((one) => ({ ...one, note: one.note?.includes('measured on') ? one.note : dated(one, before) }));
  const plots: Plot[] = (before.plots ?? []).filter((one) =>
    (run.plots ?? []).every((other) => other.title !== one.title),
  );
  return {
    ...stored,
    [name]: {
      ...run,
      figures: [...run.figures, ...kept],
      plots: [...(run.plots ?? []), ...plots],
    },
  };
}

const dated = ({ note }: Figure, { date, mode, commit }: StoredSuite): string =>
  `${note === undefined ? '' : `${note}; `}measured on ${date}, ${mode} run of ${commit}`;

/** A ratio that is worse than it was by more than may be. */
export interface Regression {
  readonly suite: string;
  readonly name: string;
  readonly before: number;
  readonly now: number;
  readonly tolerance: number;
}

/**
 * Compares the ratios of a run with the stored ones, as far as both have them. Values alone are not compared: they belong to the
 * machine.
 */
export function findRegressions(
  stored: StoredResults,
  suite: string,
  figures: readonly Figure[],
): readonly Regression[] {
  const known = new Map((stored[suite]?.figures ?? []).map((one) => [one.name, ratioOf(one)]));
  return figures.flatMap((figure) => {
    const [before, now] = [known.get(figure.name), ratioOf(figure)];
    if (before === undefined || now === undefined) return [];
    const tolerance = figure.tolerance ?? TOLERANCE;
    const isWorse =
      figure.better === 'lower' ? now > before * (1 + tolerance) : now < before * (1 - tolerance);
    return isWorse ? [{ suite, name: figure.name, before, now, tolerance }] : [];
  });
}
