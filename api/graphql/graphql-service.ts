import { readFileSync } from 'node:fs';
import {
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  getOperationAST,
  parse,
  recommendedRules,
  specifiedRules,
  validate,
  validateExecutionArgs,
} from 'graphql';
import type { DocumentNode } from 'graphql';
import { createHandler } from 'graphql-http';
import type { OperationArgs, RequestParams, Response } from 'graphql-http';
import { keyOfUser } from '#api/http/rate-limits.ts';
import type { RateLimits } from '#api/http/rate-limits.ts';
import type { Services } from '#api/services.ts';
import type { Database } from '#db/database.ts';
import type { Config } from '#shared/config/config.ts';
import { ConfigError } from '#shared/config/config.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/error-catalog.ts';
import type { LogFields } from '#shared/logging/log-fields.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import { RESPONSE_TYPE } from './graphql-endpoints.ts';
import { createSchema } from './create-schema.ts';
import type { GraphContext } from './graph-context.ts';
import { createGraphLoaders } from './graph-loaders.ts';
import { coded, createErrorFormatter, placed } from './graphql-errors.ts';
import { measureOperation } from './operation-limits.ts';

/** One operation, as it was sent. */
export interface GraphqlRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  /** The Accept header. */
  readonly accept: string | undefined;
}

export type GraphqlCaller = Pick<GraphContext, 'user' | 'apiKey' | 'method' | 'signal'> & {
  readonly note: (notes: LogFields) => void;
};

/** A {@link GraphContext}, as the library takes it. */
type ContextValue = GraphContext & Record<PropertyKey, unknown>;

export interface GraphqlAnswer {
  readonly status: number;
  readonly contentType: string;
  /** JSON. */
  readonly body: string;
}

export interface GraphqlService {
  /**
   * Carries an operation out. What is wrong with the operation or with parts of it is in the answer, as the specification
   * "GraphQL over HTTP" has it.
   *
   * @throws AppError request.not_acceptable, graphql.timeout
   */
  run(request: GraphqlRequest, caller: GraphqlCaller): Promise<GraphqlAnswer>;
}

export interface GraphqlServiceOptions {
  readonly database: Pick<Database, 'read' | 'within'>;
  readonly services: Services;
  readonly rateLimits: Pick<RateLimits, 'search'>;
  readonly config: Pick<Config, 'graphql'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** What the specification calls request errors: older clients are told of them with a status of 200. */
const REQUEST_ERRORS: readonly ErrorCode[] = ['graphql.syntax', 'graphql.invalid'];

/** More faults than anybody reads. */
const MOST_FAULTS = 10;

export function createGraphqlService(options: GraphqlServiceOptions): GraphqlService {
  const { database, services, rateLimits, metrics } = options;
  const { graphql: settings } = options.config;
  const schema = createSchema();
  const persisted = persistedDocuments(settings.persistedQueries);
  const formatError = createErrorFormatter(options);
  const hideSuggestions = !settings.introspection;
  const rules = [
    ...new Set([...specifiedRules, ...recommendedRules]),
    ...(settings.introspection ? [] : [NoSchemaIntrospectionCustomRule]),
  ];

  const read = (query: string): DocumentNode => {
    if (persisted?.has(query) === false) throw new AppError('graphql.not_persisted');
    return parsed(query, settings.maxTokens);
  };
  /** Arguments of an operation that may be carried out, or what is wrong with it. */
  const prepare = (
    { query, operationName, variables }: RequestParams,
    { note, signal, ...caller }: GraphqlCaller,
  ): OperationArgs<ContextValue> | readonly GraphQLError[] => {
    const document = read(query);
    const cost = measureOperation(schema, document, variables ?? {}, settings);
    note({ graphql_operation: nameOf(document, operationName), graphql_cost: cost });
    const faults = validate(schema, document, rules, { maxErrors: MOST_FAULTS, hideSuggestions });
    const { id: userId } = caller.user;
    const context: GraphContext = {
      ...caller,
      signal,
      services,
      loaders: createGraphLoaders(database.read, userId, signal),
      countSearch: () => rateLimits.search.take(keyOfUser(userId)),
    };
    const args = {
      schema,
      document,
      operationName,
      variableValues: variables,
      contextValue: context as ContextValue,
      abortSignal: signal,
      hideSuggestions,
    };
    const checked = faults.length > 0 ? faults : validateExecutionArgs(args);
    const isFine = !Array.isArray(checked);
    metrics.graphqlCost.observe({ outcome: isFine ? 'answered' : 'refused' }, cost);
    return isFine
      ? args
      : (checked as readonly GraphQLError[]).map((error) => coded('graphql.invalid', error));
  };
  const handle = createHandler<undefined, GraphqlCaller, ContextValue>({
    // The contract has read them already.
    parseRequestParams: ({ raw }) => raw,
    onSubscribe: ({ context, headers }, params) => {
      try {
        return prepare(params, context);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        const at = placed(error.cause instanceof GraphQLError ? error.cause : undefined, error);
        return REQUEST_ERRORS.includes(error.code) ? [at] : refusal(formatError(at), headers);
      }
    },
    formatError,
  });
  return {
    run: async ({ accept, ...params }, caller) => {
      const deadline = AbortSignal.timeout(settings.timeoutMs);
      const signal = AbortSignal.any([caller.signal, deadline]);
      const request = {
        method: caller.method,
        url: '',
        headers: { accept },
        body: null,
        raw: params as unknown as undefined,
        context: { ...caller, signal },
      };
      const response = await database
        .within(settings.timeoutMs, () => handle(request))
        .catch((error: unknown) => {
          throw deadline.aborted ? new AppError('graphql.timeout', { cause: error }) : error;
        });
      return answerOf(response);
    },
  };
}

function parsed(query: string, maxTokens: number): DocumentNode {
  try {
    return parse(query, { maxTokens });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const isFlood = error.message.includes('Parsing aborted');
    throw new AppError(isFlood ? 'graphql.too_complex' : 'graphql.syntax', {
      detail: isFlood ? `The document has more than ${maxTokens} tokens.` : error.message,
      cause: error,
    });
  }
}

const nameOf = (document: DocumentNode, operationName: string | null | undefined): string =>
  (getOperationAST(document, operationName)?.name?.value ?? '').slice(0, 100);

function refusal(error: GraphQLError, headers: object): Response {
  const accepted = 'accept' in headers ? String(headers.accept) : '';
  const type = accepted.includes(RESPONSE_TYPE) ? RESPONSE_TYPE : 'application/json';
  return [
    JSON.stringify({ errors: [error] }),
    { status: 400, statusText: 'Bad Request', headers: { 'content-type': `${type}; charset=utf-8` } },
  ];
}

function answerOf([body, { status, headers }]: Response): GraphqlAnswer {
  if (status === 406) throw new AppError('request.not_acceptable');
  if (body === null) throw new Error(`an answer of ${status} without a body`);
  return { status, contentType: headers?.['content-type'] ?? 'application/json; charset=utf-8', body };
}

/** The only documents that are carried out, if there is a list of them. */
function persistedDocuments(path: string | undefined): ReadonlySet<string> | undefined {
  if (path === undefined) return undefined;
  try {
    const documents: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (Array.isArray(documents) && documents.every((one) => typeof one === 'string'))
      return new Set(documents);
  } catch (error) {
    throw new ConfigError([`GRAPHQL_PERSISTED_QUERIES: ${(error as Error).message}`]);
  }
  throw new ConfigError(['GRAPHQL_PERSISTED_QUERIES: the file is no JSON array of texts']);
}
