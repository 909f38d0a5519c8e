import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import type { ApiKey } from '#db/stores/api-key-store.ts';
import {
  COVERED,
  COVERED_OF_BODY,
  ed25519PublicKey,
  parseCanonical,
  SIGNATURE_MAX_SECONDS,
  SIGNATURE_TAG,
  signatureBase,
  verifyBase,
} from '#shared/crypto/http-signature.ts';
import type { Dictionary, InnerList } from '#shared/crypto/http-signature.ts';
import { AppError } from '#shared/errors/app-error.ts';

/** What is known of a request whose signature is good; its body has still to match `digests`. */
export interface SignedRequest {
  readonly nonce: string;
  readonly expiresAt: Date;
  /** Digests of the body by algorithm; empty where there is no body. */
  readonly digests: ReadonlyMap<string, Buffer>;
}

/** How far ahead a client's clock may be, in seconds. */
const MAX_SKEW = 30;

const PARAMETERS = ['created', 'expires', 'nonce', 'keyid', 'tag'];
const NONCE = /^[A-Za-z0-9_-]{16,64}$/;

const invalid = (detail: string): AppError => new AppError('auth.signature_invalid', { detail });

/**
 * Checks the signature of a request by a strict profile of RFC 9421: one signature by the key of the caller, over fixed
 * components in a fixed order, with fixed parameters, all written the one way in which a serialiser writes them. The
 * algorithm is the key's, never the request's. Reads nothing of the body.
 *
 * @param takesBody whether the endpoint reads a body
 * @param now in ms since 1970
 * @throws AppError auth.signature_required, auth.signature_invalid, auth.signature_expired
 */
export function verifySignedRequest(
  req: Request,
  key: ApiKey,
  takesBody: boolean,
  now: number,
): SignedRequest {
  if (key.publicKey === null)
    throw new AppError('auth.signature_required', { detail: 'The key has no public key.' });
  if (req.headers.signature === undefined && req.headers['signature-input'] === undefined)
    throw new AppError('auth.signature_required');
  const { input, signature } = readSignature(req);
  const { nonce, created, expires } = readParameters(input, key.prefix);
  const covered: readonly string[] = takesBody ? [...COVERED, ...COVERED_OF_BODY] : COVERED;
  if (!covers(input, covered)) throw invalid(`Cover exactly ${covered.join(' ')}.`);
  if (!takesBody && hasBody(req)) throw invalid('This operation takes no body.');
  const headers = takesBody
    ? Object.fromEntries(COVERED_OF_BODY.map((name) => [name, single(req, name)]))
    : {};
  if (!req.originalUrl.startsWith('/')) throw invalid('The target must be a path.');
  single(req, 'host');
  const request = { method: req.method, authority: req.host, target: req.originalUrl, headers };
  if (!verifyBase(signatureBase(request, input), signature, ed25519PublicKey(key.publicKey)))
    throw invalid('The signature does not match the request.');
  const seconds = now / 1000;
  if (created > seconds + MAX_SKEW || expires <= seconds)
    throw new AppError('auth.signature_expired', { detail: `The time here is ${Math.floor(seconds)}.` });
  const digests = takesBody ? readDigests(single(req, 'content-digest')) : new Map<string, Buffer>();
  return { nonce, expiresAt: new Date(expires * 1000), digests };
}

/** @throws AppError auth.signature_invalid when the body is not the one that was signed */
export function verifyBody(signed: SignedRequest, body: Uint8Array): void {
  for (const [algorithm, expected] of signed.digests) {
    const actual = createHash(algorithm.replace('-', '')).update(body).digest();
    if (actual.length !== expected.length || !timingSafeEqual(actual, expected))
      throw invalid('The body does not match its Content-Digest.');
  }
}

function readSignature(req: Request): { input: InnerList; signature: Buffer } {
  const inputs = readDictionary(req, 'signature-input');
  const signatures = readDictionary(req, 'signature');
  const [[label, input] = []] = inputs;
  const [[signed, signature] = []] = signatures;
  if (inputs.size !== 1 || signatures.size !== 1 || label !== signed)
    throw invalid('Send exactly one signature.');
  const [components] = input ?? [];
  const [bytes, parameters] = signature ?? [];
  if (!Array.isArray(components) || !(bytes instanceof ArrayBuffer) || parameters?.size !== 0)
    throw invalid('Signature-Input takes a list, Signature bytes.');
  return { input: input as InnerList, signature: Buffer.from(bytes) };
}

function readParameters([, parameters]: InnerList, prefix: string) {
  if (!sameList([...parameters.keys()].sort(), [...PARAMETERS].sort()))
    throw invalid(`The parameters are ${PARAMETERS.join(', ')}, no more and no less.`);
  const [created, expires, nonce, keyid, tag] = PARAMETERS.map((name) => parameters.get(name));
  if (keyid !== prefix) throw invalid('keyid must be the prefix of the API key.');
  if (tag !== SIGNATURE_TAG) throw invalid(`tag must be "${SIGNATURE_TAG}".`);
  if (typeof nonce !== 'string' || !NONCE.test(nonce))
    throw invalid('nonce must match [A-Za-z0-9_-]{16,64}.');
  if (!Number.isSafeInteger(created) || !Number.isSafeInteger(expires))
    throw invalid('created and expires must be whole seconds.');
  const times = { created: created as number, expires: expires as number };
  const lifetime = times.expires - times.created;
  if (lifetime <= 0 || lifetime > SIGNATURE_MAX_SECONDS)
    throw new AppError('auth.signature_expired', {
      detail: `Sign for 1 to ${SIGNATURE_MAX_SECONDS} seconds.`,
    });
  return { nonce, ...times };
}

function readDigests(header: string): Map<string, Buffer> {
  const digests = new Map<string, Buffer>();
  for (const [algorithm, [value, parameters]] of parseStrictly('content-digest', header)) {
    if (!['sha-256', 'sha-512'].includes(algorithm) || !(value instanceof ArrayBuffer) || parameters.size > 0)
      throw invalid('Content-Digest takes sha-256 and sha-512.');
    digests.set(algorithm, Buffer.from(value));
  }
  if (digests.size === 0) throw invalid('Content-Digest is empty.');
  return digests;
}

const readDictionary = (req: Request, name: string): Dictionary => parseStrictly(name, single(req, name));

function parseStrictly(name: string, value: string): Dictionary {
  const dictionary = parseCanonical(value);
  if (dictionary === undefined) throw invalid(`${name} is not a dictionary in canonical form.`);
  return dictionary;
}

/** The value of a header that must be there once. */
function single(req: Request, name: string): string {
  const values = req.headersDistinct[name] ?? [];
  const [value] = values;
  if (value === undefined || values.length > 1) throw invalid(`Send ${name} exactly once.`);
  return value;
}

/** Just these, in this order, and none with parameters. */
const covers = ([components]: InnerList, names: readonly string[]): boolean =>
  components.every(([, parameters]) => parameters.size === 0) &&
  sameList(
    components.map(([name]) => name),
    names,
  );

const hasBody = (req: Request): boolean =>
  req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;

const sameList = (left: readonly unknown[], right: readonly unknown[]): boolean =>
  left.length === right.length && left.every((item, index) => item === right[index]);
