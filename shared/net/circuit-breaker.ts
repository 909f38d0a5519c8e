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

/** Stops calling a service that is down, so that its outage costs its callers nothing. */
export interface CircuitBreaker {
  /**
   * @throws AppError of the breaker's code at once while it is open, for which jobs wait at no cost; otherwise what `call`
   *   throws
   */
  run<T>(call: () => Promise<T>): Promise<T>;
}

/** The services that have one, with what an outage of theirs looks like and how they are called in sentences. */
const services = {
  embedding: { code: 'embedding.unavailable', title: 'The embedding provider' },
  completion: { code: 'completion.unavailable', title: 'The completion provider' },
  webhook: { code: 'webhook.unreachable', title: 'The receiver' },
  mail: { code: 'mail.unavailable', title: 'The mail server' },
} as const satisfies Readonly<Record<string, { readonly code: ErrorCode; readonly title: string }>>;

export type BreakerService = keyof typeof services;
export const breakerStates = ['closed', 'half-open', 'open'] as const;
export type BreakerState = (typeof breakerStates)[number];

/** What all breakers of a process have in common. */
export interface BreakerSetup {
  /** Is told of each change, where somebody keeps account of the breakers of a process. */
  readonly board?: Pick<BreakerBoard, 'set'> | undefined;
  /** Ms after which one call is let through to try. */
  readonly pauseMs?: number | undefined;
}

export interface CircuitBreakerOptions extends BreakerSetup {
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly service: BreakerService;
  /** Which of several of the service, such as the name of a model, beside the one that has none. */
  readonly of?: string | undefined;
  /** Failures in a row that open it. */
  readonly failures?: number;
  /** Keeps it out of the metrics, whose series must stay few, and off the board. */
  readonly unmeasured?: boolean;
}

/** Makes a breaker that counts outages only: being throttled or refused is an answer. */
export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const { service, pauseMs = 10_000 } = options;
  const { code, title } = services[service];
  let openedAt = 0;
  const policy = circuitBreaker(
    handleWhen((error) => error instanceof AppError && error.code === code),
    { halfOpenAfter: pauseMs, breaker: new ConsecutiveBreaker(options.failures ?? 5) },
  );
  show(options, 'closed');
  policy.onStateChange((changed) => {
    const state = nameOf(changed);
    if (state === 'open') openedAt = performance.now();
    show(options, state);
    options.logger.warn({ breaker: labelOf(options), state }, 'a circuit breaker changed');
  });
  return {
    run: async (call) => {
      try {
        return await policy.execute(() => call());
      } catch (error) {
        if (!isBrokenCircuitError(error)) throw error;
        const leftMs = Math.max(0, openedAt + pauseMs - performance.now());
        throw new AppError(code, {
          detail: `${title} has failed several times and is left alone for a moment.`,
          retryAfterSeconds: Math.max(1, Math.ceil(leftMs / 1000)),
          waits: true,
          cause: error,
        });
      }
    },
  };
}

function nameOf(state: CircuitState): BreakerState {
  if (state === CircuitState.Closed) return 'closed';
  return state === CircuitState.HalfOpen ? 'half-open' : 'open';
}

const labelOf = ({ service, of }: Pick<CircuitBreakerOptions, 'service' | 'of'>): string =>
  of === undefined ? service : `${service} ${of}`;

function show(options: CircuitBreakerOptions, state: BreakerState): void {
  const { metrics, board, unmeasured } = options;
  if (unmeasured === true) return;
  const service = labelOf(options);
  metrics.breakerOpen.set({ service }, state === 'closed' ? 0 : 1);
  for (const each of breakerStates)
    metrics.breakerState.set({ service, state: each }, Number(each === state));
  board?.set(options, state);
}

/** What the breakers of one process say now. */
export interface BreakerBoard {
  set(breaker: Pick<CircuitBreakerOptions, 'service' | 'of'>, state: BreakerState): void;
  /** Of every service that has a breaker here. */
  states(): Readonly<Record<string, BreakerState>>;
  /** A sentence for each that is not closed. */
  warnings(): string[];
}

export function createBreakerBoard(): BreakerBoard {
  const known = new Map<string, { readonly title: string; readonly state: BreakerState }>();
  return {
    set: ({ service, of }, state) => {
      const { title } = services[service];
      known.set(labelOf({ service, of }), { title: of === undefined ? title : `${title} of ${of}`, state });
    },
    states: () => Object.fromEntries([...known].map(([label, { state }]) => [label, state])),
    warnings: () =>
      [...known.values()]
        .filter(({ state }) => state !== 'closed')
        .map(({ title, state }) => `${title} is down: its circuit breaker is ${state}`),
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
