import { html } from './html.ts';
import type { Html } from './html.ts';

/** A whole page. It needs no script, and nothing from elsewhere. */
export function layout(title: string, navigation: Html, content: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="stylesheet" href="/docs/style.css" />
      </head>
      <body>
        <nav>${navigation}</nav>
        <main>
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html>`.text;
}
