import { createHash } from 'node:crypto';
import { clientKey } from '#api/http/client-network.ts';
import type { KnownDevice } from '#shared/crypto/device-tokens.ts';
import type { Passwords } from '#shared/crypto/passwords.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Counted, GuessCounters } from './guess-counters.ts';

/** Somebody about to have a password checked. */
export interface Guess {
  /** As it was typed, whether or not there is such an account. */
  readonly login: string;
  readonly address: string | undefined;
  /** Set when an earlier login of this very account from this browser is proven. */
  readonly device: KnownDevice | undefined;
}

/** A guess that was let through; it counts as failed until it is told otherwise. */
export interface Attempt {
  succeeded(): Promise<void>;
  /** The password was not checked after all. */
  withdrawn(): Promise<void>;
}

export interface LoginGuard {
  /**
   * Lets a guess through or not.
   *
   * @throws AppError request.rate_limited with the time to wait
   */
  enter(guess: Guess): Promise<Attempt>;
  /** The same for somebody who is logged in and asked for the password again. */
  enterAgain(userId: string): Promise<Attempt>;
  /** Forgets the failures under these names: their owner has proven to be it in another way. */
  forgive(logins: readonly string[]): Promise<void>;
}

/**
 * Exponential back-off against guessing. Strangers are counted by address, by address and account, and by account, so
 * that neither one address nor a hundred get through more than 25 guesses in a quarter of an hour, even when they know an
 * account by both its names. A browser that has logged in to the account before has a count of its own: strangers cannot
 * lock its owner out.
 */
export function createLoginGuard(counters: GuessCounters): LoginGuard {
  const enter = async (counted: readonly Counted[], forgotten: readonly string[]): Promise<Attempt> => {
    const waitMs = await counters.take(counted);
    if (waitMs > 0)
      throw new AppError('request.rate_limited', {
        detail: 'There were too many failed attempts.',
        retryAfterSeconds: Math.ceil(waitMs / 1000),
      });
    const keys = counted.map(({ key }) => key);
    return {
      succeeded: async () => {
        if (forgotten.length > 0) await counters.forget(forgotten);
        const others = keys.filter((key) => !forgotten.includes(key));
        if (others.length > 0) await counters.giveBack(others);
      },
      withdrawn: () => counters.giveBack(keys),
    };
  };
  return {
    enter: ({ login, address, device }) => {
      if (device !== undefined) {
        const key = `device:${device.id}:${device.userId}`;
        return enter([{ key, free: 5, baseMs: 1_000 }], [key]);
      }
      const account = nameKey(login);
      const client = clientKey(address);
      const both = `both:${client}:${account}`;
      return enter(
        [
          { key: `address:${client}`, free: 10, baseMs: 2_000 },
          { key: both, free: 3, baseMs: 4_000 },
          { key: `account:${account}`, free: 3, baseMs: 1_000 },
        ],
        // Not the others: an attacker with an account of his own would wipe his slate with it.
        [both],
      );
    },
    enterAgain: (userId) => {
      const key = `again:${userId}`;
      return enter([{ key, free: 5, baseMs: 1_000 }], [key]);
    },
    forgive: (logins) => counters.forget(logins.map((login) => `account:${nameKey(login)}`)),
  };
}

/** Checks the password of an attempt, which does not count when there is no answer, as under too much load. */
export async function verifyAttempt(
  attempt: Attempt,
  passwords: Pick<Passwords, 'verify'>,
  passwordHash: string | undefined,
  password: string,
): Promise<boolean> {
  try {
    return await passwords.verify(passwordHash, password);
  } catch (error) {
    await attempt.withdrawn();
    throw error;
  }
}

/**
 * One key for all spellings that the database takes for the same name, and rather for too many than too few: PostgreSQL
 * lowers the Turkish dotted I to a plain i, for instance. Hashed, for people type passwords into the wrong field.
 */
function nameKey(login: string): string {
  const folded = login.trim().toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '').replaceAll('ı', 'i');
  return createHash('sha256').update(folded).digest('base64url');
}
