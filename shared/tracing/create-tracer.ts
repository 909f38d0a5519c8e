import type { DiagnosticsConfig } from '../config/diagnostics-config.ts';
import { plainTracer } from './span.ts';
import type { Tracer } from './span.ts';

/** The tracer that the settings ask for. What records spans is loaded only where it is wanted. */
export async function createTracer(service: string, { tracing }: DiagnosticsConfig): Promise<Tracer> {
  if (tracing === undefined) return plainTracer();
  const { otlpTracer } = await import('./otlp-tracer.ts');
  return otlpTracer({ ...tracing, service });
}
