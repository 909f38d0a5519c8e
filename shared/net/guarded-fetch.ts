import type { LookupAddress, LookupOptions } from 'node:dns';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';

/** Resolves a host name as `dns.lookup` does. */
export type Lookup = (
  host: string,
  options: LookupOptions,
  done: (error: Error | null, address: string | LookupAddress[], family?: number) => void,
) => void;

export interface PostOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

/**
 * POST over a connection of its own whose address comes from `lookup` alone. `fetch` cannot be told how to resolve a
 * name without a second copy of its HTTP library; this does little else. Redirects are answers like any other.
 *
 * @throws what `lookup` throws, network errors, the signal's reason
 */
export async function guardedFetch(url: URL, options: PostOptions, lookup: Lookup): Promise<Response> {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const request = send(url, {
    method: 'POST',
    headers: { ...options.headers, 'content-length': String(Buffer.byteLength(options.body)) },
    signal: options.signal,
    lookup,
    // A connection that is kept would be used again without being checked again.
    agent: false,
  });
  request.end(options.body);
  const [answer] = (await once(request, 'response', { signal: options.signal })) as [IncomingMessage];
  // The answer may be left unread, and then end in an error that nobody waits for.
  answer.on('error', () => undefined);
  const status = answer.statusCode ?? 0;
  if (status < 200 || status > 599) {
    answer.destroy();
    throw new Error(`the server answered ${status}`);
  }
  const headers = Object.entries(answer.headersDistinct).flatMap(([name, values]) =>
    (values ?? []).map((value): [string, string] => [name, value]),
  );
  const empty = status === 204 || status === 205 || status === 304;
  if (empty) answer.resume();
  const body = empty ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>);
  return new Response(body, { status, headers });
}
