import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { CacheSubject } from './cache-subject.ts';

/** A value as it lies in the cache. */
export interface CacheEntry {
  readonly value: unknown;
  /** Unix time in ms. */
  readonly expiresAt: number;
  /** How long it took to load, in ms. */
  readonly loadMs: number;
}

/** Whose an entry is, which part of what, and of which stamp. */
export interface EntryPlace {
  readonly subject: CacheSubject;
  readonly part: string;
  readonly stamp: string;
}

export interface CacheEntries {
  encode(place: EntryPlace, entry: CacheEntry): string;
  /** @returns undefined for what {@link encode} has not written for this place */
  decode(place: EntryPlace, text: string): CacheEntry | undefined;
}

/** Characters of the code in front of an entry. */
const CODE_LENGTH = 22;

/**
 * Entries are JSON behind a code of authenticity (HMAC-SHA-256, 128 bits) over it and its place: what was cut, overwritten
 * or brought from elsewhere, be it another user's key, is known as such.
 *
 * @param secret of the installation, from which the key is derived
 */
export function createCacheEntries(secret: string): CacheEntries {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'donkey/cache/v1', 32));
  const codeOf = ({ subject, part, stamp }: EntryPlace, json: string): Buffer =>
    Buffer.from(
      createHmac('sha256', key)
        .update(JSON.stringify([subject.userId, subject.kind, subject.id, part, stamp]))
        .update(json)
        .digest('base64url')
        .slice(0, CODE_LENGTH),
    );
  return {
    encode: (place, { value, expiresAt, loadMs }) => {
      const json = JSON.stringify([expiresAt, loadMs, value]);
      return codeOf(place, json).toString() + json;
    },
    decode: (place, text) => {
      const json = text.slice(CODE_LENGTH);
      const code = Buffer.from(text.slice(0, CODE_LENGTH));
      const expected = codeOf(place, json);
      if (code.length !== expected.length || !timingSafeEqual(code, expected)) return undefined;
      const [expiresAt, loadMs, value] = JSON.parse(json) as [number, number, unknown];
      return { value, expiresAt, loadMs };
    },
  };
}
