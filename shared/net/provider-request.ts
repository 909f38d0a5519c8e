import { AppError } from '../errors/app-error.ts';
import type { PostOptions } from './guarded-fetch.ts';
import type { ProviderGuard } from './provider-guard.ts';
import { readRetryAfter } from './retry-after.ts';
import { tracedPost } from './traced-post.ts';

/** A user's own access to a provider. */
export interface ProviderCredential {
  readonly apiKey: string;
  /** Null for the address of the settings. */
  readonly baseUrl: string | null;
}

/** Sends one request to a provider. */
export type Post = (url: string, options: PostOptions) => Promise<Response>;

/** A redirect would carry the texts, and the key, to a server that nobody configured. */
export const fetchPost: Post = (url, options) =>
  tracedPost(url, options, (traced) => fetch(url, { method: 'POST', redirect: 'manual', ...traced }));

/**
 * What a request to a user's own address goes through; undefined for the operator's, which is trusted.
 *
 * @throws AppError credential.base_url_forbidden where there is no guard
 */
export function postOf(baseUrl: string | null, guard: ProviderGuard | undefined): Post | undefined {
  if (baseUrl === null) return undefined;
  if (guard === undefined) throw new AppError('credential.base_url_forbidden');
  return (url, post) => guard.post(url, post);
}

/**
 * The error that an answer other than 2xx stands for. The provider's own words stay out of it: they may repeat the key or
 * the texts.
 */
export function refusal(
  service: 'embedding' | 'completion',
  response: Pick<Response, 'status' | 'headers'>,
  ownCredential: boolean,
): AppError {
  const detail = `The ${service} provider answered ${response.status}.`;
  const seconds = readRetryAfter(response.headers.get('retry-after'));
  const more = seconds === undefined ? { detail } : { detail, retryAfterSeconds: seconds };
  if (response.status === 429) return new AppError(`${service}.throttled`, more);
  if (response.status >= 500 || response.status === 408) return new AppError(`${service}.unavailable`, more);
  if (ownCredential && (response.status === 401 || response.status === 403))
    return new AppError('credential.rejected', { detail });
  return new AppError(`${service}.rejected`, { detail });
}

/**
 * Reads an answer as text.
 *
 * @throws AppError `<service>.rejected` when it has more than `limit` bytes
 */
export async function readBounded(
  service: 'embedding' | 'completion',
  response: Response,
  limit: number,
): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.byteLength;
    if (size > limit)
      throw new AppError(`${service}.rejected`, {
        detail: `The answer of the ${service} provider is too large.`,
      });
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
