import { createHash, randomBytes, randomInt } from 'node:crypto';

/** A key as it is shown once, and what is kept of it. */
export interface KeySecret {
  /** `dk_`, eight characters, "_", and 256 random bits in base64url. */
  readonly key: string;
  readonly prefix: string;
  readonly hash: Buffer;
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
const KEY = /^(dk_[a-z0-9]{8})_[A-Za-z0-9_-]{43}$/;

/** Makes a new key. */
export function makeKeySecret(): KeySecret {
  const prefix = `dk_${Array.from({ length: 8 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')}`;
  const key = `${prefix}_${randomBytes(32).toString('base64url')}`;
  return { key, prefix, hash: hashKey(key) };
}

/** The prefix of something that has the form of a key, else undefined. */
export const prefixOf = (key: string): string | undefined => KEY.exec(key)?.[1];

/**
 * A fast hash is enough: slow ones make up for secrets that people choose, and 256 random bits cannot be guessed,
 * however fast one tries.
 */
export const hashKey = (key: string): Buffer => createHash('sha256').update(key).digest();
