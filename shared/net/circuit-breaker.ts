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
  /** What kind of provider it is, in words and in the metrics. */
  readonly service: 'embedding' | 'completion';
  /** Failures in a row that open it. */
  readonly failures?: number;
  /** Keeps it out of the metrics, whose series must stay few. */
  readonly unmeasured?: boolean;
  /** Ms after which one call is let through to try. */
  readonly pauseMs?: number;
}

/** Makes a breaker that counts `<service>.unavailable` only: being throttled or refused is an answer. */
export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const { service } = options;
  const code: ErrorCode = `${service}.unavailable`;
  const pauseMs = options.pauseMs ?? 10_000;
  const policy = circuitBreaker(
    handleWhen((error) => error instanceof AppError && error.code === code),
    { halfOpenAfter: pauseMs, breaker: new ConsecutiveBreaker(options.failures ?? 5) },
  );
  const gauge = options.unmeasured === true ? undefined : options.metrics.breakerOpen.labels({ service });
  gauge?.set(0);
  policy.onStateChange((state) => {
    gauge?.set(state === CircuitState.Closed ? 0 : 1);
    options.logger.warn({ state: CircuitState[state] }, `the breaker of the ${service} provider changed`);
  });
  return {
    run: async (call) => {
      try {
        return await policy.execute(() => call());
      } catch (error) {
        if (!isBrokenCircuitError(error)) throw error;
        throw new AppError(code, {
          detail: `The ${service} provider has failed several times and is left alone for a moment.`,
          retryAfterSeconds: Math.ceil(pauseMs / 1000),
          cause: error,
        });
      }
    },
  };
}

/** Addresses of users that are remembered as down at the same time; more would be somebody's attack on memory. */
const MOST_BREAKERS = 200;

/**
 * One breaker an address, so that one user's broken server is not taken for an outage of everybody's.
 *
 * @param own address of the operator's provider, the only one that is measured
 */
export function breakersByAddress(
  own: string,
  options: CircuitBreakerOptions & { readonly breaker?: CircuitBreaker | undefined },
): (baseUrl: string) => CircuitBreaker {
  const main = options.breaker ?? createCircuitBreaker(options);
  const others = new Map<string, CircuitBreaker>();
  return (baseUrl) => {
    if (baseUrl === own) return main;
    const breaker = others.get(baseUrl) ?? createCircuitBreaker({ ...options, unmeasured: true });
    // The map keeps the order of insertion: what was used last goes to its end, and the first is dropped.
    others.delete(baseUrl);
    others.set(baseUrl, breaker);
    const [oldest] = others.keys();
    if (others.size > MOST_BREAKERS && oldest !== undefined) others.delete(oldest);
    return breaker;
  };
}
