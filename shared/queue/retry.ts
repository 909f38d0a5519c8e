import type { AppError } from '../errors/app-error.ts';
import { MAX_RETRY_AFTER_SECONDS, toAppError } from '../errors/app-error.ts';
import { errorEntry } from '../errors/error-catalog.ts';
import type { Failure } from '../domain/types.ts';
import type { JobKind } from './catalog.ts';

/** What follows a failed attempt: another one at a time, or the end. */
export type Verdict =
  | { readonly kind: 'retry'; readonly at: Date; /** Waiting is no failure. */ readonly counts?: false }
  | { readonly kind: 'end'; readonly status: 'failed' | 'dead' };

/**
 * Delay before retry `n` (from 1), in ms: exponential back-off with equal jitter, between half and all of
 * `base * 2^(n-1)` (Brooker, "Exponential Backoff And Jitter", 2015).
 */
export function backoffDelay(
  n: number,
  backoff: JobKind['backoff'],
  random: () => number = Math.random,
): number {
  const full = Math.min(backoff.maxMs, backoff.baseMs * 2 ** (n - 1));
  return Math.round(full / 2 + (random() * full) / 2);
}

/**
 * Sorts a failure into permanent (`failed` at once), exhausted (`dead`) or to be tried again.
 *
 * @param failures failed attempts including this one
 */
export function judge(error: AppError, failures: number, kind: JobKind, now: Date = new Date()): Verdict {
  if (!error.retryable) return { kind: 'end', status: 'failed' };
  const limit = Math.min(kind.maxFailures, errorEntry(error.code).maxFailures ?? kind.maxFailures);
  const counts = !error.waits;
  if (counts && failures >= limit) return { kind: 'end', status: 'dead' };
  const asked = Math.min(MAX_RETRY_AFTER_SECONDS, error.retryAfterSeconds ?? 0) * 1000;
  return {
    kind: 'retry',
    ...(counts ? {} : { counts }),
    at: new Date(now.getTime() + pause(counts, asked, failures, kind)),
  };
}

/** Whoever merely waits is told for how long, and does not pay for failures of before. */
function pause(counts: boolean, askedMs: number, failures: number, kind: JobKind): number {
  if (!counts) return askedMs > 0 ? askedMs : backoffDelay(1, kind.backoff);
  return Math.max(askedMs, backoffDelay(failures, kind.backoff));
}

/** What is stored and shown about an error. */
export function toFailure(thrown: unknown, stage: string | null = null): Failure {
  const error = toAppError(thrown);
  return {
    code: error.code,
    message: error.detail,
    remedy: errorEntry(error.code).remedy,
    stage: error.stage ?? stage,
    retryable: error.retryable,
  };
}
