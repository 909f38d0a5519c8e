import pino from 'pino';
import type { DestinationStream, Logger as PinoLogger } from 'pino';
import { AppError } from '../errors/app-error.ts';
import type { Span } from '../tracing/span.ts';
import { currentCorrelationId, currentSpan } from './correlation.ts';

export type Logger = PinoLogger;

const REDACTED = '[redacted]';
const SECRET_NAMES = [
  'password',
  'password_hash',
  'passwordHash',
  'authorization',
  'cookie',
  'set-cookie',
  'x-csrf-token',
  'csrf_token',
  'csrfToken',
  'token',
  'secret',
  'csrfSecret',
  'apiKey',
  'api_key',
  'signingKeys',
  'databaseUrl',
  'url',
  'queueUrl',
  'cacheUrl',
];

/**
 * Makes the process's one logger: JSON lines, secrets replaced, the correlation id on every line.
 *
 * @param options.level least severe level written
 * @param options.service name of the process, such as `api`
 * @param destination where lines go; standard output when omitted
 */
export function createLogger(
  options: { level: string; service: string },
  destination?: DestinationStream,
): Logger {
  return pino(
    {
      level: options.level,
      base: { service: options.service, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => {
        const id = currentCorrelationId();
        return id === undefined ? {} : { correlation_id: id, ...traceFields(currentSpan()) };
      },
      serializers: { err: serializeError },
      redact: {
        paths: SECRET_NAMES.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
        censor: REDACTED,
      },
    },
    destination ?? pino.destination({ fd: 1, sync: false }),
  );
}

/** Names a span in a log line, also in one that is written outside of it. */
export const traceFields = (span: Span | undefined) =>
  span === undefined ? {} : { trace_id: span.context.traceId, span_id: span.context.spanId };

/** The same logger for lines that have no objects in them: secrets are looked for at the top alone, which is quick. */
export const forFlatLines = (logger: Logger): Logger =>
  logger.child({}, { redact: { paths: SECRET_NAMES.map((name) => `["${name}"]`), censor: REDACTED } });

/** URLs with credentials turn up in driver messages; what stands before the @ is cut out. */
const scrub = (text: string): string => text.replace(/\b([a-z]+:\/\/)[^\s/@]*@/gi, '$1[redacted]@');

function serializeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: scrub(String(error)) };
  return {
    name: error.name,
    ...(error instanceof AppError
      ? { code: error.code, detail: error.detail }
      : { code: (error as { code?: unknown }).code }),
    message: scrub(error.message),
    stack: error.stack === undefined ? undefined : scrub(error.stack),
    ...(error.cause === undefined ? {} : { cause: serializeError(error.cause) }),
  };
}
