import type { AnyEndpoint } from './endpoint.ts';

/** Whether an endpoint takes note of an Idempotency-Key: those that make something for a known caller. */
export const takesIdempotencyKey = (
  endpoint: Pick<AnyEndpoint, 'method' | 'auth' | 'responses' | 'streams'>,
): boolean =>
  endpoint.method === 'POST' &&
  !endpoint.streams &&
  ['user', 'session', 'admin'].includes(endpoint.auth) &&
  (endpoint.responses[201] !== undefined || endpoint.responses[202] !== undefined);

/** Media types of what an endpoint answers where all goes well; none where its answers are empty. */
export const producedTypes = ({ responses }: Pick<AnyEndpoint, 'responses'>): string[] => [
  ...new Set(
    Object.values(responses).flatMap(({ schema, contentType }) =>
      schema === undefined ? [contentType ?? []].flat() : ['application/json'],
    ),
  ),
];

/** Headers that the toolkit itself puts on an answer -> what they say. */
export function toolkitHeaders(
  { etag, deprecation }: Pick<AnyEndpoint, 'etag' | 'deprecation'>,
  status: number,
): Readonly<Record<string, string>> {
  const isTagged = etag !== 'none' && [200, 304].includes(status);
  return {
    'X-Request-Id': 'Correlation id.',
    ...(isTagged && { ETag: 'Tag of what is sent, for If-None-Match.' }),
    ...(deprecation && {
      Deprecation: 'Since when there is a better address (RFC 9745).',
      Sunset: 'Until when this one works in any case (RFC 8594).',
      Link: 'The address to use instead, as `successor-version`.',
    }),
  };
}
