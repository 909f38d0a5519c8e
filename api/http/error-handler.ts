import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import Joi from 'joi';
import { asUnavailable } from '#db/database-errors.ts';
import type { Config } from '#shared/config/config.ts';
import { AppError, toAppError } from '#shared/errors/app-error.ts';
import type { FieldError } from '#shared/errors/app-error.ts';
import { errorCatalog, errorEntry } from '#shared/errors/error-catalog.ts';
import type { ErrorCode } from '#shared/errors/error-catalog.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import type { AnyEndpoint } from './endpoint.ts';
import { boundRest } from './bound-rest.ts';
import { stateOf } from './request-context.ts';

/** Every error answer (RFC 9457, with our code, the correlation id and the fields at fault). */
export const problemSchema = Joi.object({
  type: Joi.string().uri().required().description('Address of the documentation of the code.'),
  title: Joi.string().required(),
  status: Joi.number().integer().min(400).max(599).required(),
  detail: Joi.string().required(),
  instance: Joi.string().required().description('Path of the request.'),
  code: Joi.string()
    .valid(...Object.keys(errorCatalog))
    .required()
    .description('Stable; what programs should look at.'),
  correlation_id: Joi.string().required().description('Also in X-Request-Id and in every log line.'),
  errors: Joi.array()
    .items(
      Joi.object({
        pointer: Joi.string().required().description('JSON pointer into body, query, params or headers.'),
        code: Joi.string().required(),
        message: Joi.string().required(),
      }),
    )
    .required(),
});

/** The fields of a problem that depend on the error alone. */
export function problemOf(error: AppError, publicUrl: string) {
  const { title, status } = errorEntry(error.code);
  return {
    type: `${publicUrl}/docs/errors#${error.code}`,
    title,
    status,
    detail: error.detail,
    code: error.code,
    errors: error.errors,
  };
}

/** Answers 405 where the path is known under other methods, else 404. */
export function notFound(endpoints: readonly AnyEndpoint[]): RequestHandler {
  return (req, res) => {
    const unknown = unknownRoute(endpoints, req.path);
    const { Allow: allow } = unknown.headers;
    if (req.method !== 'OPTIONS' || allow === undefined) throw unknown;
    res.set('Allow', allow).status(204).end();
  };
}

/** What to say of a path that no endpoint answers under the method that was tried. */
export function unknownRoute(endpoints: readonly AnyEndpoint[], path: string): AppError {
  const known = endpoints.filter((endpoint) => matches(endpoint.fullPath, path));
  if (known.length === 0) return new AppError('route.not_found');
  const methods = new Set(known.map((endpoint): string => endpoint.method).concat('OPTIONS'));
  if (methods.has('GET')) methods.add('HEAD');
  return new AppError('route.method_not_allowed', { headers: { Allow: [...methods].sort().join(', ') } });
}

const matches = (template: string, path: string): boolean => {
  const steps = template.split('/');
  const given = path.replace(/(.)\/$/, '$1').split('/');
  return (
    steps.length === given.length &&
    steps.every((step, index) => (step.startsWith(':') ? given[index] !== '' : step === given[index]))
  );
};

export interface ErrorHandlerOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** The one place where errors become answers; each is logged and counted here, once. */
export function errorHandler({ config, logger, metrics }: ErrorHandlerOptions): ErrorRequestHandler {
  return (thrown: unknown, req, res, _next) => {
    if (res.closed && !res.writableFinished) {
      // Whoever asked has gone: what the interrupted work threw is nobody's fault.
      logger.info({ reason: (thrown as Error).name }, 'the client went away');
      return;
    }
    const error = judge({ config, logger, metrics }, thrown, stateOf(res).endpoint);
    if (res.headersSent) res.destroy();
    else {
      boundRest(req, res);
      send(res, error, config.api.publicUrl, req.originalUrl);
    }
  };
}

/** Makes an error of the catalog of anything that was thrown, logs it and counts it: once for each failure. */
export function judge(
  { config, logger, metrics }: ErrorHandlerOptions,
  thrown: unknown,
  endpoint: AnyEndpoint | undefined,
): AppError {
  let error = recognise(thrown);
  const undeclared = config.environment === 'test' && !isDeclared(endpoint, error.code);
  if (undeclared)
    error = new AppError('internal.error', {
      detail: `The contract does not declare ${error.code}.`,
      cause: error,
    });
  metrics.errors.inc({ code: error.code });
  if (error.reportable) logger.error({ err: error, code: error.code }, error.message);
  // Messages may repeat what was sent; where and what kind of fault is enough.
  else logger.info({ code: error.code, faults: error.errors.map(faultForLog) }, error.message);
  return error;
}

function send(res: Response, error: AppError, publicUrl: string, url: string): void {
  const { correlationId } = stateOf(res);
  // Express may hold cookies and entity headers of the answer that failed.
  for (const name of ['etag', 'content-disposition', 'content-length', 'set-cookie']) res.removeHeader(name);
  if (error.retryAfterSeconds !== undefined) res.set('Retry-After', String(error.retryAfterSeconds));
  res.set({ 'Cache-Control': 'no-store', ...error.headers });
  const [path = ''] = url.split('?');
  res
    .status(error.status)
    .type('application/problem+json')
    .send(JSON.stringify({ ...problemOf(error, publicUrl), instance: path, correlation_id: correlationId }));
}

const faultForLog = ({ pointer, code }: FieldError): string => `${pointer.slice(0, 100)} ${code}`;

// That an operation may not be part of a batch is no answer of the operation itself.
const isDeclared = (endpoint: AnyEndpoint | undefined, code: ErrorCode): boolean =>
  endpoint === undefined || endpoint.errors.includes(code) || code.startsWith('batch.');

/** What the libraries around the handlers throw, by their `type` or `code`. */
const FOREIGN: Readonly<Record<string, ErrorCode>> = {
  'entity.too.large': 'request.too_large',
  'entity.parse.failed': 'request.malformed',
  'entity.verify.failed': 'request.malformed',
  'request.aborted': 'request.malformed',
  'request.size.invalid': 'request.malformed',
  'charset.unsupported': 'request.media_type',
  'encoding.unsupported': 'request.media_type',
  EBADCSRFTOKEN: 'auth.csrf_invalid',
  LIMIT_FILE_SIZE: 'document.too_large',
};

/** Turns anything thrown into an error of the catalog. */
export function recognise(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const unavailable = thrown instanceof Error ? asUnavailable(thrown) : undefined;
  if (unavailable) return unavailable;
  const { type, code, status, name } = (thrown ?? {}) as Record<string, unknown>;
  const known = FOREIGN[String(type)] ?? FOREIGN[String(code)];
  if (known !== undefined) return new AppError(known, { cause: thrown });
  // Undecodable paths (URIError) and multipart faults are the client's; they carry no code of their own.
  if (name === 'MulterError' || status === 400) return new AppError('request.malformed', { cause: thrown });
  return toAppError(thrown);
}
