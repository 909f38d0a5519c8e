import { showsSecrets } from '#api/http/shows-secrets.ts';
import type { AnyEndpoint } from '#api/http/endpoint.ts';
import { asksForProof } from '#api/http/prove-presence.ts';
import { AppError } from '#shared/errors/app-error.ts';

/** Why an endpoint cannot be an operation of a batch, in words for its client; undefined when it can. */
export function batchObstacle(endpoint: AnyEndpoint, isAtomic: boolean): string | undefined {
  if (endpoint.isBatch) return 'A batch cannot hold another one.';
  if (endpoint.deprecation !== undefined) return 'Its address is one of before.';
  if (endpoint.auth !== 'user' && endpoint.auth !== 'admin')
    return 'Logins and what is public have nothing to do in a batch.';
  if (showsSecrets(endpoint) || endpoint.path.startsWith('/auth/'))
    return 'Accounts, keys and credentials are managed by requests of their own.';
  if (endpoint.rateBucket !== 'default' && endpoint.rateBucket !== 'search')
    return 'Files are sent by requests of their own.';
  if (
    endpoint.streams ||
    Object.values(endpoint.responses).some((answer) => answer.contentType !== undefined)
  )
    return 'Its answer is a stream or a file.';
  if (isAtomic && (endpoint.rateBucket === 'search' || endpoint.auth === 'admin'))
    return 'It cannot be part of an atomic batch, for not all that it does is done in the database.';
  return undefined;
}

/**
 * Refuses what cannot be an operation of a batch.
 *
 * @param query as it came
 * @throws AppError batch.unsupported, batch.sensitive, request.invalid for a query that is not good where the query decides
 */
export function assertBatchable(endpoint: AnyEndpoint, query: object, isAtomic: boolean): void {
  const obstacle = batchObstacle(endpoint, isAtomic);
  if (obstacle !== undefined) throw new AppError('batch.unsupported', { detail: obstacle });
  if (asksForProof(endpoint, query)) throw new AppError('batch.sensitive');
}
