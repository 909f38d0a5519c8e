import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

export interface AskedSample<T extends string> {
  readonly labels: Readonly<Record<T, string>>;
  readonly value: number;
}

/** A gauge whose values are asked for when somebody reads the metrics, and at no other time. */
export interface AskedGauge<T extends string> {
  /** Asks `read` at every look from now on. Samples with the same labels are added up; one that fails says nothing. */
  ask(read: () => readonly AskedSample<T>[] | Promise<readonly AskedSample<T>[]>): void;
}

/** Makes one in the registries that are given. */
export function createAskedGauge<T extends string>(config: {
  readonly name: string;
  readonly help: string;
  readonly labelNames: T[];
  readonly registers: Registry[];
}): AskedGauge<T> {
  const sources: (() => readonly AskedSample<T>[] | Promise<readonly AskedSample<T>[]>)[] = [];
  new Gauge<T>({
    ...config,
    async collect() {
      const found = await Promise.allSettled(sources.map(async (read) => read()));
      // Between these lines nothing waits, so that nobody who reads at the same time sees half of it.
      this.reset();
      for (const { labels, value } of found.flatMap((said) =>
        said.status === 'fulfilled' ? said.value : [],
      ))
        this.inc(labels as Partial<Record<T, string>>, value);
    },
  });
  return { ask: (read) => void sources.push(read) };
}
