import { currentCorrelationId, currentSpan } from '#shared/logging/correlation.ts';
import { traceHeaders } from '#shared/tracing/trace-context.ts';

/** What ties a job to the request or job that it is made by. */
export interface TraceColumns {
  readonly correlation_id: string | null;
  readonly traceparent: string | null;
  readonly tracestate: string | null;
}

/** The columns of a job that is made now. */
export function traceColumns(): TraceColumns {
  const span = currentSpan();
  const { traceparent = null, tracestate = null } = span === undefined ? {} : traceHeaders(span.context);
  return { correlation_id: currentCorrelationId() ?? null, traceparent, tracestate };
}
