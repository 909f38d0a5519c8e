import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { SignJWT, errors, jwtVerify } from 'jose';
import { AppError } from '../errors/app-error.ts';
import { createVerifiedTokens } from './verified-tokens.ts';

export interface AccessToken {
  readonly userId: string;
  readonly sessionId: string;
}

export interface AccessTokens {
  sign(token: AccessToken & { readonly expiresAt: Date }): Promise<string>;
  /** @throws AppError auth.required for a token that is not ours, auth.session_expired for one that was */
  verify(token: string): Promise<AccessToken>;
}

const ALGORITHM = 'EdDSA';
const TYPE = 'at+jwt';

/** Tokens whose signature need not be checked again; a busy instance has some thousands of callers. */
const MOST_VERIFIED = 10_000;

/** DER head of an Ed25519 private key (RFC 8410, section 7); the 32 bytes of the seed follow. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * Signs and checks access tokens (JWT profile of RFC 9068). Algorithm, type, issuer, audience and key are pinned, so
 * a token can neither choose how it is checked nor come from elsewhere (ASVS 5.0 9.1.2, 9.1.3, 9.2.1 to 9.2.4).
 *
 * @param options.signingKeys Ed25519 seeds, base64url; the first signs, all verify
 * @param options.issuer public address of the installation
 */
export function createAccessTokens(options: {
  readonly signingKeys: readonly string[];
  readonly issuer: string;
}): AccessTokens {
  const { issuer } = options;
  const audience = `${issuer}/api/v1`;
  const keys = options.signingKeys.map(keyOfSeed);
  const [current] = keys;
  if (current === undefined) throw new Error('at least one signing key is needed');
  const publicKeys = new Map(keys.map((key) => [key.id, key.public]));
  const verified = createVerifiedTokens<AccessToken>({ most: MOST_VERIFIED });
  return {
    sign: ({ userId, sessionId, expiresAt }) =>
      new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: current.id })
        .setSubject(userId)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime(expiresAt)
        .sign(current.private),
    verify: async (token) => {
      const known = verified.find(token);
      if (known !== undefined) return known;
      try {
        if (!isCanonical(token)) throw new errors.JWTInvalid('not canonical base64url');
        const { payload } = await jwtVerify(
          token,
          ({ kid }) => {
            const key = publicKeys.get(kid ?? '');
            if (key === undefined) throw new errors.JWKSNoMatchingKey();
            return key;
          },
          {
            algorithms: [ALGORITHM],
            typ: TYPE,
            issuer,
            audience,
            requiredClaims: ['exp', 'iat', 'sub', 'sid'],
          },
        );
        const said = { userId: String(payload.sub), sessionId: String(payload['sid']) };
        verified.keep(token, said, Number(payload.exp) * 1000);
        return said;
      } catch (error) {
        const expired = error instanceof errors.JWTExpired;
        throw new AppError(expired ? 'auth.session_expired' : 'auth.required', { cause: error });
      }
    },
  };
}

/** The last character of a base64url text has bits that decoders ignore; a token is valid in one spelling only. */
const isCanonical = (token: string): boolean =>
  token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);

interface Key {
  readonly id: string;
  readonly private: KeyObject;
  readonly public: KeyObject;
}

function keyOfSeed(seed: string): Key {
  const der = Buffer.concat([PKCS8_HEAD, Buffer.from(seed, 'base64url')]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key);
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  const id = createHash('sha256').update(spki).digest('base64url').slice(0, 16);
  return { id, private: key, public: publicKey };
}
