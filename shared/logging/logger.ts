import pino from 'pino';
import type { DestinationStream } from 'pino';
import type { Span } from '../tracing/span.ts';
import { currentCorrelationId, currentSpan } from './correlation.ts';
import type { LogFields } from './log-fields.ts';
import { createLogLevel } from './log-level.ts';
import type { LogLevel, LogLevelName } from './log-level.ts';
import { redact, scrub, serializeError } from './redact.ts';

/** Writes a line: fields of the list in `log-fields.ts`, and a message that is the same each time. */
interface WriteLine {
  (message: string): void;
  (fields: LogFields, message: string): void;
}

export interface Logger {
  readonly trace: WriteLine;
  readonly debug: WriteLine;
  readonly info: WriteLine;
  readonly warn: WriteLine;
  readonly error: WriteLine;
  readonly fatal: WriteLine;
  /** A logger whose lines all have these fields. */
  child(fields: LogFields): Logger;
}

export interface LoggerOptions {
  /** Least severe level written, or what decides about it while the process runs. */
  readonly level: LogLevelName | LogLevel;
  /** Name of the process, such as `api`. */
  readonly service: string;
}

/**
 * Makes the process's one logger: JSON lines, secrets replaced, correlation id and trace on every line.
 *
 * @param destination where lines go; standard output when omitted
 */
export function createLogger({ level, service }: LoggerOptions, destination?: DestinationStream): Logger {
  const least = typeof level === 'string' ? createLogLevel(level) : level;
  return pino(
    {
      // Children would keep the level that they were made with; the hook below asks each time.
      level: 'trace',
      base: { service, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: (fields) => redact(fields) },
      mixin: () => {
        const id = currentCorrelationId();
        return id === undefined ? {} : { correlation_id: id, ...traceFields(currentSpan()) };
      },
      serializers: { err: (error: unknown) => serializeError(error) },
      hooks: {
        logMethod(given, write, severity) {
          if (!least.admits(severity)) return;
          const [first, second] = given as unknown as [string | object, string?];
          if (typeof first === 'string') write.call(this, scrub(first));
          else write.call(this, first, second === undefined ? second : scrub(second));
        },
      },
    },
    destination ?? pino.destination({ fd: 1, sync: false }),
  );
}

/** Names a span in a log line, also in one that is written outside of it. */
export const traceFields = (span: Span | undefined): LogFields =>
  span === undefined ? {} : { trace_id: span.context.traceId, span_id: span.context.spanId };
