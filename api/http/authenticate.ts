import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '#shared/errors/app-error.ts';
import type { Cookies } from './cookies.ts';
import type { AnyEndpoint } from './endpoint.ts';
import type { FailureLimit } from './rate-limits.ts';
import { stateOf } from './request-context.ts';
import type { Identity, KeyIdentity, SessionIdentity } from './request-context.ts';

/** Finds out who stands behind what a request brings along. */
export interface Identify {
  /** By session token; rejects with auth.required (not ours) or auth.session_expired (ended). */
  session(token: string): Promise<SessionIdentity>;
  /** By API key; rejects with auth.key_invalid or auth.key_expired. */
  key(key: string): Promise<KeyIdentity>;
  /** By refresh token: the living session it belongs to, whichever of its generations it is; undefined if none. */
  family(token: string): Promise<string | undefined>;
  /** Whether a session that was found before has not ended since, and its user may still come in. */
  isAlive(identity: SessionIdentity): Promise<boolean>;
}

/** Finds out who is calling and turns away whom the endpoint does not admit. */
export function authenticate(
  endpoint: AnyEndpoint,
  identify: Identify,
  cookies: Cookies,
  failures: FailureLimit,
): RequestHandler[] {
  if (endpoint.auth === 'public') return [];
  return [
    failures.check,
    async (req, res, next) => {
      try {
        await admit(req, res, endpoint, identify, cookies);
      } catch (error) {
        if (error instanceof AppError && error.status === 401) await failures.count(req, res);
        throw error;
      }
      next();
    },
  ];
}

async function admit(
  req: Request,
  res: Response,
  endpoint: AnyEndpoint,
  identify: Identify,
  cookies: Cookies,
): Promise<void> {
  const identity = await findIdentity(req, endpoint, identify, cookies);
  if (identity !== undefined) {
    stateOf(res).identity = identity;
    checkScope(endpoint, identity);
  }
  const familyId = await findFamily(req, endpoint, identify, cookies, identity);
  if (familyId !== undefined) stateOf(res).familyId = familyId;
  checkRole(endpoint, identity);
}

/**
 * Turns away a caller who is known but not admitted here.
 *
 * @throws AppError auth.session_required, auth.scope_missing, auth.forbidden
 */
export function assertAdmitted(endpoint: AnyEndpoint, identity: Pick<Identity, 'user' | 'apiKey'>): void {
  checkScope(endpoint, identity);
  checkRole(endpoint, identity);
}

function checkRole({ auth }: AnyEndpoint, identity: Pick<Identity, 'user'> | undefined): void {
  if (auth === 'admin' && identity?.user.role !== 'admin') throw new AppError('auth.forbidden');
}

/**
 * Asks again, while a long answer is being given, whether its caller is still admitted. A session counts as long as it
 * lives, whatever has become of its access token meanwhile; a database that is away changes nothing.
 */
export async function isStillAdmitted(
  req: Request,
  identity: Identity | undefined,
  identify: Identify,
): Promise<boolean> {
  if (identity === undefined) return true;
  try {
    if (identity.apiKey === undefined) return await identify.isAlive(identity);
    await identify.key(bearerOf(req) ?? '');
    return true;
  } catch (error) {
    return !(error instanceof AppError && error.status === 401);
  }
}

async function findIdentity(
  req: Request,
  endpoint: AnyEndpoint,
  identify: Identify,
  cookies: Cookies,
): Promise<Identity | undefined> {
  const { [cookies.sessionName]: token = '', [cookies.refreshName]: refreshToken = '' } = cookies.read(req);
  const hasCookie = token !== '';
  const key = bearerOf(req);
  if (key !== undefined) {
    // A request that could be judged by either of two identities is judged by none.
    if (hasCookie || refreshToken !== '') throw new AppError('auth.ambiguous');
    return identify.key(key);
  }
  const optional = endpoint.auth === 'optional' || endpoint.auth === 'refresh';
  if (!hasCookie) {
    if (optional) return undefined;
    throw new AppError('auth.required');
  }
  try {
    return await identify.session(token);
  } catch (error) {
    // A stale cookie must not keep anyone from logging in again.
    if (optional && error instanceof AppError && error.status === 401) return undefined;
    throw error;
  }
}

/** Looks at the refresh token where it is what counts, and where an access token is good but has run out. */
async function findFamily(
  req: Request,
  { auth }: AnyEndpoint,
  identify: Identify,
  cookies: Cookies,
  identity: Identity | undefined,
): Promise<string | undefined> {
  if (auth !== 'refresh' && (auth !== 'optional' || identity !== undefined)) return undefined;
  const token = cookies.read(req)[cookies.refreshName];
  const familyId = token === undefined || token === '' ? undefined : await identify.family(token);
  if (auth === 'refresh' && familyId === undefined)
    throw new AppError(token === undefined ? 'auth.required' : 'auth.session_expired');
  return familyId;
}

/** Sessions may do what their user may; keys what they were made for. */
function checkScope({ scope }: AnyEndpoint, { apiKey }: Pick<Identity, 'apiKey'>): void {
  if (apiKey === undefined) return;
  if (scope === undefined) throw new AppError('auth.session_required');
  if (!apiKey.scopes.includes(scope))
    throw new AppError('auth.scope_missing', {
      detail: `The key lacks the scope ${scope}.`,
      // RFC 6750, section 3.1
      headers: { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
    });
}

/** What follows `Bearer` in the Authorization header (RFC 6750, section 2.1), however odd it may be. */
function bearerOf(req: Request): string | undefined {
  const header = req.get('authorization') ?? '';
  return /^bearer(\s|$)/i.test(header) ? header.slice('bearer'.length).trim() : undefined;
}
