import Joi from 'joi';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { pageQuery } from '#api/http/page.ts';
import type { PageQuery } from '#api/http/page.ts';
import { id, pageOf, time } from '#api/http/schemas.ts';
import { exampleMemory, memorySchema } from '#api/memories/memory-schemas.ts';
import { changedChain, exampleChain } from './chain-endpoints.ts';

const params = Joi.object<{ id: string }>({ id: id().required() });
const example = { params: { id: exampleChain.id } };
const position = (): Joi.NumberSchema => Joi.number().integer().min(0).max(1_000_000);

const entry = Joi.object({
  position: Joi.number().integer().min(0).required().description('Larger is later; there may be gaps.'),
  added_at: time().required(),
  memory: memorySchema.required(),
});

const exampleEntry = { position: 0, added_at: '2026-01-15T09:30:00.000Z', memory: exampleMemory };

export const listEntries = defineEndpoint({
  method: 'GET',
  path: '/memory-chains/:id/entries',
  operationId: 'listChainEntries',
  summary: 'List the memories of a chain',
  description: 'In the order of the chain.',
  tag: 'memory-chains',
  auth: 'user',
  scope: 'memories:read',
  params,
  query: Joi.object<PageQuery>(pageQuery),
  responses: {
    200: {
      description: 'A page of entries.',
      schema: pageOf(entry),
      example: { data: [exampleEntry], meta: { next_cursor: null, has_more: false } },
    },
  },
  errors: ['memory_chain.not_found', 'page.cursor_invalid'],
  example: { ...example, query: { limit: 50 } },
});

export const addEntries = defineEndpoint({
  method: 'POST',
  path: '/memory-chains/:id/entries',
  operationId: 'addChainEntries',
  summary: 'Put memories into a manual chain',
  description: 'In the order given; those that are in it already stay where they are.',
  tag: 'memory-chains',
  auth: 'user',
  scope: 'memories:write',
  params,
  body: Joi.object<{ memory_ids: string[]; position?: number }>({
    memory_ids: Joi.array().items(id()).min(1).max(1000).unique().required(),
    position: position().description('How many entries stand before the first of them; by default all.'),
  }),
  responses: changedChain,
  errors: [
    'memory_chain.not_found',
    'memory_chain.automatic',
    'memory_chain.other_assistant',
    'memory.not_found',
  ],
  example: { ...example, body: { memory_ids: [exampleMemory.id], position: 0 } },
});

export const removeEntry = defineEndpoint({
  method: 'DELETE',
  path: '/memory-chains/:id/entries/:memory_id',
  operationId: 'removeChainEntry',
  summary: 'Take a memory out of a manual chain',
  description: 'The memory stays.',
  tag: 'memory-chains',
  auth: 'user',
  scope: 'memories:write',
  params: Joi.object<{ id: string; memory_id: string }>({
    id: id().required(),
    memory_id: id().required(),
  }),
  responses: { 204: { description: 'It is not in the chain any more.' } },
  errors: ['memory_chain.not_found', 'memory_chain.automatic', 'memory.not_found'],
  example: { params: { id: exampleChain.id, memory_id: exampleMemory.id } },
});

export const reorderEntries = defineEndpoint({
  method: 'PUT',
  path: '/memory-chains/:id/order',
  operationId: 'reorderChain',
  summary: 'Put the memories of a chain into another order',
  description:
    'Takes the ids of all its memories in the order wanted, each once; of automatic chains there is no order to choose.',
  tag: 'memory-chains',
  auth: 'user',
  scope: 'memories:write',
  params,
  precondition: 'required',
  bodyLimit: 1024 * 1024,
  body: Joi.object<{ memory_ids: string[] }>({
    memory_ids: Joi.array()
      .items(id())
      .max(10_000)
      .unique()
      .required()
      .description('Each memory of the chain once, in the order that they are to have.'),
  }),
  responses: changedChain,
  errors: ['memory_chain.not_found', 'memory_chain.order_mismatch'],
  example: { ...example, body: { memory_ids: [exampleMemory.id] } },
});
