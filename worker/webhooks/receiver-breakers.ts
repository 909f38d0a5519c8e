import { createCircuitBreaker } from '#shared/net/circuit-breaker.ts';
import type { CircuitBreaker } from '#shared/net/circuit-breaker.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';

/** One breaker a receiver, so that one that is down costs the others no time. */
export interface ReceiverBreakers {
  /** The breaker of the host of a URL. */
  of(url: string): CircuitBreaker;
}

/** Hosts whose breakers are remembered; beyond that, the one used longest ago is forgotten. */
const MOST_HOSTS = 1_000;

export function createReceiverBreakers(options: {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Ms after which a receiver is tried again. */
  readonly pauseMs?: number;
}): ReceiverBreakers {
  const breakers = new Map<string, CircuitBreaker>();
  return {
    of: (url) => {
      const { host } = new URL(url);
      const breaker =
        breakers.get(host) ??
        // Hosts are chosen by users: too many for a label of a metric.
        createCircuitBreaker({
          ...options,
          service: 'webhook',
          unmeasured: true,
        });
      breakers.delete(host);
      breakers.set(host, breaker);
      const [oldest] = breakers.keys();
      if (breakers.size > MOST_HOSTS && oldest !== undefined) breakers.delete(oldest);
      return breaker;
    },
  };
}
