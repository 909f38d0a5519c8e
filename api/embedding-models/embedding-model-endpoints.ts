import Joi from 'joi';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { pageQuery } from '#api/http/page.ts';
import type { PageQuery } from '#api/http/page.ts';
import { dataOf, id, label, pageOf, time } from '#api/http/schemas.ts';

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

const refusedText = Joi.object({
  kind: Joi.string().valid('chunk', 'memory').required(),
  id: id().required(),
  user_id: id().required(),
  assistant_id: id().required(),
  document_id: id().allow(null).required().description('Null for memories.'),
  position: Joi.number().integer().min(0).allow(null).required().description('Of the chunk in its document.'),
  error: Joi.object({ code: Joi.string().required(), message: Joi.string().required() })
    .allow(null)
    .required()
    .description('What the provider made of it; null where that was not noted.'),
  refused_at: time().required(),
});

const exampleRefused = {
  kind: 'chunk',
  id: '01980f60-8123-7a4b-8c5d-6e7f8a9b0c1d',
  user_id: '01980f5e-0b1c-7d2e-8f3a-4b5c6d7e8f9a',
  assistant_id: '01980f5f-1c2d-7e3f-8a4b-5c6d7e8f9a0b',
  document_id: '01980f60-70bb-7d2f-9a11-4e6f7a8b9c0d',
  position: 12,
  error: { code: 'embedding.rejected', message: 'The embedding provider answered 400.' },
  refused_at: '2026-01-15T09:40:00.000Z',
};

export const listRefusedTexts = defineEndpoint({
  ...common,
  method: 'GET',
  path: '/admin/embedding-models/:id/refused',
  operationId: 'listRefusedTexts',
  summary: 'List the passages and memories that an embedding model refuses',
  description:
    'Of what search reads: where they are and why, not what they say. Building the model tries them again.',
  scope: 'admin:read',
  params,
  query: Joi.object<PageQuery>(pageQuery),
  responses: {
    200: {
      description: 'A page of them.',
      schema: pageOf(refusedText),
      example: { data: [exampleRefused], meta: { next_cursor: null, has_more: false } },
    },
  },
  errors: ['embedding_model.not_found', 'page.cursor_invalid'],
  example,
});

const acceptQuery = Joi.object<{ accept_refused: boolean }>({
  accept_refused: Joi.boolean()
    .default(false)
    .description(
      'Also without vectors of what the model refuses: such documents are partial with document.chunks_refused, such memories failed to be embedded, and both are still found by their words.',
    ),
});

export const activateEmbeddingModel = defineEndpoint({
  ...common,
  method: 'POST',
  path: '/admin/embedding-models/:id/activate',
  operationId: 'activateEmbeddingModel',
  summary: 'Make searches use an embedding model',
  description:
    'All at once, and only when it is complete, or lacks nothing but what it refuses and you accept that. Every process notices within a second. The model before is kept complete.',
  scope: 'admin:write',
  sensitive: true,
  params,
  query: acceptQuery,
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
  query: acceptQuery,
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
