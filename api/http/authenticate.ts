import type { Request, RequestHandler } from 'express';
import { AppError } from '#shared/errors/app-error.ts';
import type { Cookies } from './cookies.ts';
import type { AnyEndpoint } from './endpoint.ts';
import { stateOf } from './request-context.ts';
import type { Identity } from './request-context.ts';

/** Checks a session token; rejects with auth.required (not ours) or auth.session_expired (ended). */
export type Identify = (token: string) => Promise<Identity>;

/** Finds out who is calling and turns away whom the endpoint does not admit. */
export function authenticate(endpoint: AnyEndpoint, identify: Identify, cookies: Cookies): RequestHandler {
  return async (req, res, next) => {
    if (endpoint.auth !== 'public') {
      const identity = await findIdentity(req, endpoint, identify, cookies);
      if (identity !== undefined) stateOf(res).identity = identity;
      if (endpoint.auth === 'admin' && identity?.user.role !== 'admin') throw new AppError('auth.forbidden');
    }
    next();
  };
}

async function findIdentity(
  req: Request,
  endpoint: AnyEndpoint,
  identify: Identify,
  cookies: Cookies,
): Promise<Identity | undefined> {
  const token = cookies.read(req)[cookies.sessionName];
  const optional = endpoint.auth === 'optional';
  if (token === undefined || token === '') {
    if (optional) return undefined;
    throw new AppError('auth.required');
  }
  try {
    return await identify(token);
  } catch (error) {
    // A stale cookie must not keep anyone from logging in again.
    if (optional && error instanceof AppError && error.status === 401) return undefined;
    throw error;
  }
}
