import { createHash } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '#shared/errors/app-error.ts';
import { clientKey } from './client-network.ts';
import type { ConnectionGuard } from './connection-guard.ts';
import { createTokenBuckets, perMinuteLimits } from './token-buckets.ts';

/** One address has so many times what one session or key has, so that no single account can use up its neighbours' share. */
const CALLERS_PER_ADDRESS = 3;

/** An upload that was broken off or could not be read. */
const HARM = 1;
/** One that was read and is not wanted, as many are in a folder of all sorts of files. */
const DISAPPOINTMENT = 0.2;

export interface UploadAdmissionOptions {
  readonly guard: ConnectionGuard;
  /** Uploads for nothing that one session or key may send in a minute, a sixth of them at once. */
  readonly failuresPerMinute: number;
  /** What the caller says to be known by, unproven: the session cookie or the key. */
  readonly credentialOf: (req: Request) => string;
  readonly now?: () => number;
}

/** The parts of a request's way that keep account of uploads that come to nothing. */
export interface UploadAdmission {
  /**
   * Refuses callers with too many of them: before anybody is looked up and a byte is read, and once more after standing in
   * line, for meanwhile others of theirs may have ended.
   */
  readonly check: RequestHandler;
  /** Counts this one when it has ended. Successes are free, so whoever uploads a lot never meets the limit. */
  readonly count: RequestHandler;
}

export function createUploadAdmission(options: UploadAdmissionOptions): UploadAdmission {
  const { guard, failuresPerMinute: most, credentialOf, now = () => performance.now() } = options;
  const callers = createTokenBuckets({ ...perMinuteLimits(most), now });
  const addresses = createTokenBuckets({ ...perMinuteLimits(most * CALLERS_PER_ADDRESS), now });
  const callerOf = (req: Request): string =>
    createHash('sha256').update(credentialOf(req)).digest('base64url');
  return {
    check: (req, _res, next) => {
      if (guard.isShut(req.socket)) {
        req.socket.destroy();
        return;
      }
      const seconds = Math.max(
        callers.secondsUntilFree(callerOf(req)),
        addresses.secondsUntilFree(clientKey(req.ip)),
      );
      if (seconds > 0) {
        guard.note(req.socket);
        throw new AppError('request.rate_limited', {
          detail: 'Too many uploads came to nothing.',
          retryAfterSeconds: seconds,
        });
      }
      next();
    },
    count: (req, res, next) => {
      const [caller, address] = [callerOf(req), clientKey(req.ip)];
      res.once('close', () => {
        const cost = costOf(res);
        if (cost === 0) return;
        callers.charge(caller, cost);
        addresses.charge(address, cost);
      });
      next();
    },
  };
}

/** What an upload that has ended costs its sender; that we had no room for it is not their fault. */
function costOf(res: Response): number {
  if (!res.writableFinished) return HARM;
  const { statusCode: status } = res;
  if (status < 400 || status === 429 || status >= 500) return 0;
  return [400, 401, 403, 408, 413].includes(status) ? HARM : DISAPPOINTMENT;
}
