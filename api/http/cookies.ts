import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request } from 'express';

/** The cookies of the product and how they are written. */
export interface Cookies {
  /** Holds the access token. */
  readonly sessionName: string;
  /** Holds the refresh token; handlers outside /auth never see it. */
  readonly refreshName: string;
  /** Tells a browser in which somebody has logged in before; it grants nothing. */
  readonly deviceName: string;
  readonly preSessionName: string;
  read(req: Pick<Request, 'headers'>): Readonly<Record<string, string | undefined>>;
  /** A Set-Cookie value; without a lifetime the cookie goes with the browser. */
  write(name: string, value: string, maxAgeSeconds?: number): string;
  clear(name: string): string;
}

/**
 * Cookies that scripts cannot read. SameSite is Strict because nothing here is a page that somebody reaches
 * by a link from another site while being logged in. Over TLS the `__Host-` prefix binds them to this very host, so
 * that no neighbouring subdomain can plant one (RFC 6265bis, section 4.1.3.2; ASVS 5.0 3.3.1 to 3.3.4). The prefix rules
 * out a narrow path for the refresh token; ADR 15 says why it is worth more.
 */
export function createCookies(options: { readonly secure: boolean }): Cookies {
  const prefix = options.secure ? '__Host-' : '';
  // Several parts of a request's way look at its cookies.
  const parsed = new WeakMap<object, Readonly<Record<string, string | undefined>>>();
  const attributes = { httpOnly: true, secure: options.secure, sameSite: 'strict', path: '/' } as const;
  return {
    sessionName: `${prefix}donkey_session`,
    refreshName: `${prefix}donkey_refresh`,
    deviceName: `${prefix}donkey_device`,
    preSessionName: `${prefix}donkey_presession`,
    read: (req) => {
      const known = parsed.get(req);
      if (known !== undefined) return known;
      const read = parseCookie(req.headers.cookie ?? '');
      parsed.set(req, read);
      return read;
    },
    write: (name, value, maxAge) =>
      stringifySetCookie({ name, value, ...attributes, ...(maxAge === undefined ? {} : { maxAge }) }),
    clear: (name) => stringifySetCookie({ name, value: '', ...attributes, maxAge: 0 }),
  };
}
