import Joi from 'joi';
import { etagHeader } from '#api/http/conditional-get.ts';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { dataOf } from '#api/http/schemas.ts';
import { examplePrompt, promptSchema } from '#api/prompts/prompt-schemas.ts';
import { params, promptLink } from './assistant-schemas.ts';
import * as schemas from './part-schemas.ts';

const example = { params: { id: 'librarian' } };
const common = { tag: 'assistants', auth: 'user', params } as const;
const reading = { ...common, method: 'GET', scope: 'assistants:read', etag: 'version' } as const;
const editing = { ...common, scope: 'assistants:write', precondition: 'required' } as const;
const note = 'The ETag is that of the assistant, which changes with each of its parts.';

const profile = {
  schema: dataOf(schemas.profileSchema),
  headers: etagHeader,
  example: { data: schemas.exampleProfile },
};
const capabilities = {
  schema: dataOf(schemas.capabilitiesSchema),
  headers: etagHeader,
  example: { data: schemas.exampleCapabilities },
};
const systemPrompt = {
  schema: dataOf(promptSchema.allow(null)),
  headers: etagHeader,
  example: { data: examplePrompt },
};

export const getProfile = defineEndpoint({
  ...reading,
  path: '/assistants/:id/profile',
  operationId: 'getProfile',
  summary: 'Read who an assistant is',
  description: note,
  responses: { 200: { description: 'The profile.', ...profile } },
  errors: ['assistant.not_found'],
  example,
});

export const updateProfile = defineEndpoint({
  ...editing,
  method: 'PATCH',
  path: '/assistants/:id/profile',
  operationId: 'updateProfile',
  summary: 'Change who an assistant is',
  description: 'Fields that are not sent stay as they are.',
  body: schemas.profileBody.min(1),
  responses: { 200: { description: 'The changed profile.', ...profile } },
  errors: ['assistant.not_found'],
  example: { ...example, body: { tone: 'friendly', traits: ['patient'] } },
});

export const getCapabilities = defineEndpoint({
  ...reading,
  path: '/assistants/:id/capabilities',
  operationId: 'getCapabilities',
  summary: 'Read what an assistant can do',
  description: note,
  responses: { 200: { description: 'Capabilities with skills.', ...capabilities } },
  errors: ['assistant.not_found'],
  example,
});

export const updateCapabilities = defineEndpoint({
  ...editing,
  method: 'PATCH',
  path: '/assistants/:id/capabilities',
  operationId: 'updateCapabilities',
  summary: 'Change what an assistant can do',
  description: 'Fields that are not sent stay as they are; a list that is sent replaces the one before.',
  body: schemas.capabilitiesBody.min(1),
  responses: { 200: { description: 'The changed capabilities.', ...capabilities } },
  errors: ['assistant.not_found'],
  example: { ...example, body: schemas.exampleCapabilitiesBody },
});

export const getSystemPrompt = defineEndpoint({
  ...reading,
  path: '/assistants/:id/system-prompt',
  operationId: 'getSystemPrompt',
  summary: 'Read the system prompt of an assistant',
  description: 'Null when it has none.',
  // Its text changes without the assistant.
  etag: 'content',
  responses: { 200: { description: 'The prompt.', ...systemPrompt, headers: {} } },
  errors: ['assistant.not_found'],
  example,
});

export const setSystemPrompt = defineEndpoint({
  ...editing,
  method: 'PUT',
  path: '/assistants/:id/system-prompt',
  operationId: 'setSystemPrompt',
  summary: 'Choose the system prompt of an assistant',
  description: 'The assistant speaks by it from its next reply on. Null takes the prompt away.',
  body: Joi.object<{ prompt_id: string | null }>({ prompt_id: promptLink.required() }),
  responses: { 200: { description: 'The prompt.', ...systemPrompt } },
  errors: ['assistant.not_found', 'prompt.not_found', 'prompt.not_system'],
  example: { ...example, body: { prompt_id: null } },
});
