import { lookup as dnsLookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import { AppError } from '../errors/app-error.ts';
import { guardedFetch } from './guarded-fetch.ts';
import type { Lookup, PostOptions } from './guarded-fetch.ts';
import { isPublicAddress } from './public-address.ts';
import { tracedPost } from './traced-post.ts';

export interface ProviderGuardOptions {
  /** `host` (any port) or `host:port`: trusted as they are, also over http and at private addresses. */
  readonly allowedHosts: readonly string[];
  /** Trusts every address; for networks without anything to protect. */
  readonly allowPrivate: boolean;
  /** Resolves names; the system's resolver unless a test says otherwise. */
  readonly lookup?: Lookup;
}

/** Keeps requests that users have a say in away from addresses that are none of theirs (SSRF). */
export interface ProviderGuard {
  /**
   * Checks an address that a user gives: scheme, credentials, port, and what its name resolves to now.
   *
   * @throws AppError credential.base_url_forbidden with the reason, but without any address it resolved to
   */
  check(url: string): Promise<void>;
  /**
   * POST to an address that was checked before: checks again, and checks the address the connection goes to, since a
   * name may have changed its mind. Redirects are not followed. Throws as `check` does.
   */
  post(url: string, options: PostOptions): Promise<Response>;
}

/** Makes the guard of one installation. */
export function createProviderGuard(options: ProviderGuardOptions): ProviderGuard {
  const lookup: Lookup = options.lookup ?? dnsLookup;
  const trusts = (url: URL): boolean =>
    options.allowPrivate ||
    options.allowedHosts.includes(url.hostname) ||
    options.allowedHosts.includes(`${url.hostname}:${portOf(url)}`);
  const accept = (text: string): { readonly url: URL; readonly trusted: boolean } => {
    const url = parse(text);
    const trusted = trusts(url);
    if (!trusted) checkParts(url);
    return { url, trusted };
  };
  return {
    check: async (text) => {
      const { url, trusted } = accept(text);
      if (trusted || isIP(bareHost(url)) !== 0) return;
      const found = await resolve(lookup, bareHost(url));
      if (found.length === 0) throw forbidden('its name cannot be resolved');
      if (!found.every(({ address }) => isPublicAddress(address)))
        throw forbidden('it leads to an address that is not public');
    },
    post: async (text, post) => {
      const { url, trusted } = accept(text);
      const resolver = trusted ? lookup : onlyPublic(lookup);
      return tracedPost(text, post, (traced) => guardedFetch(url, traced, resolver));
    },
  };
}

function parse(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw forbidden('it is no URL');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw forbidden('its scheme is not https');
  if (url.username !== '' || url.password !== '') throw forbidden('it holds a user name or password');
  if (url.search !== '' || url.hash !== '') throw forbidden('it has a query or a fragment');
  return url;
}

/** The URL parser has turned decimal, octal and hexadecimal forms of IPv4 addresses into the usual one by now. */
function checkParts(url: URL): void {
  if (url.protocol !== 'https:') throw forbidden('its scheme is not https');
  if (portOf(url) !== '443') throw forbidden('its port is not 443');
  const host = bareHost(url);
  if (isIP(host) !== 0 && !isPublicAddress(host))
    throw forbidden('it leads to an address that is not public');
  if (isIP(host) === 0 && !/\.[a-z][a-z0-9-]*\.?$/i.test(host)) throw forbidden('its host is no public name');
}

const portOf = (url: URL): string => url.port || (url.protocol === 'https:' ? '443' : '80');
const bareHost = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

const forbidden = (reason: string): AppError =>
  new AppError('credential.base_url_forbidden', { detail: `The base URL cannot be used: ${reason}.` });

async function resolve(lookup: Lookup, host: string): Promise<readonly LookupAddress[]> {
  const all = promisify(lookup as (host: string, options: object, done: Done) => void);
  return await all(host, { all: true }).catch(() => []);
}

type Done = (error: Error | null, addresses: LookupAddress[]) => void;

/** A resolver that hands sockets public addresses or an error; a name with one private address is not used at all. */
function onlyPublic(lookup: Lookup): Lookup {
  return (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error) {
        done(error, '', 0);
        return;
      }
      const addresses = found as LookupAddress[];
      if (addresses.length === 0 || !addresses.every(({ address }) => isPublicAddress(address)))
        done(forbidden('it leads to an address that is not public'), '', 0);
      else if (options.all === true) done(null, addresses);
      else done(null, addresses[0]?.address ?? '', addresses[0]?.family ?? 0);
    });
  };
}
