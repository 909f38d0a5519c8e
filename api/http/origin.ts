import type { RequestHandler } from 'express';
import { AppError } from '#shared/errors/app-error.ts';

/**
 * Refuses state-changing requests that a browser says come from elsewhere. Programs send neither header and are left
 * to the CSRF token.
 *
 * @param allowed origins such as `https://example.org`
 */
export function checkOrigin(allowed: readonly string[]): RequestHandler {
  return (req, _res, next) => {
    const origin = req.get('origin');
    const site = req.get('sec-fetch-site');
    const good =
      origin === undefined
        ? site === undefined || site === 'same-origin' || site === 'none'
        : allowed.includes(origin);
    if (!good) throw new AppError('auth.origin_forbidden');
    next();
  };
}

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const REQUEST_HEADERS = [
  'authorization, content-type, x-csrf-token, x-request-id, if-match, if-none-match, last-event-id, idempotency-key',
  'content-digest, signature, signature-input, traceparent, tracestate',
].join(', ');
const RESPONSE_HEADERS =
  'etag, location, retry-after, x-request-id, ratelimit, ratelimit-policy, content-disposition, idempotency-replayed';

/** Lets scripts of the allowed origins read the answers (Fetch standard, CORS protocol); nobody else's. */
export function cors(allowed: readonly string[]): RequestHandler {
  return (req, res, next) => {
    res.vary('Origin');
    const origin = req.get('origin');
    if (origin === undefined || !allowed.includes(origin)) {
      next();
      return;
    }
    res.set({ 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Credentials': 'true' });
    if (req.method === 'OPTIONS' && req.get('access-control-request-method') !== undefined) {
      res.set({
        'Access-Control-Allow-Methods': METHODS,
        'Access-Control-Allow-Headers': REQUEST_HEADERS,
        'Access-Control-Max-Age': '600',
      });
      res.status(204).end();
      return;
    }
    res.set('Access-Control-Expose-Headers', RESPONSE_HEADERS);
    next();
  };
}
