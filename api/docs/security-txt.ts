import { defineEndpoint } from '#api/http/endpoint.ts';
import type { Mount } from '#api/http/routes.ts';
import { AppError } from '#shared/errors/app-error.ts';

const DAY_MS = 86_400_000;
/** RFC 9116 recommends less than a year; whoever reads a copy older than this should fetch it again. */
const VALID_DAYS = 180;

export const getSecurityTxt = defineEndpoint({
  method: 'GET',
  path: '/.well-known/security.txt',
  unversioned: true,
  operationId: 'getSecurityTxt',
  summary: 'Where to report vulnerabilities (RFC 9116)',
  description: 'There is one if the operator has set SECURITY_CONTACT, else 404.',
  tag: 'docs',
  auth: 'public',
  responses: {
    200: {
      description: 'Contact, expiry and canonical address.',
      contentType: 'text/plain',
      example: 'Contact: mailto:security@donkey.example\r\nExpires: 2027-05-01T00:00:00Z\r\n',
    },
  },
  errors: ['route.not_found'],
  example: {},
});

export interface SecurityTxtOptions {
  /** A mailto: or https: address; without one there is no such file. */
  readonly contact: string | undefined;
  readonly publicUrl: string;
  readonly now?: () => number;
}

export function mountSecurityTxt(mount: Mount, options: SecurityTxtOptions): void {
  mount(getSecurityTxt, () => {
    const text = securityTxt(options);
    if (text === undefined)
      throw new AppError('route.not_found', { detail: 'The operator has not set SECURITY_CONTACT.' });
    return { status: 200, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: text };
  });
}

/** The file of RFC 9116. It expires at a midnight, so that all instances say the same. */
export function securityTxt({ contact, publicUrl, now = Date.now }: SecurityTxtOptions): string | undefined {
  if (contact === undefined) return undefined;
  const expires = new Date((Math.floor(now() / DAY_MS) + VALID_DAYS) * DAY_MS);
  return [
    `Contact: ${contact}`,
    `Expires: ${expires.toISOString().replace(/\.\d+Z$/, 'Z')}`,
    'Preferred-Languages: en',
    `Canonical: ${new URL(getSecurityTxt.fullPath, publicUrl).href}`,
    '',
  ].join('\r\n');
}
