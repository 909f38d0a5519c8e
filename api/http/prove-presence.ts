import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '#shared/errors/app-error.ts';
import type { AnyEndpoint } from './endpoint.ts';
import { stateOf } from './request-context.ts';
import type { KeyIdentity } from './request-context.ts';
import { verifyBody, verifySignedRequest } from './signed-request.ts';
import type { SignedRequest } from './signed-request.ts';
import { validateQuery } from './validate.ts';

/** Uses the nonce of a signed request up; false if it has been used before. */
export type UseNonce = (
  identity: KeyIdentity,
  signed: Pick<SignedRequest, 'nonce' | 'expiresAt'>,
) => Promise<boolean>;

/** For how long a password that was given counts as just given, in ms. */
const REAUTHENTICATION_MS = 5 * 60_000;

/**
 * What sensitive operations ask for beyond a cookie or a key, which may have been copied: of programs the private half
 * of a key pair, in the form of a signature; of people the password, a moment ago. Where only some queries make an operation
 * a sensitive one, a query that is not good is refused here: nobody gets past by one that reads in two ways.
 *
 * @param readBody what reads the body; it runs between the two checks
 */
export function provePresence(
  endpoint: AnyEndpoint,
  useNonce: UseNonce,
  readBody: readonly RequestHandler[],
): RequestHandler[] {
  if (!endpoint.sensitive) return [...readBody];
  return [
    (req, res, next) => {
      if (asksForProof(endpoint, req.query)) proveCaller(endpoint, req, res);
      next();
    },
    ...readBody,
    async (req, res, next) => {
      if (asksForProof(endpoint, req.query)) await proveBody(res, useNonce);
      next();
    },
  ];
}

/** Whether a request with this query, as it came, has to bring proof. @throws AppError request.invalid */
export function asksForProof(endpoint: AnyEndpoint, query: object): boolean {
  const { sensitive, proofCondition } = endpoint;
  return sensitive && (proofCondition?.applies(validateQuery(endpoint, { ...query })) ?? true);
}

function proveCaller(endpoint: AnyEndpoint, req: Request, res: Response): void {
  const { identity } = stateOf(res);
  if (identity === undefined) throw new AppError('auth.required');
  if (identity.apiKey !== undefined)
    stateOf(res).signed = verifySignedRequest(req, identity.apiKey, endpoint.body !== undefined, Date.now());
  else if (Date.now() - identity.reauthenticatedAt.getTime() > REAUTHENTICATION_MS)
    throw new AppError('auth.reauthentication_required');
}

async function proveBody(res: Response, useNonce: UseNonce): Promise<void> {
  const { identity, signed, rawBody } = stateOf(res);
  if (identity?.apiKey === undefined) return;
  if (signed === undefined) throw new AppError('auth.signature_required');
  verifyBody(signed, rawBody ?? Buffer.alloc(0));
  // Last of all checks, so that nobody can use up the nonces of others.
  if (!(await useNonce(identity, signed))) throw new AppError('auth.signature_replayed');
}
