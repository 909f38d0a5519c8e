import { isIPv6 } from 'node:net';
import { ipKeyGenerator } from 'express-rate-limit';

/** What counts as one client: an IPv4 address, or the /64 that one household or host holds of IPv6. */
export const clientKey = (address: string | undefined): string => ipKeyGenerator(address ?? '', 64);

/** Roughly where a client is, enough for its owner to recognise it: an IPv4 /24 or an IPv6 /48. */
export function networkOf(address: string | undefined): string | null {
  if (address === undefined) return null;
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  return isIPv6(plain) ? ipKeyGenerator(plain, 48) : plain.replace(/\.\d+$/, '.0/24');
}
