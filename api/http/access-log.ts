import type { Request, RequestHandler, Response } from 'express';
import morgan from 'morgan';
import { traceFields } from '#shared/logging/logger.ts';
import type { LogFields } from '#shared/logging/log-fields.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { stateOf } from './request-context.ts';

/** One log line a request, without query values: they may hold what somebody searched for. */
export function accessLog(logger: Logger): RequestHandler {
  return morgan<Request, Response>((tokens, req, res) => {
    const { correlationId, span, endpoint, identity, notes } = stateOf(res);
    const [path = '', query] = req.originalUrl.split('?');
    const line: LogFields = {
      // The line is written after the answer, outside the request's own logging scope.
      correlation_id: correlationId,
      ...traceFields(span),
      method: req.method,
      route: endpoint?.fullPath,
      path,
      query: query === undefined ? undefined : [...new URLSearchParams(query).keys()],
      status: res.statusCode,
      aborted: res.writableFinished ? undefined : true,
      ms: Number(tokens['total-time']?.(req, res, 1)),
      bytes: Number(tokens.res?.(req, res, 'content-length') ?? 0),
      user_id: identity?.user.id,
      ...notes,
    };
    logger.info(line, 'request');
    // The logger has its own form and destination: there is nothing left for morgan to write.
    return undefined;
  }) as RequestHandler;
}
