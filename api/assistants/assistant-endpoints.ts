import Joi from 'joi';
import { etagHeader, ifMatchHeaders, ifNoneMatchHeaders, notModified } from '#api/http/conditional-get.ts';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { pageQuery } from '#api/http/page.ts';
import type { PageQuery } from '#api/http/page.ts';
import { dataOf, id, idOrSlug, label, pageOf, time } from '#api/http/schemas.ts';
import type { MemoryMode, ThinkingStyle } from '#shared/domain/types.ts';
import { SLUG } from './slug.ts';

/** What a client may set. */
export interface AssistantBody {
  readonly name?: string;
  readonly slug?: string;
  readonly preferred_model?: string | null;
  readonly memory_mode?: MemoryMode;
  readonly thinking_style?: ThinkingStyle;
  readonly min_score?: number | null;
  readonly is_active?: boolean;
  readonly is_primary?: boolean;
}

const fields = {
  name: label(100),
  slug: Joi.string()
    .max(80)
    .pattern(SLUG)
    .description('Unique for its owner; by default made from the name.'),
  preferred_model: label(200).allow(null),
  memory_mode: Joi.string().valid('none', 'session', 'long_term'),
  thinking_style: Joi.string().valid('cot', 'direct', 'reflective'),
  min_score: Joi.number()
    .min(0)
    .max(1)
    // Stored in single precision, in which the smallest numbers there are do not exist.
    .custom((value: number) => Math.fround(value))
    .allow(null)
    .description('Lowest score of a passage worth using; null for the default.'),
  is_active: Joi.boolean(),
  is_primary: Joi.boolean().description(
    'At most one assistant is; making another one primary takes it away.',
  ),
};

const assistant = Joi.object({
  id: id().required(),
  ...Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name, schema.required()])),
  version: Joi.number().integer().min(1).required(),
  created_at: time().required(),
  updated_at: time().required(),
}).required();

const example = {
  id: '01980f5e-2c4a-7b3e-9d51-6a7f0e8c1b24',
  slug: 'librarian',
  name: 'Librarian',
  preferred_model: null,
  memory_mode: 'long_term',
  thinking_style: 'direct',
  min_score: 0.3,
  is_active: true,
  is_primary: false,
  version: 1,
  created_at: '2026-01-15T09:30:00.000Z',
  updated_at: '2026-01-15T09:30:00.000Z',
};

const params = Joi.object<{ id: string }>({ id: idOrSlug().required() });
const one = (description: string) => ({
  description,
  schema: dataOf(assistant),
  headers: etagHeader,
  example: { data: example },
});

export const listAssistants = defineEndpoint({
  method: 'GET',
  path: '/assistants',
  operationId: 'listAssistants',
  summary: 'List the own assistants, newest first',
  tag: 'assistants',
  auth: 'user',
  scope: 'assistants:read',
  query: Joi.object<PageQuery>(pageQuery),
  responses: {
    200: {
      description: 'A page of assistants.',
      schema: pageOf(assistant),
      example: { data: [example], meta: { next_cursor: null, has_more: false } },
    },
  },
  errors: ['page.cursor_invalid'],
  example: { query: { limit: 20 } },
});

export const createAssistant = defineEndpoint({
  method: 'POST',
  path: '/assistants',
  operationId: 'createAssistant',
  summary: 'Make an assistant',
  tag: 'assistants',
  auth: 'user',
  scope: 'assistants:write',
  body: Joi.object<AssistantBody & { name: string }>({ ...fields, name: fields.name.required() }),
  responses: {
    201: {
      ...one('The assistant.'),
      headers: { ...etagHeader, Location: 'Address of the assistant.' },
    },
  },
  errors: ['assistant.slug_taken'],
  example: { body: { name: 'Librarian', min_score: 0.3 } },
});

export const getAssistant = defineEndpoint({
  method: 'GET',
  path: '/assistants/:id',
  operationId: 'getAssistant',
  summary: 'Read an assistant',
  tag: 'assistants',
  auth: 'user',
  scope: 'assistants:read',
  params,
  headers: ifNoneMatchHeaders,
  responses: { 200: one('The assistant.'), ...notModified },
  errors: ['assistant.not_found'],
  example: { params: { id: 'librarian' } },
});

export const updateAssistant = defineEndpoint({
  method: 'PATCH',
  path: '/assistants/:id',
  operationId: 'updateAssistant',
  summary: 'Change an assistant',
  description: 'Fields that are not sent stay as they are; the slug stays when the name changes.',
  tag: 'assistants',
  auth: 'user',
  scope: 'assistants:write',
  params,
  headers: ifMatchHeaders,
  body: Joi.object<AssistantBody>(fields).min(1),
  responses: { 200: one('The changed assistant.') },
  errors: ['assistant.not_found', 'assistant.slug_taken', 'precondition.failed'],
  example: {
    params: { id: 'librarian' },
    headers: { 'if-match': '"1.1"' },
    body: { thinking_style: 'reflective', is_primary: true },
  },
});

export const deleteAssistant = defineEndpoint({
  method: 'DELETE',
  path: '/assistants/:id',
  operationId: 'deleteAssistant',
  summary: 'Delete an assistant',
  description: 'Only an assistant without documents can be deleted.',
  tag: 'assistants',
  auth: 'user',
  scope: 'assistants:write',
  params,
  headers: ifMatchHeaders,
  responses: { 204: { description: 'Deleted.' } },
  errors: ['assistant.not_found', 'assistant.in_use', 'precondition.failed'],
  example: { params: { id: 'librarian' } },
});
