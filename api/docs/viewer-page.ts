import type { OpenApi } from '#api/http/openapi.ts';
import { Html, html } from './html.ts';
import { viewerScripts, viewerStyles } from './viewer-files.ts';
import type { ViewerFiles } from './viewer-files.ts';

/**
 * What the page of the viewer may do: run our copies of its scripts and show what they make. It stands in a sandbox, as
 * if it came from another site, and may ask nobody for anything: whatever is wrong with a large script of strangers,
 * it reaches neither the cookies of the reader nor the API.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  'sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox',
].join('; ');

export const VIEWER_HEADERS = {
  'Content-Security-Policy': POLICY,
  // A page in a sandbox has no origin that it could share a cluster with.
  'Origin-Agent-Cluster': '?0',
};

/** The page with the viewer. The description stands in it, as data that no script can break out of. */
export function viewerPage(api: OpenApi, files: ViewerFiles): string {
  const data = JSON.stringify(api).replaceAll('<', '\\u003c');
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${api.info.title}</title>
        <link rel="icon" href="data:," />
        ${viewerStyles.map((name) => html`<link rel="stylesheet" href="${files.addressOf(name)}" />`)}
      </head>
      <body>
        <p>
          <a href="/docs/plain">The same without scripts, to print and to search</a> ·
          <a href="/docs/errors">Error codes</a> · <a href="/openapi.json">openapi.json</a>
        </p>
        <div id="viewer"></div>
        <script type="application/json" id="openapi">
          ${new Html(data)}
        </script>
        ${viewerScripts.map((name) => html`<script src="${files.addressOf(name)}"></script>`)}
      </body>
    </html>`.text;
}
