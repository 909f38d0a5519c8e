import { ROOT_CONTEXT, SpanKind as Kind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import type { Context, Span as RecordedSpan, Tracer as Recorder } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Span, SpanAttributes, SpanKind, Tracer } from './span.ts';
import type { TraceContext } from './trace-context.ts';

export interface OtlpOptions {
  /** Base address of a collector that takes OTLP over HTTP; traces go to `/v1/traces` under it. */
  readonly endpoint: string;
  /** Name of the process, such as `api`. */
  readonly service: string;
  /** Share of the traces that begin here which is recorded, 0..1; of others, whoever began them has decided. */
  readonly ratio: number;
  /** Longest wait for the collector, in ms. */
  readonly timeoutMs: number;
}

/** Spans that wait while the collector is away; what goes beyond is dropped, for no request may wait for it. */
const MOST_WAITING = 4_096;

const KINDS: Readonly<Record<SpanKind, Kind>> = {
  server: Kind.SERVER,
  client: Kind.CLIENT,
  consumer: Kind.CONSUMER,
};

/**
 * Records spans and sends them to a collector (OpenTelemetry Protocol over HTTP, in JSON), in batches and beside
 * everything else. The exporter tries again by itself what a collector asks for again. Disposing sends what is left.
 */
export function otlpTracer({ endpoint, service, ratio, timeoutMs }: OtlpOptions): Tracer {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    timeoutMillis: timeoutMs,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': `donkey-${service}`,
      'service.namespace': 'donkey-workspace',
      'service.instance.id': String(process.pid),
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [
      new BatchSpanProcessor({ exporter, maxQueueSize: MOST_WAITING, exportTimeoutMillis: timeoutMs }),
    ],
  });
  const recorder = provider.getTracer('donkey-workspace');
  return {
    begin: (name, kind, parent, attributes) =>
      spanOf(recorder, contextOf(parent), parent?.state ?? '', name, kind, attributes),
    [Symbol.asyncDispose]: () => provider.shutdown().catch(() => undefined),
  };
}

/** A trace that comes from another process goes on; what its state says is handed on as it came. */
function contextOf(parent: TraceContext | undefined): Context {
  if (parent === undefined) return ROOT_CONTEXT;
  const { traceId, spanId, sampled } = parent;
  const traceFlags = sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

function spanOf(
  recorder: Recorder,
  around: Context,
  state: string,
  name: string,
  kind: SpanKind,
  attributes: SpanAttributes = {},
): Span {
  const span: RecordedSpan = recorder.startSpan(name, { kind: KINDS[kind], attributes }, around);
  const { traceId, spanId, traceFlags } = span.spanContext();
  const within = trace.setSpan(around, span);
  return {
    context: { traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0, state },
    child: (part, partKind, more) => spanOf(recorder, within, state, part, partKind, more),
    tell: (more, better) => {
      span.setAttributes(more);
      if (better !== undefined) span.updateName(better);
    },
    end: (fault) => {
      if (fault !== undefined) {
        span.setAttribute('error.type', fault);
        span.setStatus({ code: SpanStatusCode.ERROR, message: fault });
      }
      span.end();
    },
  };
}
