import { hash } from 'node:crypto';

/** White space that is not one plain space. */
const UNEVEN = / \s+|[^\S ]\s*/gu;

/** SHA-256, in hex, of the trimmed, lower-cased, whitespace-collapsed text: equal for texts that read the same. */
export const fingerprint = (text: string): string =>
  hash('sha256', text.trim().toLowerCase().replace(UNEVEN, ' '), 'hex');
