import Joi from 'joi';
import { OLD_ADDRESSES } from '#api/http/deprecations.ts';
import { aliasOf, defineEndpoint } from '#api/http/endpoint.ts';
import { pageQuery } from '#api/http/page.ts';
import type { PageQuery } from '#api/http/page.ts';
import { dataOf, id, idOrSlug, label, pageOf, time } from '#api/http/schemas.ts';
import { exampleJob, jobSchema } from '#api/jobs/job-endpoints.ts';
import { MOST_SOURCES, reflectionTypes } from '#shared/domain/reflection.ts';
import type { ReflectionStatus, ReflectionType } from '#shared/domain/reflection.ts';

/** What a client asks for; which fields go together is decided by `reflection-policy.ts`. */
export interface ReflectionBody {
  readonly type: ReflectionType;
  readonly category?: string;
  readonly memory_ids?: readonly string[];
  readonly chain_id?: string;
  readonly document_id?: string;
  readonly rating?: number;
  readonly content?: string;
  readonly force: boolean;
}

export interface ReflectionQuery extends PageQuery {
  readonly type?: ReflectionType;
  readonly category?: string;
  readonly status?: ReflectionStatus;
}

const statuses = ['pending', 'completed', 'failed', 'cancelled'];
const type = Joi.string().valid(...reflectionTypes);
const rating = Joi.number().integer().min(1).max(5);
const nullable = <T extends Joi.Schema>(schema: T) => schema.allow(null).required();
const tokens = nullable(Joi.number().integer().min(0));

const failure = Joi.object({
  code: Joi.string().required(),
  message: Joi.string().required(),
  remedy: Joi.string().required(),
  stage: Joi.string().allow(null).required(),
});

const reflection = Joi.object({
  id: id().required(),
  assistant_id: id().required(),
  type: type.required(),
  category: nullable(Joi.string()),
  status: Joi.string()
    .valid(...statuses)
    .required(),
  summary: nullable(Joi.string()).description('Null until it is completed, and of feedback.'),
  insights: Joi.array().items(Joi.string()).required(),
  memory_ids: Joi.array().items(id()).required().description('Memories it drew on.'),
  message_ids: Joi.array().items(id()).required().description('Messages it drew on.'),
  chunk_ids: Joi.array().items(id()).required().description('Passages of the document it drew on.'),
  reflection_ids: Joi.array().items(id()).required().description('Earlier reflections it drew on.'),
  document_id: nullable(id()),
  chain_id: nullable(id()),
  rating: nullable(rating),
  content: nullable(Joi.string()),
  provider: nullable(Joi.string()).description(
    'Who wrote it: `extractive` for sentences taken from the material, else the provider of the model.',
  ),
  model: nullable(Joi.string()),
  prompt_tokens: tokens,
  completion_tokens: tokens,
  error: nullable(failure).description('Why it failed.'),
  job_id: nullable(id()),
  created_at: time().required(),
  completed_at: nullable(time()),
});

const example = {
  id: '01980f61-1a2b-7c3d-8e4f-5a6b7c8d9e0f',
  assistant_id: '01980f5e-2c4a-7b3e-9d51-6a7f0e8c1b24',
  type: 'recent',
  category: null,
  status: 'completed',
  summary: 'The donkey was moved to the dry barn.\nHay has been ordered for the winter.',
  insights: ['Wet ground makes its hooves soft.'],
  memory_ids: ['01980f60-9c8d-7e6f-8a5b-4c3d2e1f0a9b'],
  message_ids: [],
  chunk_ids: [],
  reflection_ids: [],
  document_id: null,
  chain_id: null,
  rating: null,
  content: null,
  provider: 'extractive',
  model: null,
  prompt_tokens: null,
  completion_tokens: null,
  error: null,
  job_id: exampleJob.id,
  created_at: '2026-01-15T09:32:00.000Z',
  completed_at: '2026-01-15T09:32:01.000Z',
};
const asked = {
  ...example,
  status: 'pending',
  summary: null,
  insights: [],
  memory_ids: [],
  provider: null,
  completed_at: null,
};
const told = {
  ...example,
  type: 'feedback',
  summary: null,
  insights: [],
  memory_ids: [],
  rating: 2,
  content: 'It forgot that the donkey is old.',
  provider: null,
  job_id: null,
};
const writing = {
  ...exampleJob,
  type: 'reflection.write',
  status: 'queued',
  priority: 'high',
  progress: { stage: 'queued', done: 0, total: null, percent: null, eta_seconds: null },
  attempts: 0,
  started_at: null,
};

