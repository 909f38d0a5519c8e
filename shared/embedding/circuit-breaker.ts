import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  isBrokenCircuitError,
} from 'cockatiel';
import { AppError } from '../errors/app-error.ts';
import type { Logger } from '../logging/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';

/** Stops calling a provider that is down, so that its outage costs its callers nothing. */
export interface CircuitBreaker {
  /** @throws AppError embedding.unavailable at once while the breaker is open; otherwise what `call` throws. */
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
}

/** Makes a breaker that counts `embedding.unavailable` only: being throttled or refused is an answer. */
export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const pauseMs = options.pauseMs ?? 10_000;
  const policy = circuitBreaker(
    handleWhen((error) => error instanceof AppError && error.code === 'embedding.unavailable'),
    { halfOpenAfter: pauseMs, breaker: new ConsecutiveBreaker(options.failures ?? 5) },
  );
  const service = 'service' in options ? options.service : 'embedding';
  const gauge = service === undefined ? undefined : options.metrics.breakerOpen.labels({ service });
  gauge?.set(0);
  policy.onStateChange((state) => {
    gauge?.set(state === CircuitState.Closed ? 0 : 1);
    options.logger.warn({ state: CircuitState[state] }, 'the breaker of the embedding provider changed');
  });
  return {
    run: async (call) => {
      try {
        return await policy.execute(() => call());
      } catch (error) {
        if (!isBrokenCircuitError(error)) throw error;
        throw new AppError('embedding.unavailable', {
          detail: 'The embedding provider has failed several times and is left alone for a moment.',
          retryAfterSeconds: Math.ceil(pauseMs / 1000),
          cause: error,
        });
      }
    },
  };
}
