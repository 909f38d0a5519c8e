import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyEndpoint } from '#api/http/endpoint.ts';
import { createOpenApi } from '#api/http/openapi.ts';
import type { OpenApi } from '#api/http/openapi.ts';
import packageJson from '../../package.json' with { type: 'json' };

const root = join(import.meta.dirname, '../..');

/**
 * Every contract there is, without a process, a database or Redis. A test compares what is made of them with what the API serves.
 */
export async function collectEndpoints(): Promise<AnyEndpoint[]> {
  const files = globSync(['api/**/*-endpoints.ts', 'api/docs/security-txt.ts'], { cwd: root }).sort();
  const endpoints: AnyEndpoint[] = [];
  for (const file of files) {
    const exported = (await import(pathToFileURL(join(root, file)).href)) as Record<string, unknown>;
    endpoints.push(...Object.values(exported).flat().filter(isEndpoint));
  }
  return endpoints;
}

const isEndpoint = (value: unknown): value is AnyEndpoint =>
  typeof value === 'object' && value !== null && 'operationId' in value && 'fullPath' in value;

/** The OpenAPI document as an installation with default settings serves it. */
export async function describeApi(): Promise<OpenApi> {
  return createOpenApi(await collectEndpoints(), {
    publicUrl: 'http://127.0.0.1:3000',
    version: packageJson.version,
    sessionCookie: 'donkey_session',
    refreshCookie: 'donkey_refresh',
  });
}
