import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../errors/app-error.ts';

export interface RetryOptions {
  /** Calls in all. */
  readonly attempts: number;
  readonly baseMs: number;
  /** Longest pause; a provider that asks for a longer one is left to the caller's own retry. */
  readonly maxMs: number;
  readonly random?: () => number;
}

/**
 * Calls again after errors that may be over in a moment, with growing pauses. Throws the last of them; one that says to
 * wait, as a breaker does that has opened meanwhile, is thrown only where nothing has failed before.
 */
export async function repeat<T>(
  call: () => Promise<T>,
  retry: RetryOptions,
  signal: AbortSignal,
): Promise<T> {
  let failed: AppError | undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.waits) throw failed ?? error;
      failed = error;
      if (!error.retryable || attempt >= retry.attempts) throw error;
      const pause = pauseBefore(attempt, error.retryAfterSeconds, retry);
      if (pause === undefined) throw error;
      await sleep(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

/**
 * Pause after a failed attempt, in ms: exponential back-off with full jitter (Brooker, "Exponential Backoff And Jitter",
 * 2015), but no less than the provider asks for.
 *
 * @param attempt number of the failed attempt, from 1
 * @returns undefined when the provider asks for more than the longest pause
 */
export function pauseBefore(
  attempt: number,
  retryAfterSeconds: number | undefined,
  retry: RetryOptions,
): number | undefined {
  const asked = (retryAfterSeconds ?? 0) * 1000;
  if (asked > retry.maxMs) return undefined;
  const jitter = (retry.random ?? Math.random)() * Math.min(retry.maxMs, retry.baseMs * 2 ** (attempt - 1));
  return Math.max(asked, jitter);
}
