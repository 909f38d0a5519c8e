import type { RequestHandler } from 'express';
import { AppError } from '#shared/errors/app-error.ts';

/**
 * Lets so many requests with large bodies in at a time, whatever form their bodies have, and turns the others away before
 * any of theirs is read. A place is held until the answer is complete, because the bytes live as long.
 */
export function createUploadGate(inFlight: number): RequestHandler {
  let inside = 0;
  return (_req, res, next) => {
    if (inside >= inFlight) throw new AppError('request.busy', { retryAfterSeconds: 1 });
    inside += 1;
    res.once('close', () => {
      inside -= 1;
    });
    next();
  };
}
