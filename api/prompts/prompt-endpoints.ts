import Joi from 'joi';
import { etagHeader } from '#api/http/conditional-get.ts';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { pageQuery, sortQuery } from '#api/http/page.ts';
import type { PageQuery } from '#api/http/page.ts';
import { dataOf, label, pageOf } from '#api/http/schemas.ts';
import type { PromptSort } from '#db/stores/prompt-store.ts';
import type { PromptType } from '#shared/domain/assistant-parts.ts';
import * as schemas from './prompt-schemas.ts';
import type { PromptBody } from './prompt-schemas.ts';

const { examplePrompt, exampleListedPrompt, listedPromptSchema, params, promptFields, promptSchema } =
  schemas;
const example = { params: { id: 'patient-teacher' } };
const one = { schema: dataOf(promptSchema), headers: etagHeader, example: { data: examplePrompt } };
const made = { ...one, headers: { ...etagHeader, Location: 'Address of the prompt.' } };

export interface PromptQuery extends PageQuery {
  readonly sort: PromptSort | `-${PromptSort}`;
  readonly type?: PromptType;
  readonly tag?: string;
  readonly q?: string;
}

export const listPrompts = defineEndpoint({
  method: 'GET',
  path: '/prompts',
  operationId: 'listPrompts',
  summary: 'List your prompts',
  description: 'Without their texts; newest first unless sorted otherwise.',
  tag: 'prompts',
  auth: 'user',
  scope: 'prompts:read',
  query: Joi.object<PromptQuery>({
    ...pageQuery,
    sort: sortQuery(['created_at', 'updated_at', 'title'], '-created_at'),
    type: promptFields.type.description('What they are used as.'),
    tag: label(50).description('Those with this tag.'),
    q: label(200).description('Part of the title, in any case.'),
  }),
  responses: {
    200: {
      description: 'A page of prompts.',
      schema: pageOf(listedPromptSchema),
      example: { data: [exampleListedPrompt], meta: { next_cursor: null, has_more: false } },
    },
  },
  errors: ['page.cursor_invalid'],
  example: { query: { type: 'system', sort: 'title' } },
});

export const createPrompt = defineEndpoint({
  method: 'POST',
  path: '/prompts',
  operationId: 'createPrompt',
  summary: 'Write a prompt',
  description:
    'Its slug is made of the title where none is given. Assistants speak by prompts of type system.',
  tag: 'prompts',
  auth: 'user',
  scope: 'prompts:write',
  body: Joi.object<PromptBody & { title: string; content: string }>({
    ...promptFields,
    title: promptFields.title.required(),
    content: promptFields.content.required(),
    type: promptFields.type.description('By default `system`.'),
  }),
  responses: { 201: { description: 'The prompt.', ...made } },
  errors: ['prompt.slug_taken'],
  example: { body: { title: 'Patient teacher', content: examplePrompt.content, tags: ['teaching'] } },
});

export const getPrompt = defineEndpoint({
  method: 'GET',
  path: '/prompts/:id',
  operationId: 'getPrompt',
  summary: 'Read a prompt',
  description: 'By id or slug, with its text.',
  tag: 'prompts',
  auth: 'user',
  scope: 'prompts:read',
  params,
  etag: 'version',
  responses: { 200: { description: 'The prompt.', ...one } },
  errors: ['prompt.not_found'],
  example,
});

export const updatePrompt = defineEndpoint({
  method: 'PATCH',
  path: '/prompts/:id',
  operationId: 'updatePrompt',
  summary: 'Change a prompt',
  description:
    'Fields that are not sent stay as they are; the slug stays when the title changes. The type of a prompt in use cannot be changed.',
  tag: 'prompts',
  auth: 'user',
  scope: 'prompts:write',
  params,
  precondition: 'required',
  body: Joi.object<PromptBody>(promptFields).min(1),
  responses: { 200: { description: 'The changed prompt.', ...one } },
  errors: ['prompt.not_found', 'prompt.slug_taken', 'prompt.in_use'],
  example: { ...example, body: { tags: ['teaching', 'patience'] } },
});

export const deletePrompt = defineEndpoint({
  method: 'DELETE',
  path: '/prompts/:id',
  operationId: 'deletePrompt',
  summary: 'Delete a prompt',
  description: 'Not while it is the system prompt of an assistant. Remixes of it stay.',
  tag: 'prompts',
  auth: 'user',
  scope: 'prompts:write',
  params,
  precondition: 'required',
  responses: { 204: { description: 'Deleted.' } },
  errors: ['prompt.not_found', 'prompt.in_use'],
  example,
});

export const remixPrompt = defineEndpoint({
  method: 'POST',
  path: '/prompts/:id/remix',
  operationId: 'remixPrompt',
  summary: 'Make a changed copy of a prompt',
  description: 'Fields that are not sent are taken over; the copy knows what it was made of.',
  tag: 'prompts',
  auth: 'user',
  scope: 'prompts:write',
  params,
  body: Joi.object<PromptBody>(promptFields),
  responses: { 201: { description: 'The copy.', ...made } },
  errors: ['prompt.not_found', 'prompt.slug_taken'],
  example: { ...example, body: { title: 'Impatient teacher' } },
});

export const getPromptLineage = defineEndpoint({
  method: 'GET',
  path: '/prompts/:id/lineage',
  operationId: 'getPromptLineage',
  summary: 'Read what a prompt was made of and what was made of it',
  description: 'Ancestors from the first on, and remixes of it with the remixes of those, level by level.',
  tag: 'prompts',
  auth: 'user',
  scope: 'prompts:read',
  params,
  responses: {
    200: {
      description: 'All around it; the nearest 200 on either side.',
      schema: dataOf(
        Joi.object({
          ancestors: Joi.array()
            .items(listedPromptSchema.optional())
            .required()
            .description('From the first prompt on.'),
          self: listedPromptSchema.required(),
          descendants: Joi.array()
            .items(listedPromptSchema.optional())
            .required()
            .description('Level by level.'),
        }),
        Joi.object({ has_more: Joi.boolean().required() }),
      ),
      example: {
        data: { ancestors: [], self: exampleListedPrompt, descendants: [] },
        meta: { has_more: false },
      },
    },
  },
  errors: ['prompt.not_found'],
  example,
});
