import Joi from 'joi';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { dataOf, id, idOrSlug } from '#api/http/schemas.ts';
import { errorCatalog } from '#shared/errors/error-catalog.ts';
import {
  editFields,
  exampleMemory,
  exampleWritten,
  inOrder,
  memorySchema,
  writeFields,
  writtenSchema,
} from './memory-schemas.ts';
import type { EditBody, WriteBody } from './memory-schemas.ts';

export type BatchOperation =
  | ({ readonly op: 'create'; readonly assistant_id: string } & WriteBody)
  | ({ readonly op: 'update'; readonly id: string; readonly version?: number } & EditBody)
  | { readonly op: 'delete'; readonly id: string; readonly version?: number };

const op = (name: BatchOperation['op']): Joi.StringSchema => Joi.string().valid(name).required();

const version = Joi.number().integer().min(1).max(2_147_483_647).description('The version that is expected.');

const operation = Joi.alternatives().conditional('.op', {
  switch: [
    {
      is: 'create',
      then: Joi.object({ op: op('create'), assistant_id: idOrSlug().required(), ...writeFields }).custom(
        inOrder,
      ),
    },
    {
      is: 'update',
      then: Joi.object({ op: op('update'), id: id().required(), version, ...editFields }).min(3),
    },
    { is: 'delete', then: Joi.object({ op: op('delete'), id: id().required(), version }) },
  ],
  otherwise: Joi.object({ op: Joi.string().valid('create', 'update', 'delete').required() }).unknown(),
});

const result = Joi.object({
  index: Joi.number().integer().min(0).required().description('Place of the operation in the request.'),
  status: Joi.number().integer().required().description('The status that the operation would have alone.'),
  data: memorySchema.allow(null).required(),
  meta: writtenSchema.allow(null).required().description('Of what was written.'),
  error: Joi.object({
    code: Joi.string()
      .valid(...Object.keys(errorCatalog))
      .required(),
    message: Joi.string().required(),
    remedy: Joi.string().required(),
  })
    .allow(null)
    .required(),
});

export const batchMemories = defineEndpoint({
  method: 'POST',
  path: '/memories/batch',
  operationId: 'batchMemories',
  isBatch: true,
  summary: 'Write, change and delete memories in one request',
  description:
    'Up to 100 operations, one after the other, each with a result of its own: one that fails undoes none of the others. What changes or deletes a memory says which version of it is meant (`precondition.required`, `precondition.failed`). Operations that delete are taken only with deletes=true.',
  tag: 'memories',
  auth: 'user',
  scope: 'memories:write',
  bodyLimit: 4 * 1024 * 1024,
  query: Joi.object<{ readonly deletes: boolean }>({
    deletes: Joi.boolean().default(false).description('Whether operations may delete.'),
  }),
  sensitive: { when: 'with deletes=true', applies: ({ deletes }) => deletes },
  body: Joi.object<{ readonly operations: readonly BatchOperation[] }>({
    operations: Joi.array().items(operation).min(1).max(100).required(),
  }),
  responses: {
    200: {
      description: 'What became of each operation, in their order.',
      schema: dataOf(
        Joi.array().items(result).required(),
        Joi.object({
          succeeded: Joi.number().integer().required(),
          failed: Joi.number().integer().required(),
        }),
      ),
      example: {
        data: [{ index: 0, status: 201, data: exampleMemory, meta: exampleWritten, error: null }],
        meta: { succeeded: 1, failed: 0 },
      },
    },
  },
  example: {
    query: { deletes: false },
    body: { operations: [{ op: 'create', assistant_id: 'librarian', event: 'Ada never works on Mondays.' }] },
  },
});

export const deleteMemories = defineEndpoint({
  method: 'POST',
  path: '/memories/batch-delete',
  operationId: 'deleteMemories',
  isBatch: true,
  summary: 'Delete many memories',
  description: 'All of them or, where one is not there, none.',
  tag: 'memories',
  auth: 'user',
  scope: 'memories:write',
  sensitive: true,
  body: Joi.object<{ readonly ids: readonly string[] }>({
    ids: Joi.array().items(id()).min(1).max(1000).unique().required(),
  }),
  responses: {
    200: {
      description: 'How many were deleted.',
      schema: dataOf(Joi.object({ deleted: Joi.number().integer().min(1).required() })),
      example: { data: { deleted: 1 } },
    },
  },
  errors: ['memory.not_found'],
  example: { body: { ids: [exampleMemory.id] } },
});
