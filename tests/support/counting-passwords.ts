import { verify } from '@node-rs/argon2';
import { createPasswords } from '#shared/crypto/passwords.ts';
import type { Passwords } from '#shared/crypto/passwords.ts';

/** Real passwords that count how often argon2 is put to work to check one. */
export interface CountingPasswords extends Passwords {
  readonly checked: number;
}

export function createCountingPasswords(): CountingPasswords {
  let checked = 0;
  const real = createPasswords((passwordHash, password) => {
    checked += 1;
    return verify(passwordHash, password);
  });
  return {
    get checked() {
      return checked;
    },
    hash: (password) => real.hash(password),
    verify: (passwordHash, password) => real.verify(passwordHash, password),
  };
}
