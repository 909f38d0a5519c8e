import { errorEntry } from '#shared/errors/error-catalog.ts';
import type { ErrorCode } from '#shared/errors/error-catalog.ts';
import { producedTypes, takesIdempotencyKey } from './endpoint-traits.ts';
import type { AnyEndpoint } from './endpoint.ts';

/** Adds what the toolkit itself can answer before and around the handler. */
export function allErrors(
  endpoint: Omit<AnyEndpoint, 'errors'> & { readonly errors?: readonly ErrorCode[] },
): ErrorCode[] {
  const takesBody = endpoint.body !== undefined || endpoint.form !== undefined;
  const when = (condition: boolean, ...codes: ErrorCode[]): ErrorCode[] => (condition ? codes : []);
  const codes = [
    ...(endpoint.errors ?? []),
    ...when(endpoint.auth !== 'public', 'auth.ambiguous', 'auth.key_invalid', 'auth.key_expired'),
    ...when(
      endpoint.auth !== 'public' && endpoint.auth !== 'optional',
      'auth.required',
      'auth.session_expired',
    ),
    ...when(['optional', 'refresh', 'session'].includes(endpoint.auth), 'auth.session_required'),
    ...when(endpoint.scope !== undefined, 'auth.scope_missing'),
    ...when(endpoint.sensitive, 'auth.reauthentication_required'),
    ...when(
      endpoint.sensitive && endpoint.scope !== undefined,
      'auth.signature_required',
      'auth.signature_invalid',
      'auth.signature_expired',
      'auth.signature_replayed',
    ),
    ...when(endpoint.auth === 'admin', 'auth.forbidden'),
    ...when(endpoint.csrf, 'auth.csrf_invalid', 'auth.origin_forbidden'),
    ...when(endpoint.rateBucket !== 'none' || endpoint.auth !== 'public', 'request.rate_limited'),
    ...when(producedTypes(endpoint).length > 0, 'request.not_acceptable'),
    ...when(endpoint.precondition, 'precondition.required', 'precondition.failed'),
    ...when(takesBody, 'request.media_type', 'request.too_large'),
    ...when(takesBody || endpoint.params !== undefined, 'request.malformed'),
    ...when(
      takesIdempotencyKey(endpoint),
      'idempotency.key_reused',
      'idempotency.in_progress',
      'idempotency.answer_lost',
    ),
    ...(['request.invalid', 'service.unavailable', 'internal.error'] as const),
  ];
  return [...new Set(codes)].sort((a, b) => errorEntry(a).status - errorEntry(b).status || (a < b ? -1 : 1));
}
