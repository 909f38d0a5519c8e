import Joi from 'joi';
import { etagHeader } from '#api/http/conditional-get.ts';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { pageQuery, sortQuery } from '#api/http/page.ts';
import type { PageQuery } from '#api/http/page.ts';
import { paragraphs, dataOf, id, idOrSlug, label, pageOf, time } from '#api/http/schemas.ts';
import { exampleJob, jobSchema } from '#api/jobs/job-endpoints.ts';
import { memoryTags } from '#api/memories/memory-schemas.ts';
import { CHAIN_SORTS } from '#db/stores/memory-chain-store.ts';
import type { ChainSort } from '#db/stores/memory-chain-store.ts';
import { MEMORY_TYPES } from '#shared/domain/memory.ts';
import type { ChainMode, MemoryType } from '#shared/domain/memory.ts';

/** What a client may set. */
export interface ChainBody {
  readonly title?: string;
  readonly description?: string | null;
  readonly mode?: ChainMode;
  readonly filter_tags?: readonly string[];
  readonly exclude_types?: readonly MemoryType[];
}

const mode = Joi.string()
  .valid('manual', 'automatic')
  .description('An automatic chain holds the active memories of its assistant that its filters take.');

const fields = {
  title: label(200),
  description: paragraphs(2000).allow(null),
  mode,
  filter_tags: memoryTags().description('Of an automatic chain: memories with any of these; empty for all.'),
  exclude_types: Joi.array()
    .items(Joi.string().valid(...MEMORY_TYPES))
    .max(MEMORY_TYPES.length)
    .unique()
    .description('Of an automatic chain.'),
};

const chain = Joi.object({
  id: id().required(),
  assistant_id: id().required(),
  ...Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name, schema.required()])),
  entry_count: Joi.number().integer().min(0).required(),
  summary: Joi.string().allow(null).required(),
  summary_provider: Joi.string().allow(null).required().description('Who made the summary.'),
  summary_model: Joi.string().allow(null).required().description('Null where no model did.'),
  summarised_at: time().allow(null).required(),
  stale: Joi.boolean().required().description('The entries have changed since the summary was made.'),
  version: Joi.number().integer().min(1).required(),
  created_at: time().required(),
  updated_at: time().required(),
});

export const exampleChain = {
  id: '01980f62-3c4d-7e5f-8a61-7b8c9d0e1f2a',
  assistant_id: '01980f5e-2c4a-7b3e-9d51-6a7f0e8c1b24',
  title: 'Working with Ada',
  description: null,
  mode: 'automatic',
  filter_tags: ['work'],
  exclude_types: ['task'],
  entry_count: 12,
  summary: null,
  summary_provider: null,
  summary_model: null,
  summarised_at: null,
  stale: false,
  version: 1,
  created_at: '2026-01-15T09:30:00.000Z',
  updated_at: '2026-01-15T09:30:00.000Z',
};

const params = Joi.object<{ id: string }>({ id: id().required() });
const example = { params: { id: exampleChain.id } };
const one = { schema: dataOf(chain), headers: etagHeader, example: { data: exampleChain } };
const chains = { tag: 'memory-chains', auth: 'user' } as const;

export interface ChainQuery extends PageQuery {
  readonly sort: ChainSort | `-${ChainSort}`;
  readonly assistant_id?: string;
  readonly mode?: ChainMode;
}

export const listChains = defineEndpoint({
  ...chains,
  method: 'GET',
  path: '/memory-chains',
  operationId: 'listChains',
  summary: 'List your chains of memories',
  description: 'Newest first by default.',
  scope: 'memories:read',
  query: Joi.object<ChainQuery>({
    ...pageQuery,
    sort: sortQuery(CHAIN_SORTS, '-created_at'),
    assistant_id: idOrSlug(),
    mode,
  }),
  responses: {
    200: {
      description: 'A page of chains.',
      schema: pageOf(chain),
      example: { data: [exampleChain], meta: { next_cursor: null, has_more: false } },
    },
  },
  errors: ['page.cursor_invalid'],
  example: { query: { mode: 'automatic' } },
});

export const createChain = defineEndpoint({
  ...chains,
  method: 'POST',
  path: '/memory-chains',
  operationId: 'createChain',
  summary: 'Make a chain of memories',
  description: 'An automatic one is filled by a job.',
  scope: 'memories:write',
  body: Joi.object<ChainBody & { title: string; assistant_id: string }>({
    ...fields,
    title: fields.title.required(),
    assistant_id: idOrSlug().required(),
  }),
  responses: {
    201: {
      description: 'The chain.',
      ...one,
      headers: { ...etagHeader, Location: 'Address of the chain.' },
    },
  },
  errors: ['assistant.not_found'],
  example: { body: { assistant_id: 'librarian', title: 'Working with Ada' } },
});

export const getChain = defineEndpoint({
  ...chains,
  method: 'GET',
  path: '/memory-chains/:id',
  operationId: 'getChain',
  summary: 'Read a chain',
  description: 'With its filters and its summary, and whether the summary is older than the entries.',
  scope: 'memories:read',
  params,
  etag: 'version',
  responses: { 200: { description: 'The chain.', ...one } },
  errors: ['memory_chain.not_found'],
  example,
});

export const updateChain = defineEndpoint({
  ...chains,
  method: 'PATCH',
  path: '/memory-chains/:id',
  operationId: 'updateChain',
  summary: 'Change a chain',
  description: 'Other filters, and the change to automatic mode, are carried out by a job.',
  scope: 'memories:write',
  params,
  precondition: 'required',
  body: Joi.object<ChainBody>(fields).min(1),
  responses: { 200: { description: 'The changed chain.', ...one } },
  errors: ['memory_chain.not_found'],
  example: { ...example, body: { filter_tags: ['work', 'ada'] } },
});

export const deleteChain = defineEndpoint({
  ...chains,
  method: 'DELETE',
  path: '/memory-chains/:id',
  operationId: 'deleteChain',
  summary: 'Delete a chain',
  description: 'Its memories stay.',
  scope: 'memories:write',
  params,
  precondition: 'required',
  responses: { 204: { description: 'Deleted.' } },
  errors: ['memory_chain.not_found'],
  example,
});

export const summariseChain = defineEndpoint({
  ...chains,
  method: 'POST',
  path: '/memory-chains/:id/summary',
  operationId: 'summariseChain',
  summary: 'Sum a chain up',
  description: 'By a job; the chain then shows the summary, who made it and whether it is stale.',
  scope: 'memories:write',
  params,
  responses: {
    202: {
      description: 'The job that does it.',
      schema: dataOf(jobSchema),
      headers: { Location: 'Where to follow the job.' },
      example: { data: { ...exampleJob, type: 'chain.summarise', priority: 'low' } },
    },
  },
  errors: ['memory_chain.not_found', 'memory_chain.empty'],
  example,
});

/** The answer of operations on the entries of a chain. */
export const changedChain = { 200: { description: 'The chain.', ...one } };
