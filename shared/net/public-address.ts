import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** NAT64 and 6to4 addresses and the like lead to the IPv4 address inside them, which may be a private one. */
const PUBLIC_IPV6 = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];

/** Answers from inside a cloud although it looks public: the host agent of Azure. */
const HOST_AGENTS: readonly string[] = ['168.63.129.16'];

/**
 * Whether an IP address is one of the open internet: not private, loopback, link-local (cloud metadata included),
 * carrier-grade NAT, multicast, reserved, or an IPv6 address that stands for an IPv4 one (the IANA special-purpose
 * registries, as ipaddr.js keeps them).
 *
 * @param address as DNS or a socket gives it; anything that is no address is not public
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast' || HOST_AGENTS.includes(parsed.toString())) return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(PUBLIC_IPV6);
}
