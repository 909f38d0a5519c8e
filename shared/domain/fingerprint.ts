import { createHash } from 'node:crypto';

/** SHA-256, in hex, of the trimmed, lower-cased, whitespace-collapsed text: equal for texts that read the same. */
export function fingerprint(text: string): string {
  return createHash('sha256').update(text.trim().toLowerCase().replace(/\s+/gu, ' ')).digest('hex');
}
