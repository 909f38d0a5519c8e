import { errorEntry } from './error-catalog.ts';
import type { ErrorCode } from './error-catalog.ts';

/** One field at fault. `pointer` is a JSON pointer (RFC 6901) into `/body`, `/query`, `/params` or `/headers`. */
export interface FieldError {
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

/** Longest time that others may have us wait, in seconds: a day. What they say may be beyond any calendar. */
export const MAX_RETRY_AFTER_SECONDS = 86_400;

export interface AppErrorOptions {
  /** What happened this time, for the client: no secrets, no internals. */
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  /** Seconds after which trying again makes sense. */
  readonly retryAfterSeconds?: number;
  /** Extra response headers, such as Allow. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether a job may wait for its end at no cost, as where a breaker is open; what the catalog says by default. */
  readonly waits?: boolean;
  /** Where in a job it happened, such as `extract` or `embed`. */
  readonly stage?: string;
  readonly cause?: unknown;
}

/** An error with a code of the catalog: the only kind that a client is shown. */
export class AppError extends Error {
  override readonly name: string = 'AppError';
  readonly code: ErrorCode;
  readonly detail: string;
  readonly errors: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly stage: string | undefined;
  readonly #waits: boolean | undefined;

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    const detail = options.detail ?? errorEntry(code).title;
    super(`${code}: ${detail}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.detail = detail;
    this.errors = options.errors ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.headers = options.headers ?? {};
    this.stage = options.stage;
    this.#waits = options.waits;
  }

  /** HTTP status of the catalog. */
  get status(): number {
    return errorEntry(this.code).status;
  }

  get retryable(): boolean {
    return errorEntry(this.code).retryable === true;
  }

  get reportable(): boolean {
    return errorEntry(this.code).reportable === true;
  }

  /** Whether a job that meets it waits as often as need be, without spending an attempt. */
  get waits(): boolean {
    return this.#waits ?? errorEntry(this.code).waits === true;
  }
}

/** Turns anything thrown into an AppError; what is unknown becomes `internal.error` with the cause kept for the log. */
export function toAppError(error: unknown): AppError {
  return error instanceof AppError ? error : new AppError('internal.error', { cause: error });
}
