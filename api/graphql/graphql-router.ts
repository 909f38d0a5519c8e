import type { Reply } from '#api/http/endpoint.ts';
import type { Mount } from '#api/http/routes.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { readGraphql, runGraphql } from './graphql-endpoints.ts';
import type { GraphqlAnswer, GraphqlCaller, GraphqlRequest, GraphqlService } from './graphql-service.ts';

export function mountGraphql(mount: Mount, graphql: GraphqlService): void {
  mount(runGraphql, async (input) => {
    const { body, headers } = input;
    const { query, operationName, variables } = body;
    const request = { query, operationName: operationName ?? undefined, variables, accept: headers.accept };
    return replyOf(await graphql.run(request, { ...callerOf(input), method: 'POST' }));
  });
  mount(readGraphql, async (input) => {
    const {
      query: { query, operationName, variables },
      headers,
    } = input;
    const request = { query, operationName, variables: variablesOf(variables), accept: headers.accept };
    return replyOf(await graphql.run(request, { ...callerOf(input), method: 'GET' }));
  });
}

const callerOf = ({ user, apiKey, note, signal }: Omit<GraphqlCaller, 'method'>) => ({
  user,
  apiKey,
  note,
  signal,
});

const replyOf = ({ status, contentType, body }: GraphqlAnswer): Reply => ({
  status,
  headers: { 'Content-Type': contentType },
  body,
});

/** @throws AppError request.invalid */
function variablesOf(json: string | undefined): GraphqlRequest['variables'] {
  if (json === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown> | null;
  } catch {
    // Not even JSON.
  }
  const fault = { pointer: '/query/variables', code: 'object.base', message: 'must be an object as JSON' };
  throw new AppError('request.invalid', { errors: [fault] });
}
