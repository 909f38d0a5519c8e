import type { BenchStage } from './bench-stage.ts';
import type { Env } from '#shared/config/env.ts';

/** How much is measured: `quick` within 5 minutes for everything, `default` within 30, `full` as long as it takes. */
export type BenchMode = 'quick' | 'default' | 'full';

/** What a figure has to reach: itself, or as a ratio to its baseline. */
export interface Bar {
  readonly of: 'value' | 'ratio';
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** One thing that was measured. */
export interface Figure {
  /** Stays the same from run to run: figures are compared by it. Unique in its suite. */
  readonly name: string;
  readonly value: number;
  /** As in "ms" or "documents/s"; empty for a share or a score. */
  readonly unit: string;
  readonly better: 'lower' | 'higher';
  /** The same on something that is known, in this very run; the ratio is value / baseline. */
  readonly baseline?: { readonly name: string; readonly value: number };
  readonly bar?: Bar;
  /** What a reader must know to understand the figure. */
  readonly note?: string;
  /**
   * By which share the ratio may be worse than that of the stored run.
   *
   * @default 0.25
   */
  readonly tolerance?: number;
}

/** Lines over a common axis. */
export interface Plot {
  /** Names the file too. */
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xScale?: 'linear' | 'log';
  readonly yScale?: 'linear' | 'log';
  readonly series: readonly {
    readonly name: string;
    readonly points: readonly (readonly [number, number])[];
  }[];
}

export interface SuiteResult {
  readonly figures: readonly Figure[];
  readonly plots?: readonly Plot[];
  /** Sentences that stand under the table: what was measured, and how. */
  readonly notes?: readonly string[];
}

export interface BenchContext {
  readonly mode: BenchMode;
  /** An empty folder of the suite's own; deleted afterwards, but for what stands in `kept`. */
  readonly scratch: string;
  /** A folder of the suite's own that stays from run to run, for what takes long to fetch or to make. */
  readonly kept: string;
  /** Test data beside the project, or undefined where there is none. */
  readonly data: string | undefined;
  /** Says what is being done. */
  log(line: string): void;
  /** Starts the product with a database and a Redis prefix of its own. Dispose it. */
  startStage(env?: Env): Promise<BenchStage>;
}

/** One subject that is measured. */
export interface BenchSuite {
  readonly name: string;
  /** For the document: what the suite is about. */
  readonly title: string;
  run(context: BenchContext): Promise<SuiteResult>;
}

/** Thrown by a suite that cannot run here, with the reason for readers. */
export class SuiteSkipped extends Error {}
