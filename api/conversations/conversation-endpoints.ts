import Joi from 'joi';
import { etagHeader } from '#api/http/conditional-get.ts';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { pageQuery, sortQuery } from '#api/http/page.ts';
import type { PageQuery } from '#api/http/page.ts';
import { dataOf, id, idOrSlug, label, pageOf, time } from '#api/http/schemas.ts';
import type { ConversationSort } from '#db/stores/conversation-store.ts';
import type { ConversationStatus } from '#shared/domain/conversation.ts';

const STATUSES = ['active', 'archived'];

const conversation = Joi.object({
  id: id().required(),
  assistant_id: id().required(),
  title: Joi.string().required(),
  status: Joi.string()
    .valid(...STATUSES)
    .required(),
  message_count: Joi.number().integer().min(0).required(),
  last_message_at: time().required().description('That of its creation before the first message.'),
  archived_at: time().allow(null).required(),
  version: Joi.number().integer().min(1).required(),
  created_at: time().required(),
  updated_at: time().required(),
}).required();

const example = {
  id: '01980f70-1c2d-7e3f-8a4b-5c6d7e8f9a0b',
  assistant_id: '01980f5e-2c4a-7b3e-9d51-6a7f0e8c1b24',
  title: 'Where do donkeys go when it rains?',
  status: 'active',
  message_count: 2,
  last_message_at: '2026-01-15T10:00:04.000Z',
  archived_at: null,
  version: 1,
  created_at: '2026-01-15T10:00:00.000Z',
  updated_at: '2026-01-15T10:00:04.000Z',
};

const params = Joi.object<{ id: string }>({ id: id().required() });
const title = label(200);
const one = (description: string, more: Readonly<Record<string, string>> = {}) => ({
  description,
  schema: dataOf(conversation),
  headers: { ...etagHeader, ...more },
  example: { data: example },
});

export interface ConversationQuery extends PageQuery {
  readonly sort: ConversationSort | `-${ConversationSort}`;
  readonly assistant_id?: string;
  readonly status?: ConversationStatus;
}

export const listConversations = defineEndpoint({
  method: 'GET',
  path: '/conversations',
  operationId: 'listConversations',
  summary: 'List your conversations',
  description: 'Those with the latest message first, archived ones among them.',
  tag: 'conversations',
  auth: 'user',
  scope: 'conversations:read',
  query: Joi.object<ConversationQuery>({
    ...pageQuery,
    sort: sortQuery(['created_at', 'last_message_at'], '-last_message_at'),
    assistant_id: idOrSlug(),
    status: Joi.string()
      .valid(...STATUSES)
      .description('Active or archived ones alone.'),
  }),
  responses: {
    200: {
      description: 'A page of conversations.',
      schema: pageOf(conversation),
      example: { data: [example], meta: { next_cursor: null, has_more: false } },
    },
  },
  errors: ['page.cursor_invalid'],
  example: { query: { status: 'active', sort: '-last_message_at', limit: 20 } },
});

export const createConversation = defineEndpoint({
  method: 'POST',
  path: '/conversations',
  operationId: 'createConversation',
  summary: 'Begin a conversation',
  description:
    'It is empty: post a message to get a reply. Without a title it takes one from its first message.',
  tag: 'conversations',
  auth: 'user',
  scope: 'conversations:write',
  body: Joi.object<{ assistant_id: string; title?: string }>({
    assistant_id: idOrSlug().required(),
    title: title.description('By default the beginning of the first message.'),
  }),
  responses: { 201: one('The conversation.', { Location: 'Address of the conversation.' }) },
  errors: ['assistant.not_found'],
  example: { body: { assistant_id: 'librarian' } },
});

export const getConversation = defineEndpoint({
  method: 'GET',
  path: '/conversations/:id',
  operationId: 'getConversation',
  summary: 'Read a conversation',
  description: 'Without its messages, which are a list of their own.',
  tag: 'conversations',
  auth: 'user',
  scope: 'conversations:read',
  params,
  etag: 'version',
  responses: { 200: one('The conversation.') },
  errors: ['conversation.not_found'],
  example: { params: { id: example.id } },
});

export const updateConversation = defineEndpoint({
  method: 'PATCH',
  path: '/conversations/:id',
  operationId: 'updateConversation',
  summary: 'Give a conversation another title',
  description: 'Nothing else of a conversation can be changed. Its place in lists stays the same.',
  tag: 'conversations',
  auth: 'user',
  scope: 'conversations:write',
  params,
  precondition: 'required',
  body: Joi.object<{ title: string }>({ title: title.required() }),
  responses: { 200: one('The changed conversation.') },
  errors: ['conversation.not_found'],
  example: {
    params: { id: example.id },

    body: { title: 'Donkeys and rain' },
  },
});

export const deleteConversation = defineEndpoint({
  method: 'DELETE',
  path: '/conversations/:id',
  operationId: 'deleteConversation',
  summary: 'Delete a conversation',
  description:
    'With its messages and the memories of its session; lasting memories stay. A reply that is being made ends.',
  tag: 'conversations',
  auth: 'user',
  scope: 'conversations:write',
  params,
  precondition: 'required',
  responses: { 204: { description: 'Deleted.' } },
  errors: ['conversation.not_found'],
  example: { params: { id: example.id } },
});

export const archiveConversation = defineEndpoint({
  method: 'POST',
  path: '/conversations/:id/archive',
  operationId: 'archiveConversation',
  summary: 'Archive a conversation',
  description:
    'Its messages are put away in compressed form; it stays in the list. Idle ones are archived by themselves, and a new message restores one.',
  tag: 'conversations',
  auth: 'user',
  scope: 'conversations:write',
  params,
  responses: { 200: one('The archived conversation.') },
  errors: ['conversation.not_found', 'conversation.busy'],
  example: { params: { id: example.id } },
});

export const restoreConversation = defineEndpoint({
  method: 'POST',
  path: '/conversations/:id/restore',
  operationId: 'restoreConversation',
  summary: 'Restore an archived conversation',
  description: 'Its messages can be read again, with the ids and contents they had.',
  tag: 'conversations',
  auth: 'user',
  scope: 'conversations:write',
  params,
  responses: { 200: one('The restored conversation.') },
  errors: ['conversation.not_found'],
  example: { params: { id: example.id } },
});
