import { createValueSigner } from './signed-values.ts';

/** What a refresh token says of itself; nothing of it is true before `isOurs` has said so. */
export interface RefreshClaim {
  readonly sessionId: string;
  /** Counts the rotations of the family, from 0. */
  readonly generation: number;
  readonly mac: string;
}

export interface RefreshTokens {
  /** The one token of a generation; made anew it is the same, so nothing of it need be stored. */
  make(family: RefreshFamilyKey, generation: number): string;
  /** Undefined for anything that is not written as tokens are, down to the last character. */
  parse(token: string): RefreshClaim | undefined;
  isOurs(claim: RefreshClaim, salt: Uint8Array): boolean;
}

export interface RefreshFamilyKey {
  readonly id: string;
  readonly salt: Uint8Array;
}

const TOKEN = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(0|[1-9]\d{0,8})\.([A-Za-z0-9_-]{43})$/;

/**
 * Refresh tokens: session id, generation and an HMAC over both and the family's salt. The salt is in the database and the
 * key is not, so neither makes a token alone.
 *
 * @param seeds the signing keys of the installation; the first signs, all verify
 */
export function createRefreshTokens(seeds: readonly string[]): RefreshTokens {
  const signer = createValueSigner(seeds, 'donkey refresh token v1');
  const text = (salt: Uint8Array): string => Buffer.from(salt).toString('base64url');
  return {
    make: ({ id, salt }, generation) =>
      `${id}.${generation}.${signer.sign(id, String(generation), text(salt))}`,
    parse: (token) => {
      const [, sessionId, generation, mac] = TOKEN.exec(token) ?? [];
      if (sessionId === undefined || generation === undefined || mac === undefined) return undefined;
      return { sessionId, generation: Number(generation), mac };
    },
    isOurs: ({ sessionId, generation, mac }, salt) =>
      signer.verify(mac, sessionId, String(generation), text(salt)),
  };
}
