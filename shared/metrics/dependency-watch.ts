import type { Metrics } from './metrics.ts';

export type Dependency = 'postgresql' | 'redis_queue' | 'redis_cache';

export interface DependencyWatchOptions {
  readonly metrics: Pick<Metrics, 'dependencyUp'>;
  /** Each resolves when the server answers. */
  readonly checks: Readonly<Partial<Record<Dependency, () => Promise<unknown>>>>;
  /** Longest time that an answer may take, in ms: the metrics wait for it. */
  readonly timeoutMs?: number;
}

/** Has the servers that this process needs asked whether they answer, whenever somebody reads the metrics. */
export function watchDependencies({ metrics, checks, timeoutMs = 2_000 }: DependencyWatchOptions): void {
  metrics.dependencyUp.ask(() =>
    Promise.all(
      Object.entries(checks).map(async ([dependency, check]) => ({
        labels: { dependency },
        value: (await answersInTime(check, timeoutMs)) ? 1 : 0,
      })),
    ),
  );
}

async function answersInTime(check: () => Promise<unknown>, timeoutMs: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), timeoutMs);
  try {
    return await Promise.race([check().then(() => true), late.promise]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
