import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RequestHandler } from 'express';
import { AppError } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/error-catalog.ts';
import { problemOf } from './error-handler.ts';

/** Browsers send about twenty; each costs work in every part that looks through them. */
const MOST_HEADERS = 100;

/** Refuses requests with more headers than anybody needs; their size together is bounded by the server. */
export function limitHeaders(): RequestHandler {
  return (req, _res, next) => {
    if (req.rawHeaders.length > MOST_HEADERS * 2) throw new AppError('request.headers_too_large');
    next();
  };
}

/** What Node's parser and timers say of a request that never became one. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'request.headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request.timeout',
};

/**
 * Answers requests that Express never sees because they cannot be read: with a problem like all others, and the end of
 * the connection. For the server's event `clientError`.
 */
export function answerUnreadable(publicUrl: string): (error: NodeJS.ErrnoException, socket: Duplex) => void {
  return (error, socket) => {
    // A connection that was reset, or an answer that has begun, cannot be answered.
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const problem = new AppError(CODES[error.code ?? ''] ?? 'request.malformed');
    const correlationId = randomUUID();
    const body = JSON.stringify({
      ...problemOf(problem, publicUrl),
      instance: '/',
      correlation_id: correlationId,
    });
    const head = [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${correlationId}`,
      "Content-Security-Policy: default-src 'none'",
      'X-Content-Type-Options: nosniff',
      'Cache-Control: no-store',
      'Connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  };
}
