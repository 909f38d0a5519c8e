import Joi from 'joi';
import { etagHeader } from '#api/http/conditional-get.ts';
import { OLD_ADDRESSES } from '#api/http/deprecations.ts';
import { aliasOf, defineEndpoint } from '#api/http/endpoint.ts';
import { pageQuery } from '#api/http/page.ts';
import type { PageQuery } from '#api/http/page.ts';
import { dataOf, id, label, pageOf, time } from '#api/http/schemas.ts';
import { assistantPage, listQuery } from './assistant-endpoints.ts';
import type { ListQuery } from './assistant-endpoints.ts';
import * as schemas from './assistant-schemas.ts';
import type { AssistantBody } from './assistant-schemas.ts';
import { HERITAGE } from './family-service.ts';
import type { Heritage } from './family-service.ts';
import { capabilitiesBody, exampleProfile, profileBody } from './part-schemas.ts';
import type { CapabilitiesBody, ProfileBody } from './part-schemas.ts';

const { assistantSchema, coreFields, exampleAssistant, exampleRelative, params, relativeSchema } = schemas;
const example = { params: { id: 'librarian' } };
const common = { tag: 'assistants', auth: 'user', params } as const;

const child = {
  ...exampleAssistant,
  id: '01980f61-3b4c-7d5e-8f6a-7b8c9d0e1f2a',
  slug: 'night-librarian',
  name: 'Night librarian',
  parent_id: exampleAssistant.id,
  depth: 1,
  spawn_reason: 'Questions at night.',
};

const delegationSchema = Joi.object({
  id: id().required(),
  parent_id: id().required(),
  child_id: id().required(),
  reason: Joi.string().required(),
  memory_id: id().allow(null).required(),
  document_id: id().allow(null).required(),
  score: Joi.number().min(0).max(1).allow(null).required(),
  notes: Joi.string().allow(null).required(),
  created_at: time().required(),
});

const exampleDelegation = {
  id: '01980f61-3b4d-7e5f-8a6b-7c8d9e0f1a2b',
  parent_id: exampleAssistant.id,
  child_id: child.id,
  reason: child.spawn_reason,
  memory_id: null,
  document_id: null,
  score: 0.75,
  notes: null,
  created_at: child.created_at,
};

export interface ChildBody extends AssistantBody {
  readonly reason: string;
  readonly inherit?: readonly Heritage[] | Readonly<Partial<Record<Heritage, boolean>>>;
  readonly memory_id?: string;
  readonly document_id?: string;
  readonly score?: number;
  readonly notes?: string;
  readonly profile?: ProfileBody;
  readonly capabilities?: CapabilitiesBody;
  readonly system_prompt_id?: string | null;
}

const inherit = Joi.alternatives(
  Joi.array()
    .items(Joi.string().valid(...HERITAGE))
    .max(HERITAGE.length)
    .unique(),
  Joi.object(Object.fromEntries(HERITAGE.map((name) => [name, Joi.boolean()]))),
).description(
  'What the child takes over: a list, or names with true or false; left out, everything. `model` stands for preferred_model, memory_mode, thinking_style and min_score.',
);

export const spawnChild = defineEndpoint({
  ...common,
  method: 'POST',
  path: '/assistants/:id/children',
  operationId: 'spawnChild',
  summary: 'Make a child of an assistant',
  description:
    'Always a new one. What the body gives stands over what is inherited; without a name it is called after the memory or document it is made of, else after its parent. The reason is kept as a delegation.',
  scope: 'assistants:write',
  body: Joi.object<ChildBody>({
    ...coreFields,
    system_prompt_id: schemas.promptLink,
    profile: profileBody,
    capabilities: capabilitiesBody,
    reason: label(500).required(),
    inherit,
    memory_id: id().description('The memory it is made of.'),
    document_id: id().description('The document it is made of; not together with memory_id.'),
    score: schemas.fraction().description('How well the child suits the task, by your own measure.'),
    notes: Joi.string().min(1).max(2000),
  }).oxor('memory_id', 'document_id'),
  responses: {
    201: {
      description: 'The child.',
      schema: dataOf(assistantSchema, Joi.object({ delegation: delegationSchema.required() })),
      headers: { ...etagHeader, Location: 'Address of the child.' },
      example: { data: child, meta: { delegation: exampleDelegation } },
    },
  },
  errors: [
    'assistant.not_found',
    'assistant.slug_taken',
    'assistant.too_deep',
    'assistant.too_many_children',
    'prompt.not_found',
    'prompt.not_system',
    'memory.not_found',
    'document.not_found',
  ],
  example: {
    ...example,
    body: {
      name: child.name,
      reason: child.spawn_reason,
      inherit: ['profile', 'model'],
      profile: { tone: exampleProfile.tone },
      score: 0.75,
    },
  },
});

export const spawnChildBefore = aliasOf(spawnChild, {
  ...OLD_ADDRESSES,
  path: '/api/assistants/:id/spawn',
  operationId: 'spawnChildBefore',
});

export const listChildren = defineEndpoint({
  ...common,
  method: 'GET',
  path: '/assistants/:id/children',
  operationId: 'listChildren',
  summary: 'List the children of an assistant',
  description: 'Newest first unless sorted otherwise.',
  scope: 'assistants:read',
  query: Joi.object<ListQuery>(listQuery),
  responses: { 200: assistantPage },
  errors: ['assistant.not_found', 'page.cursor_invalid'],
  example: { ...example, query: { sort: 'name' } },
});

export const getLineage = defineEndpoint({
  ...common,
  method: 'GET',
  path: '/assistants/:id/lineage',
  operationId: 'getLineage',
  summary: 'Read the family of an assistant',
  description: 'All ancestors and the nearest 500 descendants.',
  scope: 'assistants:read',
  responses: {
    200: {
      description: 'The family.',
      schema: dataOf(
        Joi.object({
          ancestors: Joi.array()
            .items(relativeSchema.optional())
            .required()
            .description('From the root down to the parent.'),
          self: relativeSchema.required(),
          descendants: Joi.array().items(relativeSchema.optional()).required().description('Level by level.'),
        }),
        Joi.object({ has_more: Joi.boolean().required().description('There are more descendants.') }),
      ),
      example: {
        data: { ancestors: [], self: exampleRelative, descendants: [] },
        meta: { has_more: false },
      },
    },
  },
  errors: ['assistant.not_found'],
  example,
});

export const listDelegations = defineEndpoint({
  ...common,
  method: 'GET',
  path: '/assistants/:id/delegations',
  operationId: 'listDelegations',
  summary: 'List the delegations of an assistant, newest first',
  description:
    'One entry for every child that was spawned: who made whom, why, and about which memory or document.',
  scope: 'assistants:read',
  query: Joi.object<PageQuery & { side: 'parent' | 'child' }>({
    ...pageQuery,
    side: Joi.string()
      .valid('parent', 'child')
      .default('parent')
      .description('Those it gave as a parent, or the one it was given as a child.'),
  }),
  responses: {
    200: {
      description: 'A page of delegations.',
      schema: pageOf(delegationSchema),
      example: { data: [exampleDelegation], meta: { next_cursor: null, has_more: false } },
    },
  },
  errors: ['assistant.not_found', 'page.cursor_invalid'],
  example,
});
