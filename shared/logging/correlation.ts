import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span } from '../tracing/span.ts';

interface Correlation {
  readonly correlationId: string;
  readonly span: Span | undefined;
}

const storage = new AsyncLocalStorage<Correlation>();

/**
 * Runs `work` so that everything logged, enqueued or called inside carries this correlation id.
 *
 * @param span of which everything inside is a part; the one around it when omitted
 */
export function withCorrelation<T>(correlationId: string, work: () => T, span = currentSpan()): T {
  return storage.run({ correlationId, span }, work);
}

/** The correlation id of the request or job that is being worked on, if there is one. */
export function currentCorrelationId(): string | undefined {
  return storage.getStore()?.correlationId;
}

/** The span of the request or job that is being worked on, if there is one. */
export function currentSpan(): Span | undefined {
  return storage.getStore()?.span;
}
