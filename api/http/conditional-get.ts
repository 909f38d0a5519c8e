import { createHash } from 'node:crypto';
import { AppError } from '#shared/errors/app-error.ts';
import type { Versioned } from './conditional-contract.ts';

export type { Versioned } from './conditional-contract.ts';

/**
 * Strong entity tag (RFC 9110, section 8.8.3): it changes with every write, its first part with edits only. An answer that
 * is sent in a content coding has the coding behind it, see {@link codedTag}.
 */
export const etagOf = ({ version, state }: Versioned): string => `"${version}.${state}"`;

/** The tag of an answer without a version of its own, such as a list: the same bytes have the same tag. */
export const contentTag = (bytes: Buffer): string =>
  `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`;

/** Bytes in another coding are another representation, with a strong tag of its own (RFC 9110, section 8.8.3.3). */
export const codedTag = (etag: string, coding: string): string => etag.replace(/"$/, `-${coding}"`);

const uncoded = (etag: string): string => etag.replace(/-(br|gzip)"$/, '"');

/**
 * Whether the client already has what would be sent (RFC 9110, section 13.1.2). Express would also look at the
 * request's Cache-Control, which is a word to caches and not to us.
 */
export function isUnchanged(ifNoneMatch: string | undefined, etag: string | undefined): boolean {
  if (ifNoneMatch === undefined || etag === undefined) return false;
  // Whoever has one coding of it has it.
  const tags = ifNoneMatch.split(',').map((tag) => uncoded(tag.trim().replace(/^W\//, '')));
  return tags.includes('*') || tags.includes(uncoded(etag));
}

/** Headers of a reply with one resource; GET answers 304 by itself where If-None-Match names the tag. */
export const taggedHeaders = (resource: Versioned): Record<string, string> => ({
  ETag: etagOf(resource),
  'Cache-Control': 'private, no-cache',
});

/**
 * Decides whether an edit may go ahead under the client's If-Match (RFC 9110, section 13.1.1). Only the edit count is
 * compared, so background work on the resource does not get in the way of its owner.
 *
 * @returns the version the write must still find, or null when the client does not mind
 * @throws AppError precondition.failed when no tag of the header fits
 */
export function expectedVersion(ifMatch: string | undefined, current: Versioned): number | null {
  if (ifMatch === undefined || ifMatch.trim() === '*') return null;
  const wanted = ifMatch.split(',').map((tag) => /^"(\d+)\.\d+(?:-(?:br|gzip))?"$/.exec(tag.trim())?.[1]);
  if (!wanted.includes(String(current.version))) throw new AppError('precondition.failed');
  return current.version;
}

/** Contract part of answers that show one resource. */
export const etagHeader = { ETag: 'Version of the resource, for If-Match and If-None-Match.' };
