import Joi from 'joi';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { pageQuery } from '#api/http/page.ts';
import type { PageQuery } from '#api/http/page.ts';
import { dataOf, label, pageOf, time } from '#api/http/schemas.ts';

const count = Joi.number().integer().min(0).required();

const model = Joi.object({
  id: Joi.number().integer().min(1).required(),
  provider: Joi.string().required(),
  name: Joi.string().required(),
  dimensions: Joi.number().integer().min(1).required(),
  base_url: Joi.string().allow(null).required().description('Null: the address of the settings.'),
  state: Joi.string()
    .valid('registered', 'building', 'active', 'standby', 'dropping', 'dropped')
    .required()
    .description(
      'active: searched. building: being made. standby: used before, and kept complete for a way back.',
    ),
  progress: Joi.object({
    total: count.description('Passages that search reads.'),
    embedded: count,
    failed: count.description('Passages that the provider refuses.'),
    percent: Joi.number().min(0).max(100).required(),
  }).required(),
  created_at: time().required(),
  activated_at: time().allow(null).required(),
  deactivated_at: time().allow(null).required(),
});

const exampleModel = {
  id: 2,
  provider: 'openai',
  name: 'text-embedding-3-small',
  dimensions: 1536,
  base_url: null,
  state: 'building',
  progress: { total: 48_210, embedded: 12_800, failed: 0, percent: 26.5 },
  created_at: '2026-01-15T09:30:00.000Z',
  activated_at: null,
  deactivated_at: null,
};

const params = Joi.object<{ id: number }>({
  id: Joi.number().integer().min(1).max(32_767).required().description('Number of the model.'),
});
const example = { params: { id: exampleModel.id } };
const one = { schema: dataOf(model), example: { data: exampleModel } };
const common = { tag: 'embedding models', auth: 'admin' } as const;

export const listEmbeddingModels = defineEndpoint({
  ...common,
  method: 'GET',
  path: '/admin/embedding-models',
  operationId: 'listEmbeddingModels',
  summary: 'List embedding models and how far their vectors are',
  description:
    'One of them is active, which means that searches use it; others are being built, ready or dropped.',
  scope: 'admin:read',
  query: Joi.object<PageQuery>(pageQuery),
  responses: {
    200: {
      description: 'A page of models, in the order of their registration.',
      schema: pageOf(model),
      example: { data: [exampleModel], meta: { next_cursor: null, has_more: false } },
    },
  },
  errors: ['page.cursor_invalid'],
  example: {},
});

export const getEmbeddingModel = defineEndpoint({
  ...common,
  method: 'GET',
  path: '/admin/embedding-models/:id',
  operationId: 'getEmbeddingModel',
  summary: 'Read an embedding model and how far its vectors are',
  description: 'Counts by state, so that one can see when an activation is possible.',
  scope: 'admin:read',
  params,
  responses: { 200: { description: 'The model.', ...one } },
  errors: ['embedding_model.not_found'],
  example,
});

export interface NewModelBody {
  readonly provider: 'builtin' | 'openai';
  readonly name: string;
  readonly dimensions: number;
  readonly base_url?: string | null;
}

export const registerEmbeddingModel = defineEndpoint({
  ...common,
  method: 'POST',
  path: '/admin/embedding-models',
  operationId: 'registerEmbeddingModel',
  summary: 'Make an embedding model known',
  description:
    'It is asked for one vector first. Nothing else changes; one that is known already is left as it is.',
  scope: 'admin:write',
  body: Joi.object<NewModelBody>({
    provider: Joi.string().valid('builtin', 'openai').required(),
    name: label(200).required(),
    dimensions: Joi.number().integer().min(1).max(4000).required(),
    base_url: Joi.string()
      .uri({ scheme: ['http', 'https'] })
      .max(500)
      .allow(null)
      .description('EMBEDDING_BASE_URL (null) or EMBEDDING_NEXT_BASE_URL: keys are sent nowhere else.'),
  }),
  responses: { 201: { description: 'The model.', ...one } },
  errors: [
    'embedding.model_unavailable',
    'embedding.unavailable',
    'embedding.throttled',
    'embedding.rejected',
    'embedding.dimension_mismatch',
  ],
  example: { body: { provider: 'builtin', name: 'hashed-words-1', dimensions: 768 } },
});

export const buildEmbeddingModel = defineEndpoint({
  ...common,
  method: 'POST',
  path: '/admin/embedding-models/:id/build',
  operationId: 'buildEmbeddingModel',
  summary: 'Make the vectors of an embedding model in the background',
  description:
    'Searches go on with the model in use; what is uploaded meanwhile is embedded for both. Repeating it goes on with a build that has failed.',
  scope: 'admin:write',
  params,
  responses: { 202: { description: 'It is being built; read the model for its progress.', ...one } },
  errors: ['embedding_model.not_found', 'embedding_model.dropping'],
  example,
});

export const activateEmbeddingModel = defineEndpoint({
  ...common,
  method: 'POST',
  path: '/admin/embedding-models/:id/activate',
  operationId: 'activateEmbeddingModel',
  summary: 'Make searches use an embedding model',
  description:
    'All at once, and only when it is complete. Every process notices within a second. The model before is kept complete.',
  scope: 'admin:write',
  sensitive: true,
  params,
  responses: { 200: { description: 'It is in use.', ...one } },
  errors: ['embedding_model.not_found', 'embedding_model.dropping', 'embedding_model.incomplete'],
  example,
});

export const rollbackEmbeddingModel = defineEndpoint({
  ...common,
  method: 'POST',
  path: '/admin/embedding-models/rollback',
  operationId: 'rollbackEmbeddingModel',
  summary: 'Go back to the embedding model used before',
  scope: 'admin:write',
  sensitive: true,
  responses: { 200: { description: 'The model that is in use again.', ...one } },
  errors: ['embedding_model.no_previous', 'embedding_model.dropping', 'embedding_model.incomplete'],
  example: {},
});

export const dropEmbeddingModel = defineEndpoint({
  ...common,
  method: 'DELETE',
  path: '/admin/embedding-models/:id',
  operationId: 'dropEmbeddingModel',
  summary: 'Remove the vectors of an embedding model',
  description: 'In the background, with their index. There is no way back but to build it again.',
  scope: 'admin:write',
  sensitive: true,
  params,
  responses: { 202: { description: 'Its vectors are being removed.', ...one } },
  errors: ['embedding_model.not_found', 'embedding_model.in_use'],
  example,
});
