import { createPasswords } from '#shared/crypto/passwords.ts';
import type { Passwords } from '#shared/crypto/passwords.ts';

/** A check that knows its answer and waits to give it. */
export interface PausedCheck {
  readonly reached: Promise<unknown>;
  goOn(): void;
}

/** Real passwords, of which one check can be held up while other things happen. */
export interface PausingPasswords extends Passwords {
  /** Holds up the next check, and only that. */
  pauseNext(): PausedCheck;
}

export function createPausingPasswords(): PausingPasswords {
  const real = createPasswords();
  let next: { readonly reached: () => void; readonly gate: Promise<unknown> } | undefined;
  return {
    hash: (password) => real.hash(password),
    verify: async (passwordHash, password) => {
      const pause = next;
      next = undefined;
      const matches = await real.verify(passwordHash, password);
      pause?.reached();
      await pause?.gate;
      return matches;
    },
    pauseNext: () => {
      const reached = Promise.withResolvers();
      const gate = Promise.withResolvers();
      next = { reached: () => reached.resolve(undefined), gate: gate.promise };
      return { reached: reached.promise, goOn: () => gate.resolve(undefined) };
    },
  };
}
