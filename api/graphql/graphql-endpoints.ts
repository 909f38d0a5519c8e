import Joi from 'joi';
import { defineEndpoint } from '#api/http/endpoint.ts';

/** Documents and variables together; whoever needs more asks for too much. */
const BODY_LIMIT = 64 * 1024;

const query = () =>
  Joi.string()
    .min(1)
    .max(20_000)
    .required()
    .description('The GraphQL document. The schema is docs/schema.graphql.');

const operationName = () =>
  Joi.string().max(200).description('Which operation of the document is meant, where it has several.');

/** The document says what is in it, and the limit of the body how much. */
const held = () => Joi.object().unknown().meta({ isHeldElsewhere: true });

export interface GraphqlBody {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
  readonly extensions?: object | null;
}

export interface GraphqlQuery {
  readonly query: string;
  readonly operationName?: string;
  /** JSON. */
  readonly variables?: string;
  readonly extensions?: string;
}

export const RESPONSE_TYPE = 'application/graphql-response+json';

const answer = (description: string) => ({
  description,
  jsonTypes: ['application/json', RESPONSE_TYPE],
  schema: Joi.object({
    data: Joi.object().unknown().allow(null).description('What was asked for; null where it failed.'),
    errors: Joi.array()
      .items(
        Joi.object({
          message: Joi.string().required(),
          locations: Joi.array().items(Joi.object({ line: Joi.number(), column: Joi.number() })),
          path: Joi.array().items(Joi.string().allow(''), Joi.number()),
          extensions: Joi.object({
            code: Joi.string().required().description('As in the problems of REST.'),
            status: Joi.number().integer().required().description('Status that REST would answer with.'),
            correlation_id: Joi.string().allow(null).required(),
            errors: Joi.array().items(Joi.object().unknown()).description('Arguments at fault.'),
            retry_after_seconds: Joi.number(),
          }).required(),
        }),
      )
      .description('What went wrong, and with which fields.'),
  }).or('data', 'errors'),
});

const refusal = {
  message: 'Cannot query field "titel" on type "Document".',
  locations: [{ line: 1, column: 12 }],
  extensions: {
    code: 'graphql.invalid',
    status: 400,
    correlation_id: '01980f5e-2c4a-7b3e-9d51-6a7f0e8c1b24',
  },
};

const answers = (data: object) => ({
  200: { ...answer('The answer; parts that failed are null, and errors say why.'), example: { data } },
  400: {
    ...answer('The operation is not well-formed, not valid, or asks for too much; nothing was read.'),
    example: { errors: [refusal] },
  },
});

const common = {
  path: '/graphql',
  tag: 'graphql',
  auth: 'user' as const,
  // Everything hangs on assistants; what is asked for beside them asks for its own scope.
  scope: 'assistants:read' as const,
  // An operation is a request with many in it; a batch of such is more than anybody needs.
  isBatch: true,
  headers: Joi.object<{ accept?: string }>({
    accept: Joi.string()
      .max(1000)
      .description('`application/graphql-response+json`, or `application/json` for older clients.'),
  }),
  errors: ['graphql.timeout'] as const,
};

const exampleQuery =
  'query Shelf($id: ID!) { assistant(id: $id) { name documents(first: 5) { nodes { title status } } } }';

export const runGraphql = defineEndpoint({
  ...common,
  method: 'POST',
  operationId: 'runGraphql',
  summary: 'Ask for several things at once, with GraphQL',
  description:
    'A read model: nothing can be changed by it. It shows what the other operations show, under the same names in camelCase. A key needs the scope of each thing that it asks for.',
  bodyLimit: BODY_LIMIT,
  body: Joi.object<GraphqlBody>({
    query: query(),
    operationName: operationName().allow(null, ''),
    variables: held().allow(null),
    extensions: held().allow(null).description('Not looked at.'),
  }),
  responses: answers({
    assistant: { name: 'Librarian', documents: { nodes: [{ title: 'Handbook', status: 'completed' }] } },
  }),
  example: { body: { query: exampleQuery, variables: { id: 'librarian' } } },
});

export const readGraphql = defineEndpoint({
  ...common,
  method: 'GET',
  operationId: 'readGraphql',
  summary: 'Ask with GraphQL, in the address',
  description: 'As POST; a search is not carried out, for it leaves traces.',
  query: Joi.object<GraphqlQuery>({
    query: query(),
    operationName: operationName(),
    variables: Joi.string().max(20_000).description('An object as JSON.'),
    extensions: Joi.string().max(20_000).description('Not looked at.'),
  }),
  responses: answers({ assistants: { nodes: [{ slug: 'librarian', name: 'Librarian' }] } }),
  example: { query: { query: '{ assistants(first: 5) { nodes { slug name } } }' } },
});
