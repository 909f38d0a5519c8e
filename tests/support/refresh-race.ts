import { HttpClient } from './http-client.ts';
import type { TestResponse } from './http-client.ts';

export const SESSION_COOKIE = 'donkey_session';
export const REFRESH_COOKIE = 'donkey_refresh';

/** Cookies and CSRF token of a browser, copied: a second tab, or a thief. */
export function copyOf(client: HttpClient, url: string): HttpClient {
  const copy = new HttpClient(url);
  for (const [name, value] of client.cookies) copy.cookies.set(name, value);
  copy.csrfToken = client.csrfToken;
  return copy;
}

/**
 * Lets tabs of one browser refresh at the same moment, each over one of the instances in turn; the browser keeps what
 * the last of them was given.
 */
export async function refreshAtOnce(
  client: HttpClient,
  urls: readonly string[],
  tabs: number,
): Promise<{ readonly answers: TestResponse[]; readonly successors: ReadonlySet<string> }> {
  const copies = Array.from({ length: tabs }, (_, index) => copyOf(client, urls[index % urls.length]!));
  const answers = await Promise.all(copies.map((copy) => copy.post('auth/refresh')));
  const successors = new Set(copies.map((copy) => copy.cookies.get(REFRESH_COOKIE) ?? ''));
  for (const [name, value] of copies.at(-1)!.cookies) client.cookies.set(name, value);
  return { answers, successors };
}
