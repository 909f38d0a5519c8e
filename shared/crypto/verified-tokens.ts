import { createHash } from 'node:crypto';

/** What was found out about tokens, so that a signature need not be checked again with each request of its bearer. */
export interface VerifiedTokens<T> {
  /** What this very token was found to say, while it has not expired. */
  find(token: string): T | undefined;
  /** @param expiresAt from then on the token is not known any more, Unix time in ms */
  keep(token: string, said: T, expiresAt: number): void;
}

interface Known<T> {
  readonly said: T;
  readonly expiresAt: number;
}

/**
 * Remembers tokens by their SHA-256, all bytes of them, so that one that differs in a bit is another one, and none stands in
 * memory. Only what never changes belongs here: whether a session has ended is asked of the database each time.
 *
 * @param options.most so many are remembered; the ones that were kept first make room
 */
export function createVerifiedTokens<T>(options: {
  readonly most: number;
  readonly now?: () => number;
}): VerifiedTokens<T> {
  const { most, now = Date.now } = options;
  const known = new Map<string, Known<T>>();
  const keyOf = (token: string): string => createHash('sha256').update(token).digest('base64url');
  return {
    find: (token) => {
      const key = keyOf(token);
      const found = known.get(key);
      if (found === undefined || found.expiresAt > now()) return found?.said;
      known.delete(key);
      return undefined;
    },
    keep: (token, said, expiresAt) => {
      const [oldest] = known.keys();
      if (known.size >= most && oldest !== undefined) known.delete(oldest);
      known.set(keyOf(token), { said, expiresAt });
    },
  };
}
