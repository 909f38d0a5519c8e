import type { AnyEndpoint } from '#api/http/endpoint.ts';
import { assertProblem } from './http-client.ts';
import type { HttpClient, RequestOptions, TestResponse } from './http-client.ts';

/** Path and query of an endpoint's own example. */
export function examplePath({ fullPath, example }: AnyEndpoint): string {
  const params: Readonly<Record<string, unknown>> = example.params ?? {};
  const path = fullPath.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const query = new URLSearchParams(
    Object.entries(example.query ?? {}).flatMap(([name, value]) =>
      [value].flat().map((item): [string, string] => [name, String(item)]),
    ),
  ).toString();
  return query === '' ? path : `${path}?${query}`;
}

/** The body of an endpoint's example, as JSON where it takes that, else as a form with a file. */
export function exampleBody({ body, form, example }: AnyEndpoint, extra: object = {}): RequestOptions {
  if (body !== undefined) return { json: { ...(example.body as object), ...extra } };
  if (form === undefined) return {};
  const data = new FormData();
  for (const [name, value] of Object.entries({ ...example.form, ...extra })) data.append(name, String(value));
  data.append('file', new Blob(['A short text.']), 'short.txt');
  return { raw: data };
}

/** Sends an endpoint's example; of an answer that goes on and on, such as an event stream, only the head is read. */
export async function callExample(
  client: HttpClient,
  endpoint: AnyEndpoint,
  options: RequestOptions = exampleBody(endpoint),
): Promise<TestResponse> {
  const abort = new AbortController();
  const response = await client.send(endpoint.method, examplePath(endpoint), {
    ...options,
    signal: abort.signal,
  });
  if (response.headers.get('content-type')?.includes('json') === true) {
    const text = await response.text();
    const body = text === '' ? '' : JSON.parse(text);
    if (response.status >= 400) assertProblem(response, body);
    return { status: response.status, headers: response.headers, body };
  }
  abort.abort();
  return { status: response.status, headers: response.headers, body: '' };
}
