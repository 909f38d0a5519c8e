import assert from 'node:assert/strict';
import type { HttpClient, Json, TestResponse } from './http-client.ts';

export const GRAPHQL_TYPE = 'application/graphql-response+json';

/** Sends an operation as clients of today do. */
export const askGraphql = (client: HttpClient, query: string, variables?: Json): Promise<TestResponse> =>
  client.post(
    'graphql',
    { query, ...(variables === undefined ? {} : { variables }) },
    { accept: GRAPHQL_TYPE },
  );

/** The data of an operation of which nothing fails. */
export async function dataOfGraphql(client: HttpClient, query: string, variables?: Json): Promise<Json> {
  const { status, body } = await askGraphql(client, query, variables);
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.errors, undefined, JSON.stringify(body.errors));
  return body.data;
}

/** Codes of what failed. */
export const codesOf = (body: Json): string[] =>
  (body.errors ?? []).map(({ extensions }: Json) => extensions.code as string);
