import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  isBrokenCircuitError,
} from 'cockatiel';
import { AppError } from '../errors/app-error.ts';
import type { ErrorCode } from '../errors/error-catalog.ts';
import type { Logger } from '../logging/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';

/** Stops calling a provider that is down, so that its outage costs its callers nothing. */
export interface CircuitBreaker {
  /** @throws AppError of the breaker's code at once while it is open; otherwise what `call` throws. */
  run<T>(call: () => Promise<T>): Promise<T>;
}

export interface CircuitBreakerOptions {
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** Failures in a row that open it. */
  readonly failures?: number;
  /** Name in the metrics; undefined keeps it out of them. */
  readonly service?: string | undefined;
  /** Ms after which one call is let through to try. */
  readonly pauseMs?: number;
  /** What an outage looks like; `embedding.unavailable` by default. */
  readonly code?: ErrorCode;
  /** What is called, as the message about an open breaker begins. */
  readonly what?: string;
}

/** Makes a breaker that counts errors of one code only: being throttled or refused is an answer. */
export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const { pauseMs = 10_000, code = 'embedding.unavailable', what = 'The embedding provider' } = options;
  const policy = circuitBreaker(
    handleWhen((error) => error instanceof AppError && error.code === code),
    { halfOpenAfter: pauseMs, breaker: new ConsecutiveBreaker(options.failures ?? 5) },
  );
  const service = 'service' in options ? options.service : 'embedding';
  const gauge = service === undefined ? undefined : options.metrics.breakerOpen.labels({ service });
  gauge?.set(0);
  policy.onStateChange((state) => {
    gauge?.set(state === CircuitState.Closed ? 0 : 1);
    options.logger.warn({ what, state: CircuitState[state] }, 'a circuit breaker changed');
  });
  return {
    run: async (call) => {
      try {
        return await policy.execute(() => call());
      } catch (error) {
        if (!isBrokenCircuitError(error)) throw error;
        throw new AppError(code, {
          detail: `${what} has failed several times and is left alone for a moment.`,
          retryAfterSeconds: Math.ceil(pauseMs / 1000),
          cause: error,
        });
      }
    },
  };
}
