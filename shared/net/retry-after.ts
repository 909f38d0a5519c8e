import { MAX_RETRY_AFTER_SECONDS } from '../errors/app-error.ts';

/** Reads Retry-After (RFC 9110, 10.2.3), seconds or a date, as seconds from now: a day at most. */
export function readRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  const seconds = /^\d+$/.test(value.trim()) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  if (Number.isNaN(seconds)) return undefined;
  return Math.min(MAX_RETRY_AFTER_SECONDS, Math.max(0, Math.ceil(seconds)));
}
