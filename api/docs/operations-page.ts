import type { JsonSchema, OpenApi, Operation, Parameter, ResponseObject } from '#api/http/openapi.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { layout } from './layout.ts';
import { fieldRow, schemaTable } from './schema-table.ts';

interface Entry {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** The docs page: every operation with its parameters, bodies, answers, errors and examples. */
export function operationsPage(api: OpenApi): string {
  const entries = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );
  const groups = api.tags.map((tag) => ({
    tag,
    entries: entries.filter((entry) => entry.operation.tags.includes(tag.name)),
  }));
  const navigation = html`<a href="/docs">Viewer</a> <a href="/docs/errors">Errors</a>
    <a href="/openapi.json">openapi.json</a> ${groups.map(
      (group) =>
        html`<h2>${group.tag.name}</h2>
          <ul>
            ${group.entries.map(
              ({ operation }) => html`<li><a href="#${operation.operationId}">${operation.summary}</a></li>`,
            )}
          </ul>`,
    )}`;
  const content = html`<p>${api.info.description} Version ${api.info.version}.</p>
    ${introduction()}
    ${groups.map(
      (group) =>
        html`<h2>${group.tag.name}</h2>
          <p>${group.tag.description}</p>
          ${group.entries.map((entry) => section(entry, api.servers[0]?.url ?? ''))}`,
    )}`;
  return layout(api.info.title, navigation, content);
}

const introduction = (): Html =>
  html`<p>
    Answers are <code>{"data": …, "meta": …}</code>, names are snake_case, times RFC 3339 in UTC, ids UUIDs.
    Logging in sets a cookie. Whatever changes something needs the header <code>x-csrf-token</code> from
    <a href="#getCsrfToken">GET /api/v1/auth/csrf</a>. Programs send <code>Authorization: Bearer</code> with
    an <a href="#createApiKey">API key</a> instead of both. Errors are
    <code>application/problem+json</code> with a stable <a href="/docs/errors">code</a>.
  </p>`;

function section({ method, path, operation }: Entry, url: string): Html {
  return html`<section id="${operation.operationId}">
    <h3><span class="method ${method.toLowerCase()}">${method}</span> <code>${path}</code></h3>
    <p><strong>${operation.summary}.</strong> ${operation.description}</p>
    <p>${access(operation['x-access'])}</p>
    ${parameters(operation.parameters)} ${body(operation)}
    <h4>Example</h4>
    <pre>${curl(method, path, operation, url)}</pre>
    <h4>Answers</h4>
    ${Object.entries(operation.responses).map(([status, response]) => answer(status, response))}
    <p>
      Errors:
      ${operation['x-error-codes'].map(
        (code) => html`<a class="code" href="/docs/errors#${code}">${code}</a> `,
      )}
    </p>
  </section>`;
}

/** Who is admitted, in a sentence. */
function access({ auth, scope }: Operation['x-access']): string {
  return {
    public: 'Open to all.',
    optional: 'Open to all; a login is taken note of.',
    refresh: 'For a login session, by its refresh cookie.',
    session: 'For a login session only.',
    user: `For a login session, or an API key with the scope ${scope ?? ''}.`,
    admin: `For administrators: in a login session, or by an API key with the scope ${scope ?? ''}.`,
  }[auth];
}

function parameters(list: readonly Parameter[]): Html | string {
  if (list.length === 0) return '';
  return html`<h4>Parameters</h4>
    <table>
      <tbody>
        ${list.map((one) =>
          fieldRow(one.name, one.schema, one.required, `${one.description} (${one.in})`.trim()),
        )}
      </tbody>
    </table>`;
}

function body(operation: Operation): Html[] {
  return Object.entries(operation.requestBody?.content ?? {}).map(
    ([type, { schema }]) =>
      html`<h4>Body (${type})</h4>
        ${schemaTable(schema)}`,
  );
}

function answer(status: string, response: ResponseObject): Html | string {
  if (Number(status) >= 400) return '';
  const content = Object.entries(response.content ?? {}) as [
    string,
    { schema?: JsonSchema; example?: unknown },
  ][];
  return html`<p><strong>${status}</strong> ${response.description}</p>
    ${content.map(
      ([type, { schema, example }]) =>
        html`<details>
          <summary>${type}</summary>
          ${schema === undefined ? '' : schemaTable(schema)}
          ${example === undefined ? '' : html`<pre>${pretty(example)}</pre>`}
        </details>`,
    )}`;
}

function curl(method: string, path: string, operation: Operation, url: string): string {
  const value = (one: Parameter): string =>
    typeof one.example === 'string' ? one.example : JSON.stringify(one.example);
  const shown = operation.parameters.filter((one) => one.example !== undefined);
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = shown.find((one) => one.in === 'path' && one.name === name);
    return parameter === undefined ? name : encodeURIComponent(value(parameter));
  });
  const query = new URLSearchParams(
    shown.filter((one) => one.in === 'query').map((one): [string, string] => [one.name, value(one)]),
  ).toString();
  const lines = [`curl -b cookies.txt -X ${method} '${url}${filled}${query === '' ? '' : `?${query}`}'`];
  for (const one of shown.filter((each) => each.in === 'header'))
    lines.push(`  -H '${one.name}: ${value(one)}'`);
  const json = operation.requestBody?.content['application/json']?.example;
  if (json !== undefined) lines.push(`  --json '${JSON.stringify(json)}'`);
  return lines.join(' \\\n');
}

const pretty = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value, null, 2);
