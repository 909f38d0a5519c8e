import { createOpenApi } from '#api/http/openapi.ts';
import type { AnyEndpoint } from '#api/http/endpoint.ts';
import { collectEndpoints } from '#scripts/openapi/describe-api.ts';

interface Baseline {
  /** Path -> method -> operation. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>;
}

/** All contracts, in an order that does not depend on where they stand. */
async function allEndpoints(): Promise<AnyEndpoint[]> {
  const keyOf = ({ fullPath, method }: AnyEndpoint): string => `${fullPath} ${method}`;
  return (await collectEndpoints()).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** What version 1 of the API promises: its OpenAPI document without examples and texts, which promise nothing. */
export async function baselineDocument(): Promise<Baseline> {
  const options = {
    publicUrl: 'http://127.0.0.1:3000',
    version: '1',
    sessionCookie: 'session',
    refreshCookie: 'refresh',
  };
  return promised(createOpenApi(await allEndpoints(), options)) as Baseline;
}

/** The same as a file, with a line for each path: schemas repeat themselves too often to be spread out. */
export async function baselineText(): Promise<string> {
  const { paths, ...rest } = await baselineDocument();
  const lines = Object.entries(paths).map(
    ([path, methods]) => `  ${JSON.stringify(path)}: ${JSON.stringify(methods)}`,
  );
  return `${JSON.stringify(rest).slice(0, -1)},\n"paths": {\n${lines.join(',\n')}\n}}\n`;
}

function promised(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(promised);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => !isWording(key, item))
      .map(([key, item]) => [key, key === 'application/problem+json' ? {} : promised(item)]),
  );
}

/** A field of the API may be called `description` as well, but then it stands for a schema. */
const isWording = (key: string, value: unknown): boolean =>
  ['example', 'examples'].includes(key) ||
  (['description', 'summary'].includes(key) && typeof value === 'string');
