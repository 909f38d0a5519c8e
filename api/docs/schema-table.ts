import type { JsonSchema } from '#api/http/openapi.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';

/** Shows a JSON Schema as a table of its fields; nested fields stand below their parent, with a dotted name. */
export function schemaTable(schema: JsonSchema): Html {
  const rows = fields(schema, '');
  if (rows.length === 0) return html`<p>${typeOf(schema)}</p>`;
  return html`<table>
    <thead>
      <tr>
        <th>Field</th>
        <th>Type</th>
        <th>Meaning</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

function fields(schema: JsonSchema, prefix: string): Html[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const required = schema.required?.includes(name) === true;
    const path = `${prefix}${name}`;
    const inner = field.items ?? field;
    return [
      fieldRow(path, field, required),
      ...fields(inner, `${path}${field.items === undefined ? '.' : '[].'}`),
    ];
  });
}

/** One row: name, type with its limits, meaning. */
export function fieldRow(name: string, schema: JsonSchema, required: boolean, description?: string): Html {
  return html`<tr>
    <td><code>${name}</code>${required ? html` <small>required</small>` : ''}</td>
    <td>${typeOf(schema)}</td>
    <td>${description ?? schema.description ?? ''}</td>
  </tr>`;
}

const LIMITS: readonly (readonly [keyword: string, words: string])[] = [
  ['format', ''],
  ['minLength', 'at least'],
  ['maxLength', 'at most'],
  ['minimum', 'from'],
  ['maximum', 'to'],
  ['minItems', 'at least'],
  ['maxItems', 'at most'],
  ['pattern', 'like'],
  ['default', 'by default'],
];

function typeOf(schema: JsonSchema): string {
  const allowed = schema.enum;
  if (Array.isArray(allowed)) return allowed.map((value) => JSON.stringify(value)).join(' | ');
  const variants = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(variants)) return (variants as JsonSchema[]).map(typeOf).join(' or ');
  const type = [schema.type ?? 'any'].flat().join(' or ');
  const of = schema.items === undefined ? '' : ` of ${typeOf(schema.items)}`;
  const limits = LIMITS.filter(([keyword]) => schema[keyword] !== undefined).map(([keyword, words]) =>
    `${words} ${text(schema[keyword])}`.trim(),
  );
  return [type + of, ...limits].join(', ');
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
