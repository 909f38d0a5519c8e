import { AppError } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/error-catalog.ts';

interface PgError {
  readonly code?: string;
  readonly constraint?: string;
}

const UNAVAILABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  // PostgreSQL: admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections, connection failures
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '08000',
  '08003',
  '08006',
  '08001',
  // What was asked for may well succeed later: query_canceled (by the statement's time limit), deadlock_detected,
  // lock_not_available, serialization_failure.
  '57014',
  '40P01',
  '55P03',
  '40001',
]);

/**
 * Recognises a database that cannot be reached.
 *
 * @returns `service.unavailable` with the cause, or undefined for any other error.
 */
export function asUnavailable(error: unknown): AppError | undefined {
  const { code } = error as PgError;
  const name = (error as Error).name;
  const message = error instanceof Error ? error.message : '';
  const lost =
    (code !== undefined && UNAVAILABLE.has(code)) ||
    name === 'KnexTimeoutError' ||
    /Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect/.test(
      message,
    );
  return lost
    ? new AppError('service.unavailable', {
        detail: 'The database cannot be reached.',
        retryAfterSeconds: 2,
        cause: error,
      })
    : undefined;
}

/** Rethrows a unique violation as the error that its constraint means; anything else as it is. */
export function throwTranslated(error: unknown, codes: Readonly<Record<string, ErrorCode>>): never {
  const { code, constraint } = error as PgError;
  const known = code === '23505' && constraint !== undefined ? codes[constraint] : undefined;
  if (known !== undefined) throw new AppError(known, { cause: error });
  throw error;
}
