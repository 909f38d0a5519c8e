import { createHash } from 'node:crypto';

/** A value as it lies in the cache. */
export interface CacheEntry {
  readonly value: unknown;
  /** Unix time in ms. */
  readonly expiresAt: number;
  /** How long it took to load, in ms. */
  readonly loadMs: number;
}

/** Characters of the checksum in front of an entry. */
const SUM_LENGTH = 22;

const sumOf = (json: string): string =>
  createHash('sha256').update(json).digest('base64url').slice(0, SUM_LENGTH);

/** The text of an entry: a checksum, so that what was cut or overwritten is known as such, and JSON. */
export function encodeEntry({ value, expiresAt, loadMs }: CacheEntry): string {
  const json = JSON.stringify([expiresAt, loadMs, value]);
  return sumOf(json) + json;
}

/** @returns undefined for what {@link encodeEntry} has not written in this form */
export function decodeEntry(text: string): CacheEntry | undefined {
  const json = text.slice(SUM_LENGTH);
  if (sumOf(json) !== text.slice(0, SUM_LENGTH)) return undefined;
  const [expiresAt, loadMs, value] = JSON.parse(json) as [number, number, unknown];
  return { value, expiresAt, loadMs };
}
