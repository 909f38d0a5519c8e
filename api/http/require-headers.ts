import type { RequestHandler } from 'express';
import { AppError } from '#shared/errors/app-error.ts';
import { producedTypes } from './endpoint.ts';
import type { AnyEndpoint } from './endpoint.ts';

/** Refuses clients that would not take what the endpoint answers (RFC 9110, section 12.5.1). Errors are problems to all. */
export function requireAcceptable(endpoint: AnyEndpoint): RequestHandler[] {
  const types = producedTypes(endpoint);
  if (types.length === 0) return [];
  return [
    (req, _res, next) => {
      if (req.accepts(types) === false)
        throw new AppError('request.not_acceptable', {
          detail: `This is answered as ${types.join(' or ')}.`,
        });
      next();
    },
  ];
}

/** Refuses edits that do not say which version they are made of (RFC 6585, section 3), before their body is read. */
export function requirePrecondition(endpoint: AnyEndpoint): RequestHandler[] {
  if (!endpoint.precondition) return [];
  return [
    (req, _res, next) => {
      assertPrecondition(endpoint, req.get('if-match'));
      next();
    },
  ];
}

/** @throws AppError precondition.required for an edit that does not say which version it is made of */
export function assertPrecondition(
  { precondition }: Pick<AnyEndpoint, 'precondition'>,
  ifMatch: string | undefined,
): void {
  if (precondition && (ifMatch ?? '').trim() === '') throw new AppError('precondition.required');
}
