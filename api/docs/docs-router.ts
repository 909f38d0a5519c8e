import { readFileSync } from 'node:fs';
import { AppError } from '#shared/errors/app-error.ts';
import type { AnyEndpoint, Reply } from '#api/http/endpoint.ts';
import { createOpenApi } from '#api/http/openapi.ts';
import type { OpenApiOptions } from '#api/http/openapi.ts';
import type { Mount } from '#api/http/routes.ts';
import { once, staticReply, taggedByContent } from '#api/http/static-reply.ts';
import {
  getDocs,
  getDocsScript,
  getDocsStyle,
  getErrorDocs,
  getOpenApi,
  getPlainDocs,
  getViewerStyle,
} from './docs-endpoints.ts';
import { errorsPage } from './errors-page.ts';
import { operationsPage } from './operations-page.ts';
import { readViewerFiles } from './viewer-files.ts';
import type { ViewerFile } from './viewer-files.ts';
import { VIEWER_HEADERS, viewerPage } from './viewer-page.ts';

/** @param endpoints all endpoints; they are read at the first request, when the last one has been mounted */
export function mountDocs(mount: Mount, endpoints: readonly AnyEndpoint[], options: OpenApiOptions): void {
  const api = once(() => createOpenApi(endpoints, options));
  const style = once(() => readFileSync(new URL('./style.css', import.meta.url), 'utf8'));
  const files = once(readViewerFiles);
  mount(
    getDocs,
    staticReply('text/html', () => viewerPage(api(), files()), VIEWER_HEADERS),
  );
  mount(
    getPlainDocs,
    staticReply('text/html', () => operationsPage(api())),
  );
  mount(getErrorDocs, staticReply('text/html', errorsPage));
  mount(getDocsStyle, staticReply('text/css', style));
  const file = (type: string) => {
    return ({ params }: { params: { version: string; file: ViewerFile } }): Reply => {
      if (params.version !== files().version) throw new AppError('route.not_found');
      return asset(type, files().read(params.file));
    };
  };
  mount(getDocsScript, file('text/javascript'));
  mount(getViewerStyle, file('text/css'));
  mount(getOpenApi, () => ({ status: 200, headers: taggedByContent(JSON.stringify(api())), body: api() }));
}

/** A file whose address changes with it. The page that uses it stands in a sandbox, and counts as another site. */
const asset = (type: string, body: Buffer): Reply => ({
  status: 200,
  headers: {
    'Content-Type': `${type}; charset=utf-8`,
    ...taggedByContent(body),
    'Cache-Control': 'public, max-age=31536000, immutable',
    'Cross-Origin-Resource-Policy': 'cross-origin',
  },
  body,
});
