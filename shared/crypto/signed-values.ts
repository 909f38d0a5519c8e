import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Message authentication codes for values that clients keep for us. */
export interface ValueSigner {
  /** HMAC-SHA256 of the parts, base64url, 43 characters. */
  sign(...parts: readonly string[]): string;
  /** Whether the code was made by one of our keys for exactly these parts; takes the same time for every wrong one. */
  verify(mac: string, ...parts: readonly string[]): boolean;
}

/**
 * Derives a key for one purpose from each signing key (HKDF-SHA256, RFC 5869), so that rotating AUTH_SIGNING_KEYS rotates
 * these as well: the first signs, all verify.
 *
 * @param seeds secrets of 32 bytes, base64url
 * @param purpose such as `refresh/v1`; codes of one purpose are worthless for another
 */
export function createValueSigner(seeds: readonly string[], purpose: string): ValueSigner {
  const keys = seeds.map((seed) =>
    Buffer.from(hkdfSync('sha256', Buffer.from(seed, 'base64url'), Buffer.alloc(0), purpose, 32)),
  );
  const [current] = keys;
  if (current === undefined) throw new Error('at least one key is needed');
  const macOf = (key: Buffer, parts: readonly string[]): string =>
    createHmac('sha256', key).update(parts.join('\0')).digest('base64url');
  return {
    sign: (...parts) => macOf(current, parts),
    verify: (mac, ...parts) => keys.map((key) => equal(mac, macOf(key, parts))).includes(true),
  };
}

/** Texts are compared, not the bytes they decode to: several texts decode to the same bytes. */
function equal(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
