import { BlockList, isIPv4 } from 'node:net';
import type { Values } from './settings.ts';

/** Networks shorter than this hold so much of the internet that nobody's proxies are meant. */
const SHORTEST_PROXY_PREFIX = 8;

/** Different bytes that a key has at least: 32 random ones have fewer than 16 less than once in 10^9 keys. */
const DISTINCT_BYTES = 16;

/** Different characters that a secret has at least, also one of 32 hexadecimal digits. */
const DISTINCT_CHARACTERS = 8;

/** Settings that would undo a protection for everybody; nobody means them in production. */
export function productionFaults(values: Values): string[] {
  const faults: string[] = [];
  if (!isHttps(values.PUBLIC_URL))
    faults.push('PUBLIC_URL must be an https:// address in production: cookies are sent over TLS only');
  if (values.REDIS_CACHE_URL === undefined || values.REDIS_CACHE_URL === values.REDIS_URL)
    faults.push(
      'REDIS_CACHE_URL must name a Redis other than REDIS_URL in production: queues and caches need different eviction policies',
    );
  if (values.PASSWORD_RESET_URL !== undefined && !isHttps(values.PASSWORD_RESET_URL))
    faults.push(
      'PASSWORD_RESET_URL must be an https:// address in production: it is where people choose passwords',
    );
  const origins = (values.ALLOWED_ORIGINS ?? []) as readonly string[];
  for (const origin of origins.filter((url) => !isHttps(url)))
    faults.push(`ALLOWED_ORIGINS: ${origin} must be an https:// address in production`);
  const proxies = (values.TRUST_PROXY ?? []) as readonly string[];
  if (proxies.some((network) => prefixOf(network) < SHORTEST_PROXY_PREFIX))
    faults.push(
      `TRUST_PROXY must not be everybody: name the proxies, or networks of /${SHORTEST_PROXY_PREFIX} and longer, or anyone can choose their own address`,
    );
  if (values.PROVIDER_ALLOW_PRIVATE === true)
    faults.push('PROVIDER_ALLOW_PRIVATE must be false in production: name hosts in PROVIDER_ALLOWED_HOSTS');
  return [...faults, ...weakKeyFaults(values)];
}

/**
 * Outside production plain http is for loopback alone, because what is sent over a network can be read there. `HOST` may
 * be anything: a container has to listen on all of its addresses.
 */
export function publicUrlFaults(values: Values): string[] {
  const url = values.PUBLIC_URL as string | undefined;
  if (url === undefined || isHttps(url)) return [];
  const { hostname } = new URL(url);
  // Names under .test are nobody's (RFC 6761), and tests need one.
  if (isLoopback(hostname) || (values.NODE_ENV === 'test' && hostname.endsWith('.test'))) return [];
  return ['PUBLIC_URL must be an https:// address, or http:// with a loopback name such as localhost'];
}

const isHttps = (url: unknown): boolean => typeof url === 'string' && URL.parse(url)?.protocol === 'https:';

/** @param hostname as in URLs, which write every IPv4 address in one way */
const isLoopback = (hostname: string): boolean =>
  /^(.+\.)?localhost$/.test(hostname) ||
  hostname === '[::1]' ||
  (isIPv4(hostname) && hostname.startsWith('127.'));

/** Length of the prefix of an address or network; of IPv4 addresses written as IPv6 that of IPv4. */
function prefixOf(network: string): number {
  const [address = '', length] = network.split('/');
  if (isIPv4(address)) return Number(length ?? 32);
  const prefix = Number(length ?? 128);
  const list = new BlockList();
  list.addSubnet(address, prefix, 'ipv6');
  const holdsIPv4 =
    list.check('::ffff:0:0', 'ipv6') || new URL(`http://[${address}]`).hostname.startsWith('[::ffff:');
  return holdsIPv4 ? prefix - 96 : prefix;
}

/** Keys that somebody typed to get past the check of their length. */
function weakKeyFaults(values: Values): string[] {
  const lists = {
    AUTH_SIGNING_KEYS: keysOf(values.AUTH_SIGNING_KEYS),
    CREDENTIAL_KEYS: keysOf(values.CREDENTIAL_KEYS).map((key) => key.split(':')[1] ?? ''),
  };
  const weak: string[] = Object.entries(lists)
    .filter(([, keys]) => keys.some((key) => new Set(Buffer.from(key, 'base64url')).size < DISTINCT_BYTES))
    .map(([name]) => name);
  const secret = values.CSRF_SECRET as string | undefined;
  if (secret !== undefined && new Set(secret).size < DISTINCT_CHARACTERS) weak.push('CSRF_SECRET');
  return weak.map((name) => `${name} must be random in production: ./scripts/setup.sh makes good ones`);
}

const keysOf = (list: unknown): string[] => (typeof list === 'string' ? list.split(',') : []);
