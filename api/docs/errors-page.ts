import { errorCatalog } from '#shared/errors/error-catalog.ts';
import type { ErrorEntry } from '#shared/errors/error-catalog.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';

/** The catalog of error codes; `type` of every problem answer points at an anchor of this page. */
export function errorsPage(): string {
  const entries: [string, ErrorEntry][] = Object.entries(errorCatalog);
  const groups = Map.groupBy(entries, ([code]) => code.split('.')[0] ?? code);
  const navigation = html`<a href="/docs">Viewer</a> <a href="/docs/plain">Operations</a>
    <a href="/openapi.json">openapi.json</a>
    <ul>
      ${entries.map(([code]) => html`<li><a href="#${code}">${code}</a></li>`)}
    </ul>`;
  const content = html`<p>
      Codes are stable. <em>Retryable</em> means that the same request or job may succeed later without being
      changed.
    </p>
    ${[...groups].map(
      ([group, members]) =>
        html`<h2>${group}</h2>
          ${members.map(
            ([code, entry]) =>
              html`<section id="${code}">
                <h3>
                  <span class="method">${entry.status}</span> <code>${code}</code>
                  ${entry.retryable === true ? html`<small>retryable</small>` : ''}
                </h3>
                <p><strong>${entry.title}.</strong> ${entry.remedy}</p>
              </section>`,
          )}`,
    )}`;
  return layout('Errors', navigation, content);
}
