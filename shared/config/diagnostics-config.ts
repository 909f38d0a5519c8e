import type { SettingName } from './settings.ts';

/** What helps operators to look closer. */
export interface DiagnosticsConfig {
  /** How long SIGUSR2 has a process log from `debug` on. */
  readonly debugMinutes: number;
  /** Where spans are sent to; undefined sends none. */
  readonly tracing: TracingConfig | undefined;
}

export interface TracingConfig {
  /** Base address of a collector. */
  readonly endpoint: string;
  /** Share of the traces that begin here which is recorded, 0..1. */
  readonly ratio: number;
  readonly timeoutMs: number;
}

/** @param get value of a setting, of the type its schema produces */
export function diagnosticsConfig(get: <T>(name: SettingName) => T): DiagnosticsConfig {
  const endpoint = get<string | undefined>('OTEL_EXPORTER_OTLP_ENDPOINT');
  return {
    debugMinutes: get('LOG_DEBUG_MINUTES'),
    tracing:
      endpoint === undefined
        ? undefined
        : {
            endpoint,
            ratio: get('OTEL_TRACES_SAMPLER_ARG'),
            timeoutMs: get('OTEL_EXPORTER_OTLP_TIMEOUT'),
          },
  };
}
