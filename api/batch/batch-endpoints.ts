import Joi from 'joi';
import { defineEndpoint } from '#api/http/endpoint.ts';
import type { Method } from '#api/http/endpoint.ts';
import { dataOf } from '#api/http/schemas.ts';

export interface BatchOperation {
  readonly id?: string;
  readonly method: Method;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

const header = (text: string): Joi.StringSchema => Joi.string().max(1000).description(text);

const operation = Joi.object({
  id: Joi.string()
    .max(64)
    .pattern(/^[A-Za-z0-9._-]+$/)
    .description('Chosen by the client, and said again with the result.'),
  method: Joi.string().valid('GET', 'POST', 'PUT', 'PATCH', 'DELETE').required(),
  path: Joi.string()
    .max(4096)
    // What a request line can hold; Express reads it as it does that of a request.
    .pattern(/^\/api\/v1\/[!"$-[\]-~]*$/)
    .required()
    .description('Path and query, from /api/v1 on.'),
  headers: Joi.object({
    'if-match': header('The version that a change expects.'),
    'if-none-match': header('Answered with 304 where it still has this ETag.'),
    'idempotency-key': header('Of this operation alone, as in a request of its own.'),
    'accept-language': header('As in a request of its own.'),
  }).description('In lower case. All others are those of the batch.'),
  // Held to the contract of the operation that it is sent to.
  body: Joi.object().unknown().meta({ isHeldElsewhere: true }).description('As of a request of its own.'),
});

const result = Joi.object({
  id: Joi.string().allow(null).required(),
  status: Joi.number().integer().min(200).max(599).required().description('As of a request of its own.'),
  headers: Joi.object()
    .pattern(Joi.string(), Joi.string())
    .required()
    .description('etag, location, retry-after and others that are about the operation.'),
  body: Joi.object().unknown().allow(null).required().description('The answer, or what went wrong.'),
  body_omitted: Joi.boolean()
    .required()
    .description('There is a body, but the answer to the batch had no room for it.'),
});

export const MOST_OPERATIONS = 20;

export const runOperations = defineEndpoint({
  method: 'POST',
  path: '/batch',
  operationId: 'runOperations',
  summary: 'Carry out several operations in one request',
  description:
    'Up to 20 operations of this API, one after the other, each with the status, headers and body that a request of its own would get: under the same scopes, limits and rules. The batch counts as one request, and each operation as one more. The status of the batch is 200 whatever becomes of them. One that fails undoes none of the others, unless `atomic` is true: then all are done in one transaction, or none; the one that failed has its error, and the others `batch.rolled_back`. What asks for proof (`batch.sensitive`), and logins, keys, files, streams and other batches (`batch.unsupported`), have to be requests of their own; in an atomic batch searches as well. When the time is over, the operations that have not begun have `batch.timed_out`. A batch with an Idempotency-Key is one transaction, in which those that fail are undone.',
  tag: 'batch',
  auth: 'user',
  scope: 'batch',
  isBatch: true,
  keyKeeping: 'transaction',
  bodyLimit: 1024 * 1024,
  body: Joi.object<{ readonly operations: readonly BatchOperation[]; readonly atomic: boolean }>({
    operations: Joi.array()
      .items(operation)
      .min(1)
      .max(MOST_OPERATIONS)
      .unique('id', { ignoreUndefined: true })
      .required(),
    atomic: Joi.boolean().default(false).description('All of them or none.'),
  }),
  responses: {
    200: {
      description: 'What became of each operation, in their order.',
      schema: dataOf(
        Joi.array().items(result).required(),
        Joi.object({
          succeeded: Joi.number().integer().min(0).required(),
          failed: Joi.number().integer().min(0).required(),
          rolled_back: Joi.boolean().required().description('An atomic batch of which nothing has happened.'),
        }),
      ),
      example: {
        data: [
          {
            id: 'teacher',
            status: 201,
            headers: {
              etag: '"1.1"',
              location: '/api/v1/prompts/01980f5e-1b2c-7d3e-8f4a-5b6c7d8e9f0a',
            },
            body: { data: { id: '01980f5e-1b2c-7d3e-8f4a-5b6c7d8e9f0a', title: 'Teacher' } },
            body_omitted: false,
          },
        ],
        meta: { succeeded: 1, failed: 0, rolled_back: false },
      },
    },
  },
  errors: ['request.busy'],
  example: {
    body: {
      operations: [
        {
          id: 'teacher',
          method: 'POST',
          path: '/api/v1/prompts',
          body: { title: 'Teacher', content: 'Explain step by step.' },
        },
        { id: 'mine', method: 'GET', path: '/api/v1/assistants?limit=5' },
      ],
      atomic: false,
    },
  },
});
