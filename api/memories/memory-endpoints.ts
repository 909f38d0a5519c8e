import Joi from 'joi';
import { etagHeader } from '#api/http/conditional-get.ts';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { pageQuery, sortQuery } from '#api/http/page.ts';
import type { PageQuery } from '#api/http/page.ts';
import { paragraphs, dataOf, id, idOrSlug, label, moment, pageOf } from '#api/http/schemas.ts';
import { exampleJob, jobSchema } from '#api/jobs/job-endpoints.ts';
import { MEMORY_SORTS } from '#db/stores/memory-store.ts';
import type { MemorySort } from '#db/stores/memory-store.ts';
import { MEMORY_TYPES, SOURCE_ROLES } from '#shared/domain/memory.ts';
import type { MemoryType, SourceRole } from '#shared/domain/memory.ts';
import {
  editFields,
  exampleMemory,
  exampleWritten,
  inOrder,
  memorySchema,
  memoryTag,
  writeFields,
  writtenSchema,
} from './memory-schemas.ts';
import type { EditBody, WriteBody } from './memory-schemas.ts';

const params = Joi.object<{ id: string }>({ id: id().required() });
const example = { params: { id: exampleMemory.id } };
const ofAssistant = Joi.object<{ id: string }>({ id: idOrSlug().required() });
const assistantExample = { params: { id: 'librarian' } };

export interface MemoryQuery extends PageQuery {
  readonly sort: MemorySort | `-${MemorySort}`;
  readonly type?: MemoryType;
  readonly source_role?: SourceRole;
  readonly tags?: string[];
  readonly is_bookmarked?: boolean;
  readonly is_active: 'true' | 'false' | 'any';
  readonly min_importance?: number;
  readonly min_rating?: number;
  readonly conversation_id?: string;
  readonly document_id?: string;
  readonly created_after?: string;
  readonly created_before?: string;
  readonly q?: string;
}

const filters = {
  ...pageQuery,
  sort: sortQuery(MEMORY_SORTS, '-created_at'),
  type: Joi.string()
    .valid(...MEMORY_TYPES)
    .description('What kind of thing is remembered.'),
  source_role: Joi.string()
    .valid(...SOURCE_ROLES)
    .description('Whose words they are made of.'),
  tags: Joi.string()
    .max(3000)
    .custom((value: string): string[] =>
      Joi.attempt<Joi.ArraySchema<string[]>>(
        value
          .split(',')
          .map((part) => part.trim())
          .filter((part) => part !== ''),
        Joi.array().items(memoryTag()).min(1).max(50).unique(),
      ),
    )
    .description('Separated by commas; memories that have all of them.'),
  is_bookmarked: Joi.boolean().description('Those with a bookmark, or without.'),
  is_active: Joi.string()
    .valid('true', 'false', 'any')
    .default('true')
    .description('Whether those that were superseded or put away are among them.'),
  min_importance: Joi.number().min(0).max(10).description('Of this importance at least.'),
  min_rating: Joi.number().integer().min(1).max(5).description('Rated as well as this at least.'),
  conversation_id: id(),
  document_id: id(),
  created_after: moment().description('Not before this time.'),
  created_before: moment().description('Before this time.'),
  q: label(500).description('Words that stand in title or text; "in quotes" next to each other, -without.'),
};

const page = {
  200: {
    description: 'A page of memories.',
    schema: pageOf(memorySchema),
    example: { data: [exampleMemory], meta: { next_cursor: null, has_more: false } },
  },
};

export const listMemories = defineEndpoint({
  method: 'GET',
  path: '/memories',
  operationId: 'listMemories',
  summary: 'List your memories',
  description: 'Newest first by default; memories that are not active are listed when they are asked for.',
  tag: 'memories',
  auth: 'user',
  scope: 'memories:read',
  query: Joi.object<MemoryQuery & { readonly assistant_id?: string }>({
    ...filters,
    assistant_id: idOrSlug(),
  }),
  responses: page,
  errors: ['page.cursor_invalid'],
  example: { query: { type: 'preference', sort: '-importance' } },
});

export const listAssistantMemories = defineEndpoint({
  method: 'GET',
  path: '/assistants/:id/memories',
  operationId: 'listAssistantMemories',
  summary: 'List the memories of an assistant',
  description: 'As the list of all memories, of one assistant.',
  tag: 'memories',
  auth: 'user',
  scope: 'memories:read',
  params: ofAssistant,
  query: Joi.object<MemoryQuery>(filters),
  responses: page,
  errors: ['assistant.not_found', 'page.cursor_invalid'],
  example: { ...assistantExample, query: { limit: 20 } },
});

const written = {
  schema: dataOf(memorySchema.allow(null), writtenSchema),
  example: { data: exampleMemory, meta: exampleWritten },
};

