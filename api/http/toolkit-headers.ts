import type { AnyEndpoint } from './endpoint.ts';

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
