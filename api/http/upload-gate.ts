import type { RequestHandler } from 'express';
import { AppError } from '#shared/errors/app-error.ts';

/** How long a request may stand in line before it is turned away. */
const MAX_WAIT_MS = 10_000;

/** For each place, so many requests may stand in line. */
const LINE_PER_PLACE = 8;

/**
 * Lets so many requests with large bodies in at a time, whatever form their bodies have; the next ones wait, with their
 * bodies unread, and where the line is too long they are turned away. A place is held until the answer is complete,
 * because the bytes live as long.
 */
export function createUploadGate(inFlight: number): RequestHandler {
  let inside = 0;
  const line: (() => void)[] = [];
  const leave = (): void => {
    inside -= 1;
    line.shift()?.();
  };
  return (_req, res, next) => {
    const enter = (): void => {
      inside += 1;
      res.once('close', leave);
      next();
    };
    if (inside < inFlight) {
      enter();
      return;
    }
    if (line.length >= inFlight * LINE_PER_PLACE)
      throw new AppError('request.busy', { retryAfterSeconds: 1 });
    const stepOut = (): void => {
      clearTimeout(timer);
      res.off('close', stepOut);
      const index = line.indexOf(turn);
      if (index >= 0) line.splice(index, 1);
    };
    const turn = (): void => {
      stepOut();
      enter();
    };
    const timer = setTimeout(() => {
      stepOut();
      next(new AppError('request.busy', { retryAfterSeconds: 1 }));
    }, MAX_WAIT_MS);
    res.once('close', stepOut);
    line.push(turn);
  };
}
