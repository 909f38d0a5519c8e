import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError } from '../errors/app-error.ts';

/** A key that wraps the data keys of records; never used on the records themselves. */
export interface KeyEncryptionKey {
  readonly id: string;
  /** 32 bytes. */
  readonly bytes: Buffer;
}

/** Where a secret belongs. All of it is authenticated, so a sealed secret opens in its own place only. */
export interface SealedPlace {
  /** Kind of the record, such as `credential`. */
  readonly kind: string;
  /** Id of the record. */
  readonly id: string;
  /** Id of the user who owns it. */
  readonly owner: string;
  /** Field of the record, with whatever else must not be swapped under the secret. */
  readonly field: string;
}

/** A secret as it is stored. */
export interface Sealed {
  /** Id of the key that wraps the data key. */
  readonly keyId: string;
  /** The data key: nonce (12 bytes), tag (16), ciphertext (32). */
  readonly wrappedKey: Buffer;
  /** The secret: nonce (12 bytes), tag (16), ciphertext. */
  readonly ciphertext: Buffer;
}

/** Envelope encryption: each secret under a data key of its own, each data key under a key-encryption key. */
export interface Envelope {
  /** The key that new secrets are wrapped with. */
  readonly currentKeyId: string;
  /** Ids of all keys at hand, the current one first. */
  readonly keyIds: readonly string[];
  seal(secret: string, place: SealedPlace): Sealed;
  /** @throws AppError credential.key_missing, credential.unreadable */
  open(sealed: Sealed, place: SealedPlace): string;
  /** Wraps the data key with the current key; the secret itself stays as it is. Throws as `open` does. */
  rewrap(sealed: Sealed, place: SealedPlace): Sealed;
}

const VERSION = 'envelope/1';
const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
/** Node accepts tags as short as 4 bytes, which can be guessed, unless it is told the length. */
const TAG = { authTagLength: 16 } as const;

/**
 * AES-256-GCM (NIST SP 800-38D) with random nonces. A data key encrypts one secret once, and a key-encryption key may
 * wrap 2^32 data keys before a nonce is likely to repeat.
 *
 * @param keys the first encrypts, all decrypt
 * @throws RangeError when there is no key, or one is not of 32 bytes
 */
export function createEnvelope(keys: readonly KeyEncryptionKey[]): Envelope {
  const byId = new Map(keys.map((key) => [key.id, key.bytes]));
  const [current] = keys;
  if (current === undefined || keys.some(({ bytes }) => bytes.length !== KEY_BYTES))
    throw new RangeError('an envelope needs keys of 32 bytes');
  const wrap = (dataKey: Buffer, place: SealedPlace): Pick<Sealed, 'keyId' | 'wrappedKey'> => ({
    keyId: current.id,
    wrappedKey: encrypt(current.bytes, dataKey, aadOf(place, `key ${current.id}`)),
  });
  const unwrap = ({ keyId, wrappedKey }: Sealed, place: SealedPlace): Buffer => {
    const key = byId.get(keyId);
    if (key === undefined)
      throw new AppError('credential.key_missing', { cause: new Error(`CREDENTIAL_KEYS lacks ${keyId}`) });
    return decrypt(key, wrappedKey, aadOf(place, `key ${keyId}`));
  };
  return {
    currentKeyId: current.id,
    keyIds: [...byId.keys()],
    seal: (secret, place) => {
      const dataKey = randomBytes(KEY_BYTES);
      const ciphertext = encrypt(dataKey, Buffer.from(secret, 'utf8'), aadOf(place, 'secret'));
      return { ...wrap(dataKey, place), ciphertext };
    },
    open: (sealed, place) =>
      decrypt(unwrap(sealed, place), sealed.ciphertext, aadOf(place, 'secret')).toString('utf8'),
    rewrap: (sealed, place) => ({ ...wrap(unwrap(sealed, place), place), ciphertext: sealed.ciphertext }),
  };
}

/** As JSON, so that no choice of ids can make two places look the same. */
const aadOf = ({ kind, id, owner, field }: SealedPlace, part: string): Buffer =>
  Buffer.from(JSON.stringify([VERSION, kind, id, owner, field, part]), 'utf8');

function encrypt(key: Buffer, plain: Buffer, aad: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, TAG).setAAD(aad);
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}

function decrypt(key: Buffer, sealed: Buffer, aad: Buffer): Buffer {
  try {
    const tagEnd = NONCE_BYTES + TAG.authTagLength;
    const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES), TAG)
      .setAAD(aad)
      .setAuthTag(sealed.subarray(NONCE_BYTES, tagEnd));
    return Buffer.concat([decipher.update(sealed.subarray(tagEnd)), decipher.final()]);
  } catch (cause) {
    throw new AppError('credential.unreadable', { cause });
  }
}
