import { setTimeout as sleep } from 'node:timers/promises';
import type { ReadCounts } from '#shared/cache/read-counts.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import type { AssistantCache } from './assistant-cache.ts';

export interface WarmAssistantsOptions {
  readonly counts: ReadCounts;
  readonly cached: Pick<AssistantCache, 'warm'>;
  readonly metrics: Pick<Metrics, 'cacheWarmed'>;
  readonly logger: Logger;
  /** Most assistants of one round; 0 warms none. */
  readonly most: number;
  /** Pause between two rounds: what has expired is back after it. */
  readonly intervalMs: number;
}

/** Pause after each assistant, in ms, so that requests go before. */
const BREATH_MS = 10;

/** Name of an assistant in the counts. */
export const memberOf = (userId: string, id: string): string => `${userId}:${id}`;

/**
 * Keeps the most read assistants in the cache, from the start on: one by one, on the way that requests take, beside them and
 * never before them.
 */
export function startWarming(options: WarmAssistantsOptions): AsyncDisposable {
  if (options.most === 0) return { [Symbol.asyncDispose]: () => Promise.resolve() };
  const stop = new AbortController();
  const loop = (async () => {
    while (!stop.signal.aborted) {
      await warmingRound(options, stop.signal);
      await sleep(options.intervalMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  })();
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await loop;
      await options.counts.flush();
    },
  };
}

/** One round. @returns how many assistants are warm now */
export async function warmingRound(options: WarmAssistantsOptions, signal: AbortSignal): Promise<number> {
  await options.counts.flush();
  let warm = 0;
  for (const member of await options.counts.top(options.most)) {
    if (signal.aborted) break;
    const [userId = '', id = ''] = member.split(':');
    try {
      await options.cached.warm(userId, id);
      options.metrics.cacheWarmed.inc({ cache: 'assistant' });
      warm += 1;
    } catch (error) {
      // It may have been deleted since it was read; anything else is better met by nobody's request than by somebody's.
      if (!(error instanceof AppError && error.code === 'assistant.not_found'))
        options.logger.debug({ err: error }, 'an assistant was not warmed');
    }
    await sleep(BREATH_MS, undefined, { signal }).catch(() => undefined);
  }
  return warm;
}
