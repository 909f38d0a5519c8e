import { createHmac } from 'node:crypto';
import csurf from 'csurf';
import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '#shared/errors/app-error.ts';
import type { Cookies } from './cookies.ts';
import { stateOf } from './request-context.ts';

/** What a token is bound to: a login session, or the random cookie of somebody who has not logged in yet. */
export type CsrfBinding = { readonly sessionId: string } | { readonly preSession: string };

export interface Csrf {
  /** Makes a token that is good for requests of this session only. */
  issue(binding: CsrfBinding): string;
  /** Refuses requests whose `x-csrf-token` was not made for the caller's session, before any body is read. */
  readonly protect: RequestHandler;
}

/** The little that csurf needs of a request, so that a token can be made for a session that has just begun. */
interface TokenRequest {
  readonly method: string;
  readonly csrfBag?: { readonly csrfSecret: string };
  csrfToken?(): string;
}

type Check = (req: TokenRequest, res: object, next: (error?: unknown) => void) => void;

/**
 * CSRF tokens by csurf, without its cookie mode, in which tokens can be planted: the secret is derived from the
 * session and never stored, so a token of one session is worthless in every other.
 *
 * @param key at least 32 characters
 */
export function createCsrf(key: string, cookies: Cookies): Csrf {
  const check = csurf({
    sessionKey: 'csrfBag',
    value: (req) => req.get('x-csrf-token') ?? '',
  }) as unknown as Check;
  const bagFor = (binding: CsrfBinding) => {
    // A pre-session is named by the client, so it must never spell out somebody's session id.
    const id = 'sessionId' in binding ? binding.sessionId : `pre:${binding.preSession}`;
    return Object.freeze({
      csrfSecret: createHmac('sha256', key).update(`csrf/v1\0${id}`).digest('base64url'),
    });
  };
  const bindingOf = (req: Request, res: Response): CsrfBinding | undefined => {
    const { identity, familyId } = stateOf(res);
    const sessionId = familyId ?? identity?.sessionId;
    if (sessionId !== undefined) return { sessionId };
    const preSession = cookies.read(req)[cookies.preSessionName];
    return preSession === undefined || preSession === '' ? undefined : { preSession };
  };
  return {
    issue: (binding) => {
      const request: TokenRequest = { method: 'GET', csrfBag: bagFor(binding) };
      check(request, {}, () => undefined);
      if (request.csrfToken === undefined) throw new Error('csurf made no token');
      return request.csrfToken();
    },
    protect: (req, res, next) => {
      // No page can make a browser send a key, and a key beside a session cookie has been refused before.
      if (stateOf(res).identity?.apiKey !== undefined) {
        next();
        return;
      }
      const binding = bindingOf(req, res);
      if (binding === undefined) throw new AppError('auth.csrf_invalid');
      Object.assign(req, { csrfBag: bagFor(binding) });
      check(req, res, (error) => {
        if (error === undefined) next();
        else next(new AppError('auth.csrf_invalid'));
      });
    },
  };
}
