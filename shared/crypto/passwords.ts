import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { AppError } from '#shared/errors/app-error.ts';

/** Both methods throw AppError request.busy when too many callers wait already. */
export interface Passwords {
  /** Makes an argon2id hash in PHC format. */
  hash(password: string): Promise<string>;
  /**
   * Checks a password. Without a hash, because nobody of that name exists, the same work is done and the answer is
   * no, so that the time taken does not tell who has an account (ASVS 5.0 6.3.8).
   */
  verify(passwordHash: string | undefined, password: string): Promise<boolean>;
}

/** argon2id: m in KiB, t passes, p lanes; the OWASP Password Storage Cheat Sheet's first choice. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Each hash holds 19 MiB and a thread of the pool that files and DNS need as well. */
const AT_ONCE = 4;

/** Callers that wait for their turn: a few seconds' work. More would outlast their clients' patience. */
const MOST_WAITING = 200;

/** @param check compares a hash with a password; tests count how often that work is done */
export function createPasswords(
  check: (passwordHash: string, password: string) => Promise<boolean> = verify,
): Passwords {
  const limited = createGate(AT_ONCE, MOST_WAITING);
  const decoy = hash(randomBytes(16).toString('base64url'), COST);
  return {
    hash: (password) => limited(() => hash(normalise(password), COST)),
    verify: async (passwordHash, password) => {
      const against = passwordHash ?? (await decoy);
      const matches = await limited(() => check(against, normalise(password)));
      return matches && passwordHash !== undefined;
    },
  };
}

/** Keyboards differ in how they compose characters (RFC 8265, section 4.2). */
const normalise = (password: string): string => password.normalize('NFC');

/** Runs at most `limit` pieces of work at a time; `mostWaiting` others wait their turn, and more are refused. */
function createGate(limit: number, mostWaiting: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= limit && waiting.length >= mostWaiting)
      throw new AppError('request.busy', { retryAfterSeconds: 1 });
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      // The place goes straight to the next in line, so nobody can slip in between.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