const ofAssistant = Joi.object<{ id: string }>({ id: idOrSlug().required() });
const params = Joi.object<{ id: string }>({ id: id().required() });
const common = { tag: 'reflections', auth: 'user' } as const;

export const createReflection = defineEndpoint({
  ...common,
  method: 'POST',
  path: '/assistants/:id/reflections',
  operationId: 'createReflection',
  summary: 'Have an assistant reflect, or give it feedback',
  description:
    '`feedback` is stored at once. Everything else is written by a job of high priority, in the words of the completion model where there is one, else by its most central sentences. What has brought nothing new since it was reflected on last is refused unless `force` is true.',
  scope: 'assistants:write',
  params: ofAssistant,
  body: Joi.object<ReflectionBody>({
    type: type.required(),
    category: label(50).description('A word of your own, to find it by; a model heeds it.'),
    memory_ids: Joi.array()
      .items(id())
      .min(1)
      .max(MOST_SOURCES)
      .unique()
      .description('For `memories`; without it the most important ones are taken.'),
    chain_id: id().description('For `chain`.'),
    document_id: id().description('For `document`.'),
    rating: rating.description('For `feedback`; 1 and 2 count as corrections.'),
    content: Joi.string().trim().min(1).max(10_000).description('For `feedback`.'),
    force: Joi.boolean().default(false).description('Reflect though there is nothing new.'),
  }),
  responses: {
    201: {
      description: 'The feedback.',
      schema: dataOf(Joi.object({ reflection: reflection.required(), job: Joi.valid(null).required() })),
      headers: { Location: 'Address of the reflection.' },
      example: { data: { reflection: told, job: null } },
    },
    202: {
      description: 'The reflection and the job that writes it.',
      schema: dataOf(Joi.object({ reflection: reflection.required(), job: jobSchema.required() })),
      headers: { Location: 'Address of the job.' },
      example: { data: { reflection: asked, job: writing } },
    },
  },
  errors: [
    'assistant.not_found',
    'memory.not_found',
    'memory_chain.not_found',
    'document.not_found',
    'reflection.idle',
    'reflection.pending',
  ],
  example: {
    params: { id: 'librarian' },
    body: { type: 'feedback', rating: 2, content: 'It forgot that the donkey is old.' },
  },
});

export const createReflectionBefore = aliasOf(createReflection, {
  ...OLD_ADDRESSES,
  path: '/api/assistants/:id/reflect',
  operationId: 'createReflectionBefore',
});

export const listReflections = defineEndpoint({
  ...common,
  method: 'GET',
  path: '/assistants/:id/reflections',
  operationId: 'listReflections',
  summary: 'List the reflections of an assistant, newest first',
  description: 'Those that are being written, and those that failed, are among them.',
  scope: 'assistants:read',
  params: ofAssistant,
  query: Joi.object<ReflectionQuery>({
    ...pageQuery,
    type: type.description('What they are about.'),
    category: label(50).description('Of this category alone.'),
    status: Joi.string()
      .valid(...statuses)
      .description('How far they have been written.'),
  }),
  responses: {
    200: {
      description: 'A page of reflections.',
      schema: pageOf(reflection),
      example: { data: [example], meta: { next_cursor: null, has_more: false } },
    },
  },
  errors: ['assistant.not_found', 'page.cursor_invalid'],
  example: { params: { id: 'librarian' }, query: { type: 'recent', limit: 20 } },
});

export const getReflection = defineEndpoint({
  ...common,
  method: 'GET',
  path: '/reflections/:id',
  operationId: 'getReflection',
  summary: 'Read a reflection',
  description: 'With its insights, and the ids of everything it drew on.',
  scope: 'assistants:read',
  params,
  responses: {
    200: { description: 'The reflection.', schema: dataOf(reflection), example: { data: example } },
  },
  errors: ['reflection.not_found'],
  example: { params: { id: example.id } },
});

export const deleteReflection = defineEndpoint({
  ...common,
  method: 'DELETE',
  path: '/reflections/:id',
  operationId: 'deleteReflection',
  summary: 'Delete a reflection',
  description: 'One that is still being written is stopped.',
  scope: 'assistants:write',
  params,
  responses: { 204: { description: 'Deleted.' } },
  errors: ['reflection.not_found'],
  example: { params: { id: example.id } },
});
