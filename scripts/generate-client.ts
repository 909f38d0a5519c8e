import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';
import { describeApi } from './openapi/describe-api.ts';

/** Types of a client of the API, by which `openapi-fetch` checks what it sends and gives types to what it gets. */
export const clientTypesPath = join(import.meta.dirname, '../tests/client/api-types.ts');

const HEADER =
  '// Made from the OpenAPI document by scripts/generate-client.ts: do not change it by hand.\n\n';

const blob = ts.factory.createTypeReferenceNode('Blob');

/** Words and examples, which types do not need, and the CSRF token, which a middleware sends with every call. */
function withoutWords(value: unknown, isNamed = false): unknown {
  if (Array.isArray(value))
    return value
      .filter((item) => (item as { name?: unknown } | null)?.name !== 'x-csrf-token')
      .map((item) => withoutWords(item));
  if (typeof value !== 'object' || value === null) return value;
  const words = ['description', 'summary', 'example', 'examples'];
  const kept = Object.entries(value).filter(([key]) => isNamed || !words.includes(key));
  return Object.fromEntries(
    kept.map(([key, item]) => [key, withoutWords(item, !isNamed && key === 'properties')]),
  );
}

/** The types as they should be on disk. */
export async function clientTypes(): Promise<string> {
  const tree = await openapiTS(JSON.stringify(withoutWords(await describeApi())), {
    alphabetize: true,
    transform: (schema) =>
      'contentMediaType' in schema && schema.contentMediaType === 'application/octet-stream'
        ? blob
        : undefined,
  });
  const options = (await resolveConfig(clientTypesPath)) ?? {};
  return format(HEADER + astToString(tree), { ...options, parser: 'typescript' });
}

/** Whether the types on disk are those of the contracts. */
export async function clientTypesAreCurrent(): Promise<boolean> {
  return readFileSync(clientTypesPath, 'utf8') === (await clientTypes());
}

if (import.meta.main) {
  writeFileSync(clientTypesPath, await clientTypes());
  console.log('tests/client/api-types.ts written');
}
