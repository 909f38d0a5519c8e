import { newSpanId, newTrace } from './trace-context.ts';
import type { TraceContext } from './trace-context.ts';

export type SpanKind = 'server' | 'client' | 'consumer';
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** A piece of work with a beginning and an end that is part of a trace. */
export interface Span {
  /** What log lines and calls of others name it by. */
  readonly context: TraceContext;
  /** Begins a part of it. */
  child(name: string, kind: SpanKind, attributes?: SpanAttributes): Span;
  /** Says what is known only after it has begun. @param name a better one than it began with */
  tell(attributes: SpanAttributes, name?: string): void;
  /** To be called once. @param fault code of what went wrong, if something did */
  end(fault?: string): void;
}

/** Begins what has no span around it in this process: the answer to a request, an attempt of a job. */
export interface Tracer extends AsyncDisposable {
  /** @param parent where the trace comes from; a new one begins without */
  begin(name: string, kind: SpanKind, parent: TraceContext | undefined, attributes?: SpanAttributes): Span;
}

/** The span of a process that records none: it has ids for log lines and headers, and its parts are itself. */
export function plainSpan(context: TraceContext): Span {
  const span: Span = {
    context,
    child: () => span,
    tell: () => undefined,
    end: () => undefined,
  };
  return span;
}

/** Hands traces on without recording anything. */
export const plainTracer = (): Tracer => ({
  begin: (_name, _kind, parent) =>
    plainSpan(parent === undefined ? newTrace() : { ...parent, spanId: newSpanId() }),
  [Symbol.asyncDispose]: () => Promise.resolve(),
});