export const writeMemory = defineEndpoint({
  method: 'POST',
  path: '/assistants/:id/memories',
  operationId: 'writeMemory',
  summary: 'Let an assistant remember something',
  description:
    'The same text is stored once: the existing memory is returned with 200. A text that only repeats what a search has just returned is not stored, and data is null. Near-duplicates are reported in meta.similar, and merged or superseded only when on_duplicate asks for it. The vector is made by a job.',
  tag: 'memories',
  auth: 'user',
  scope: 'memories:write',
  params: ofAssistant,
  body: Joi.object<WriteBody>(writeFields).custom(inOrder),
  responses: {
    200: {
      description: 'Nothing was stored; meta says why.',
      ...written,
      example: { data: exampleMemory, meta: { ...exampleWritten, outcome: 'duplicate', duplicate: true } },
    },
    201: {
      description: 'The memory.',
      ...written,
      headers: { ...etagHeader, Location: 'Address of the memory.' },
    },
  },
  errors: [
    'assistant.not_found',
    'conversation.not_found',
    'message.not_found',
    'document.not_found',
    'memory.not_found',
  ],
  example: {
    ...assistantExample,
    body: { event: 'Ada never works on Mondays.', type: 'preference', tags: ['work'] },
  },
});

const one = { schema: dataOf(memorySchema), headers: etagHeader, example: { data: exampleMemory } };

export const getMemory = defineEndpoint({
  method: 'GET',
  path: '/memories/:id',
  operationId: 'getMemory',
  summary: 'Read a memory',
  description: 'One that was superseded is still there, inactive, and names its successor.',
  tag: 'memories',
  auth: 'user',
  scope: 'memories:read',
  params,
  etag: 'version',
  responses: { 200: { description: 'The memory.', ...one } },
  errors: ['memory.not_found'],
  example,
});

export const updateMemory = defineEndpoint({
  method: 'PATCH',
  path: '/memories/:id',
  operationId: 'updateMemory',
  summary: 'Change a memory',
  description:
    'Fields that are not sent stay as they are; null for title or importance makes them from the text again. A new text is embedded anew. Making a superseded memory active again takes that back.',
  tag: 'memories',
  auth: 'user',
  scope: 'memories:write',
  params,
  precondition: 'required',
  body: Joi.object<EditBody>(editFields).min(1),
  responses: { 200: { description: 'The changed memory.', ...one } },
  errors: ['memory.not_found', 'memory.duplicate'],
  example: { ...example, body: { tags: ['work', 'calendar'] } },
});

export const deleteMemory = defineEndpoint({
  method: 'DELETE',
  path: '/memories/:id',
  operationId: 'deleteMemory',
  summary: 'Delete a memory',
  description: 'For good, with its vector and its places in chains.',
  tag: 'memories',
  auth: 'user',
  scope: 'memories:write',
  params,
  precondition: 'required',
  responses: { 204: { description: 'Deleted.' } },
  errors: ['memory.not_found'],
  example,
});

export const bookmarkMemory = defineEndpoint({
  method: 'PUT',
  path: '/memories/:id/bookmark',
  operationId: 'bookmarkMemory',
  summary: 'Bookmark a memory',
  description: 'Doing so twice is as good as once. Bookmarked memories can be listed by themselves.',
  tag: 'memories',
  auth: 'user',
  scope: 'memories:write',
  params,
  responses: { 200: { description: 'The memory.', ...one } },
  errors: ['memory.not_found'],
  example,
});

export const unbookmarkMemory = defineEndpoint({
  method: 'DELETE',
  path: '/memories/:id/bookmark',
  operationId: 'unbookmarkMemory',
  summary: 'Take the bookmark off a memory',
  description: 'Doing so without a bookmark changes nothing.',
  tag: 'memories',
  auth: 'user',
  scope: 'memories:write',
  params,
  responses: { 204: { description: 'It has none.' } },
  errors: ['memory.not_found'],
  example,
});

export const rateMemory = defineEndpoint({
  method: 'POST',
  path: '/memories/:id/feedback',
  operationId: 'rateMemory',
  summary: 'Say how good a memory is',
  description: 'In place of what was said before.',
  tag: 'memories',
  auth: 'user',
  scope: 'memories:write',
  params,
  body: Joi.object<{ rating: number; comment?: string | null }>({
    rating: Joi.number().integer().min(1).max(5).required(),
    comment: paragraphs(2000).allow(null),
  }),
  responses: { 200: { description: 'The memory.', ...one } },
  errors: ['memory.not_found'],
  example: { ...example, body: { rating: 4, comment: 'Still true.' } },
});

export const embedMemory = defineEndpoint({
  method: 'POST',
  path: '/memories/:id/embeddings',
  operationId: 'embedMemory',
  summary: 'Make the vector of a memory anew',
  description:
    'For a memory whose vector failed. Its text is embedded by a job, and searches by words find it meanwhile.',
  tag: 'memories',
  auth: 'user',
  scope: 'memories:write',
  params,
  responses: {
    202: {
      description: 'The job that does it.',
      schema: dataOf(jobSchema),
      headers: { Location: 'Where to follow the job.' },
      example: { data: { ...exampleJob, type: 'memory.embed', priority: 'high' } },
    },
  },
  errors: ['memory.not_found'],
  example,
});
