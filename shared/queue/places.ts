import type { Priority } from '../domain/types.ts';

/** First place of each class of priority; a class has room for this many places. */
export const PLACES_PER_CLASS = 600_000;

/**
 * The place of a job in its queue: the number that BullMQ sorts by, lower first, of 1 to 2^21. It is the turn of the job
 * among those of its user, after the places of all higher classes: one user's tenth job stands behind everybody's ninth.
 * Jobs of one place go in the order in which they came.
 */
export const firstPlace: Readonly<Record<Priority, number>> = {
  high: 1,
  medium: 1 + PLACES_PER_CLASS,
  low: 1 + 2 * PLACES_PER_CLASS,
};

/** Last place of a class; whoever has had more turns than there are places shares it. */
export const lastPlace = (priority: Priority): number => firstPlace[priority] + PLACES_PER_CLASS - 1;

/** A job that has waited this long behind higher classes is given a turn among them, in ms. */
export const STARVING_AFTER_MS = 20_000;

/** Behind all classes, and of none: of jobs that are about to be given their place. */
export const NO_PLACE = 2_097_152;
