import { createHash, createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { parseDictionary, serializeDictionary, serializeInnerList } from 'structured-headers';

/** Structured fields (RFC 9651), as `structured-headers` reads them: byte sequences are ArrayBuffers. */
export type BareItem = string | number | boolean | object;
export type Parameters = Map<string, BareItem>;
export type Item = [BareItem, Parameters];
export type InnerList = [Item[], Parameters];
export type Dictionary = Map<string, Item | InnerList>;

/** What a signature can speak of: one request as it is on the wire. */
export interface SignableRequest {
  readonly method: string;
  /** Host, and port where it is not the scheme's own. */
  readonly authority: string;
  /** Path and query exactly as sent. */
  readonly target: string;
  /** Values by lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** `sha-256` and `sha-512` are the algorithms of RFC 9530 that are fit for untrusted senders. */
export type DigestAlgorithm = 'sha-256' | 'sha-512';

/** The components that every signature of this product covers, in this order; the last two where there is a body. */
export const COVERED = ['@method', '@authority', '@path', '@query'] as const;
export const COVERED_OF_BODY = ['content-type', 'content-digest'] as const;

/** Application of a signature (RFC 9421, section 2.3), so that it is worth nothing to any other. */
export const SIGNATURE_TAG = 'donkey-workspace';

/** Longest life of a signature, in seconds. */
export const SIGNATURE_MAX_SECONDS = 300;

/**
 * Makes the text that is signed (RFC 9421, section 2.5).
 *
 * @param input value of the Signature-Input member: the covered components and the parameters
 * @throws Error for a component that is unknown, absent, named twice or has parameters
 */
export function signatureBase(request: SignableRequest, input: InnerList): string {
  const names = input[0].map(([name, parameters]) => {
    if (typeof name !== 'string' || parameters.size > 0) throw new Error('components must be plain names');
    return name;
  });
  if (new Set(names).size !== names.length) throw new Error('a component is covered twice');
  const lines = names.map((name) => `"${name}": ${componentValue(request, name)}`);
  return [...lines, `"@signature-params": ${serializeInnerList(input)}`].join('\n');
}

/** RFC 9421, sections 2.1 and 2.2. */
function componentValue(request: SignableRequest, name: string): string {
  const queryAt = request.target.indexOf('?');
  switch (name) {
    case '@method':
      return request.method;
    case '@authority':
      return request.authority.toLowerCase();
    case '@path':
      return queryAt < 0 ? request.target : request.target.slice(0, queryAt);
    case '@query':
      return queryAt < 0 ? '?' : request.target.slice(queryAt);
  }
  const value = /^[a-z0-9-]+$/.test(name) ? request.headers[name] : undefined;
  if (value === undefined) throw new Error(`there is no ${name}`);
  return value.trim();
}

/** The value of a Content-Digest header (RFC 9530, section 2). */
export function contentDigest(body: Uint8Array, algorithm: DigestAlgorithm = 'sha-256'): string {
  const name = algorithm.replace('-', '');
  return serializeDictionary({ [algorithm]: createHash(name).update(body).digest() });
}

/**
 * Reads a dictionary (RFC 9651) that is written as a serialiser writes it; undefined for any other. Repeated keys, odd
 * spaces and whatever else a parser forgives do not survive being written again.
 */
export function parseCanonical(value: string): Dictionary | undefined {
  try {
    const dictionary = parseDictionary(value);
    return serializeDictionary(dictionary) === value ? dictionary : undefined;
  } catch {
    return undefined;
  }
}

/** DER head of an Ed25519 public key (RFC 8410, section 4); the 32 bytes of the key follow. */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** Reads a raw Ed25519 public key of 32 bytes. */
export function ed25519PublicKey(raw: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI_HEAD, raw]), format: 'der', type: 'spki' });
}

/** The 32 raw bytes of an Ed25519 public key. */
export function rawPublicKey(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(SPKI_HEAD.length);
}

/** Checks an Ed25519 signature (RFC 9421, section 3.3.6). */
export function verifyBase(base: string, signature: Uint8Array, publicKey: KeyObject): boolean {
  return signature.length === 64 && verify(null, Buffer.from(base, 'utf8'), publicKey, signature);
}

export interface SigningOptions {
  readonly privateKey: KeyObject;
  /** Prefix of the API key. */
  readonly keyId: string;
  /** Used once: 16 to 64 letters, digits, "-" and "_". */
  readonly nonce: string;
  /** Seconds since 1970. */
  readonly created: number;
  /** In seconds, at most {@link SIGNATURE_MAX_SECONDS}. */
  readonly lifetime: number;
}

/**
 * Signs a request as this product wants it; for clients.
 *
 * @param request with `content-type` and `content-digest` among the headers where there is a body
 * @returns the headers to add
 */
export function signRequest(request: SignableRequest, options: SigningOptions) {
  const { created, keyId, nonce, lifetime } = options;
  const components =
    request.headers['content-digest'] === undefined ? COVERED : [...COVERED, ...COVERED_OF_BODY];
  const input: InnerList = [
    components.map((name): Item => [name, new Map<string, BareItem>()]),
    new Map<string, BareItem>([
      ['created', created],
      ['expires', created + lifetime],
      ['nonce', nonce],
      ['keyid', keyId],
      ['tag', SIGNATURE_TAG],
    ]),
  ];
  const signature = sign(null, Buffer.from(signatureBase(request, input), 'utf8'), options.privateKey);
  return {
    'signature-input': serializeDictionary(new Map([['sig', input]])),
    signature: serializeDictionary({ sig: signature }),
  };
}
