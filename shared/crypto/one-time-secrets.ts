import { createHash, randomBytes } from 'node:crypto';

/** A secret that is handed out once, and what is kept of it. */
export interface OneTimeSecret {
  /** 256 random bits, base64url, 43 characters. */
  readonly secret: string;
  readonly hash: Buffer;
}

export function makeOneTimeSecret(): OneTimeSecret {
  const secret = randomBytes(32).toString('base64url');
  return { secret, hash: hashOneTimeSecret(secret) };
}

/** SHA-256: against guessing, 256 random bits need no slow hash. */
export const hashOneTimeSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();
