import { join } from 'node:path';
import { lintFromString, loadConfig } from '@redocly/openapi-core';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describeApi } from './openapi/describe-api.ts';

/**
 * Holds an OpenAPI document against the schema of OpenAPI 3.1 and the rules of `redocly.yaml`, without a network.
 *
 * @returns what is wrong with it, a warning counting as wrong
 */
export async function lintOpenApi(api: object): Promise<string[]> {
  const validity = await new Validator().validate(structuredClone(api) as Record<string, unknown>);
  const config = await loadConfig({ configPath: join(import.meta.dirname, '../redocly.yaml') });
  const problems = await lintFromString({
    source: JSON.stringify(api),
    absoluteRef: join(import.meta.dirname, '../openapi.json'),
    config,
  });
  return [
    ...(validity.valid ? [] : [`not an OpenAPI 3.1 document: ${JSON.stringify(validity.errors)}`]),
    ...problems.map(
      ({ ruleId, message, location }) => `${ruleId} at ${location[0]?.pointer ?? '#'}: ${message}`,
    ),
  ];
}

if (import.meta.main) {
  const api = await describeApi();
  const faults = await lintOpenApi(api);
  for (const fault of faults) console.error(fault);
  console.log(`openapi: ${Object.keys(api.paths).length} paths, ${faults.length} problems`);
  if (faults.length > 0) process.exitCode = 1;
}
