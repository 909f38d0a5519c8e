import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AnyEndpoint, Reply } from '#api/http/endpoint.ts';
import { createOpenApi } from '#api/http/openapi.ts';
import type { OpenApiOptions } from '#api/http/openapi.ts';
import type { Mount } from '#api/http/routes.ts';
import { getDocs, getDocsStyle, getErrorDocs, getOpenApi } from './docs-endpoints.ts';
import { errorsPage } from './errors-page.ts';
import { operationsPage } from './operations-page.ts';

/** @param endpoints all endpoints; they are read at the first request, when the last one has been mounted */
export function mountDocs(mount: Mount, endpoints: readonly AnyEndpoint[], options: OpenApiOptions): void {
  const api = once(() => createOpenApi(endpoints, options));
  const style = once(() => readFileSync(new URL('./style.css', import.meta.url), 'utf8'));
  mount(
    getDocs,
    page('text/html', () => operationsPage(api())),
  );
  mount(getErrorDocs, page('text/html', errorsPage));
  mount(getDocsStyle, page('text/css', style));
  mount(getOpenApi, () => ({ status: 200, headers: headersFor(JSON.stringify(api())), body: api() }));
}

function page(type: string, render: () => string): () => Reply {
  const text = once(render);
  return () => ({
    status: 200,
    headers: { 'Content-Type': `${type}; charset=utf-8`, ...headersFor(text()) },
    body: text(),
  });
}

const headersFor = (text: string) => ({
  ETag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`,
  'Cache-Control': 'no-cache',
});

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
