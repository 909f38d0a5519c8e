import { AsyncResource } from 'node:async_hooks';
import type { RequestHandler, Response } from 'express';
import { AppError } from '#shared/errors/app-error.ts';
import { clientKey } from './client-network.ts';
import { stateOf } from './request-context.ts';

/** How long a request may stand in line before it is turned away. */
const MAX_WAIT_MS = 10_000;

/** For each place, so many requests may stand in line. */
const LINE_PER_PLACE = 8;

/** Who holds or wants a place: a user, at an address. */
type Holder = readonly [user: string, address: string];

/** Somebody in line. */
interface Waiting {
  readonly holder: Holder;
  readonly enter: () => void;
}

/** Of all that there is, what one user and what one address may have. */
const SHARES = [(all: number) => Math.floor(all / 2), (all: number) => Math.ceil((all * 3) / 4)] as const;

/**
 * Lets so many requests with large bodies in at a time, whatever form their bodies have; the next ones wait, with their
 * bodies unread, and where the line is too long they are turned away. A place is held until the answer is complete,
 * because the bytes live as long. One user holds at most half of the places and half of the line, one address with all its
 * users three quarters, so that slow bodies of theirs stop nobody else: the line passes over those who have their share.
 */
export function createUploadGate(inFlight: number): RequestHandler {
  const inside = new Set<Holder>();
  const line: Waiting[] = [];
  const length = inFlight * LINE_PER_PLACE;
  const hasRoom = (holder: Holder): boolean => hasShare(inFlight, holder, [...inside]);
  const mayWait = (holder: Holder): boolean =>
    hasShare(
      length,
      holder,
      line.map((one) => one.holder),
    );
  const nextInLine = (): Waiting | undefined => line.find(({ holder }) => hasRoom(holder));
  const leave = (holder: Holder): void => {
    inside.delete(holder);
    // One who had the user's share against them may enter now, and one who had the address's.
    for (let next = nextInLine(); next !== undefined; next = nextInLine()) next.enter();
  };
  return (req, res, next) => {
    // Its end has been told already, so it would hold a place for ever.
    if (res.closed) return;
    const holder: Holder = [userOf(res), clientKey(req.ip)];
    const enter = (): void => {
      inside.add(holder);
      res.once('close', () => leave(holder));
      next();
    };
    if (hasRoom(holder)) enter();
    else if (mayWait(holder)) stand(line, { holder, enter }, res, next);
    else throw busy();
  };
}

/** Whether one more of what `taken` stands for is left, and is within the shares of who asks. */
function hasShare(all: number, holder: Holder, taken: readonly Holder[]): boolean {
  const within = SHARES.every((share, by) => {
    const theirs = taken.filter((other) => other[by] === holder[by]).length;
    return theirs < Math.max(1, share(all));
  });
  return taken.length < all && within;
}

/** Puts a request in line until its turn comes, its client goes or it has waited too long. */
function stand(
  line: Waiting[],
  { holder, enter }: Waiting,
  res: Response,
  refuse: (error: AppError) => void,
) {
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
  const waiting: Waiting = { holder, enter: turn };
  const timer = setTimeout(() => {
    stepOut();
    refuse(busy());
  }, MAX_WAIT_MS);
  res.once('close', stepOut);
  line.push(waiting);
}

const busy = (): AppError => new AppError('request.busy', { retryAfterSeconds: 1 });

/** Those who are not logged in share what one user has. */
const userOf = (res: Response): string => stateOf(res).identity?.user.id ?? '';
