import { currentSpan } from '../logging/correlation.ts';
import { traceHeaders } from '../tracing/trace-context.ts';
import type { PostOptions } from './guarded-fetch.ts';

/**
 * Lets a request to another server go on with the trace it is sent for: as a span of its own that ends with the head of the
 * answer, told to the server in the headers of W3C Trace Context.
 *
 * @throws what `send` throws
 */
export async function tracedPost(
  url: string,
  options: PostOptions,
  send: (options: PostOptions) => Promise<Response>,
): Promise<Response> {
  const span = currentSpan()?.child('POST', 'client', {
    'http.request.method': 'POST',
    'server.address': URL.parse(url)?.host ?? '',
  });
  if (span === undefined) return send(options);
  try {
    const response = await send({
      ...options,
      headers: { ...options.headers, ...traceHeaders(span.context) },
    });
    span.tell({ 'http.response.status_code': response.status });
    span.end(response.ok ? undefined : String(response.status));
    return response;
  } catch (error) {
    span.end(error instanceof Error ? error.name : 'error');
    throw error;
  }
}
