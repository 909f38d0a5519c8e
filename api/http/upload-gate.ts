import { AsyncResource } from 'node:async_hooks';
import type { RequestHandler, Response } from 'express';
import { AppError } from '#shared/errors/app-error.ts';
import { stateOf } from './request-context.ts';

/** How long a request may stand in line before it is turned away. */
const MAX_WAIT_MS = 10_000;

/** For each place, so many requests may stand in line. */
const LINE_PER_PLACE = 8;

/** Somebody in line. */
interface Waiting {
  readonly user: string;
  readonly enter: () => void;
}

/**
 * Lets so many requests with large bodies in at a time, whatever form their bodies have; the next ones wait, with their
 * bodies unread, and where the line is too long they are turned away. A place is held until the answer is complete,
 * because the bytes live as long. One user holds at most half of the places and half of the line, so that slow bodies of
 * theirs stop nobody else: the line passes over those who have their share.
 */
export function createUploadGate(inFlight: number): RequestHandler {
  const inside = new Map<string, number>();
  const line: Waiting[] = [];
  const length = inFlight * LINE_PER_PLACE;
  const total = (): number => [...inside.values()].reduce((sum, count) => sum + count, 0);
  const hasRoom = (user: string): boolean =>
    total() < inFlight && (inside.get(user) ?? 0) < atLeastOne(inFlight / 2);
  const mayWait = (user: string): boolean =>
    line.length < length && line.filter((one) => one.user === user).length < atLeastOne(length / 2);
  const leave = (user: string): void => {
    const left = (inside.get(user) ?? 1) - 1;
    if (left === 0) inside.delete(user);
    else inside.set(user, left);
    // Nobody in line had room before, so there is room for one now.
    line.find((waiting) => hasRoom(waiting.user))?.enter();
  };
  return (_req, res, next) => {
    // Its end has been told already, so it would hold a place for ever.
    if (res.closed) return;
    const user = userOf(res);
    const enter = (): void => {
      inside.set(user, (inside.get(user) ?? 0) + 1);
      res.once('close', () => leave(user));
      next();
    };
    if (hasRoom(user)) enter();
    else if (mayWait(user)) stand(line, { user, enter }, res, next);
    else throw busy();
  };
}

/** Puts a request in line until its turn comes, its client goes or it has waited too long. */
function stand(line: Waiting[], { user, enter }: Waiting, res: Response, refuse: (error: AppError) => void) {
  const stepOut = (): void => {
    clearTimeout(timer);
    res.off('close', stepOut);
    line.splice(line.indexOf(waiting), 1);
  };
  // The turn comes while another request ends, whose correlation id must not go on in this one.
  const turn = AsyncResource.bind(() => {
    stepOut();
    enter();
  });
  const waiting: Waiting = { user, enter: turn };
  const timer = setTimeout(() => {
    stepOut();
    refuse(busy());
  }, MAX_WAIT_MS);
  res.once('close', stepOut);
  line.push(waiting);
}

const atLeastOne = (share: number): number => Math.max(1, Math.floor(share));

const busy = (): AppError => new AppError('request.busy', { retryAfterSeconds: 1 });

/** Those who are not logged in share what one user has. */
const userOf = (res: Response): string => stateOf(res).identity?.user.id ?? '';
