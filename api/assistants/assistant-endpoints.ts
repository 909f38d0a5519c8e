import Joi from 'joi';
import { etagHeader } from '#api/http/conditional-get.ts';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { pageQuery, sortQuery } from '#api/http/page.ts';
import type { PageQuery } from '#api/http/page.ts';
import { dataOf, idOrSlug, label, pageOf } from '#api/http/schemas.ts';
import type { AssistantSort } from '#db/stores/assistant-store.ts';
import type { MemoryMode } from '#shared/domain/types.ts';
import * as schemas from './assistant-schemas.ts';
import type { AssistantBody, AssistantLinks } from './assistant-schemas.ts';
import { includedFields, includeQuery } from './include-schemas.ts';
import type { Include } from './include-schemas.ts';
import { capabilitiesBody, exampleCapabilitiesBody, exampleProfile, profileBody } from './part-schemas.ts';
import type { CapabilitiesBody, ProfileBody } from './part-schemas.ts';

const { assistantSchema, assistantWith, coreFields, exampleAssistant, exampleRelative, memoryModes, params } =
  schemas;
const links = { parent_id: schemas.parentLink, system_prompt_id: schemas.promptLink };
const shown = assistantWith(includedFields);

const one = (description: string) => ({
  description,
  schema: dataOf(assistantSchema),
  headers: etagHeader,
  example: { data: exampleAssistant },
});

export interface IncludeQuery {
  readonly include?: readonly Include[];
}

export interface ListQuery extends PageQuery, IncludeQuery {
  readonly sort: AssistantSort | `-${AssistantSort}`;
}

export interface AssistantQuery extends ListQuery {
  readonly is_active?: boolean;
  readonly is_primary?: boolean;
  readonly memory_mode?: MemoryMode;
  readonly parent_id?: string;
  readonly q?: string;
}

/** Query parameters of every list of assistants. */
export const listQuery = {
  ...pageQuery,
  sort: sortQuery<AssistantSort>(['created_at', 'updated_at', 'name'], '-created_at'),
  include: includeQuery,
};

export const assistantPage = {
  description: 'A page of assistants.',
  schema: pageOf(shown),
  example: { data: [exampleAssistant], meta: { next_cursor: null, has_more: false } },
};

export const listAssistants = defineEndpoint({
  method: 'GET',
  path: '/assistants',
  operationId: 'listAssistants',
  summary: 'List the own assistants',
  description: 'Newest first unless sorted otherwise.',
  tag: 'assistants',
  auth: 'user',
  scope: 'assistants:read',
  query: Joi.object<AssistantQuery>({
    ...listQuery,
    is_active: coreFields.is_active.description('Those that are switched on, or off.'),
    is_primary: Joi.boolean().description('The primary one, or the others.'),
    memory_mode: Joi.string()
      .valid(...memoryModes)
      .description('How they remember.'),
    parent_id: idOrSlug().description('Id or slug of the parent, or `none` for those without one.'),
    q: label(100).description('Part of the name, in any case.'),
  }),
  responses: {
    200: {
      ...assistantPage,
      example: {
        data: [
          {
            ...exampleAssistant,
            children: { items: [exampleRelative], has_more: false },
            profile: exampleProfile,
          },
        ],
        meta: { next_cursor: null, has_more: false },
      },
    },
  },
  errors: ['page.cursor_invalid'],
  example: { query: { limit: 20, sort: 'name', include: 'profile,children' } },
});

export const createAssistant = defineEndpoint({
  method: 'POST',
  path: '/assistants',
  operationId: 'createAssistant',
  summary: 'Make an assistant',
  description: 'With whatever of its parts is known already.',
  tag: 'assistants',
  auth: 'user',
  scope: 'assistants:write',
  body: Joi.object<
    AssistantBody & AssistantLinks & { name: string; profile?: ProfileBody; capabilities?: CapabilitiesBody }
  >({
    ...coreFields,
    ...links,
    name: coreFields.name.required(),
    profile: profileBody,
    capabilities: capabilitiesBody,
  }),
  responses: {
    201: {
      ...one('The assistant.'),
      headers: { ...etagHeader, Location: 'Address of the assistant.' },
    },
  },
  errors: [
    'assistant.not_found',
    'assistant.slug_taken',
    'assistant.too_deep',
    'assistant.too_many_children',
    'prompt.not_found',
    'prompt.not_system',
  ],
  example: {
    body: {
      name: 'Librarian',
      min_score: 0.3,
      profile: { persona: exampleProfile.persona },
      capabilities: exampleCapabilitiesBody,
    },
  },
});

export const getAssistant = defineEndpoint({
  method: 'GET',
  path: '/assistants/:id',
  operationId: 'getAssistant',
  summary: 'Read an assistant',
  description:
    'With `include` the ETag stands for what is included as well. Of children, documents and memories the newest ten are included.',
  tag: 'assistants',
  auth: 'user',
  scope: 'assistants:read',
  params,
  query: Joi.object<IncludeQuery>({ include: includeQuery }),
  etag: 'version',
  responses: {
    200: { ...one('The assistant.'), schema: dataOf(shown) },
  },
  errors: ['assistant.not_found'],
  example: { params: { id: 'librarian' } },
});

export const updateAssistant = defineEndpoint({
  method: 'PATCH',
  path: '/assistants/:id',
  operationId: 'updateAssistant',
  summary: 'Change an assistant',
  description:
    'Fields that are not sent stay as they are; the slug stays when the name changes. With another parent it moves with all its descendants.',
  tag: 'assistants',
  auth: 'user',
  scope: 'assistants:write',
  params,
  precondition: 'required',
  body: Joi.object<AssistantBody & AssistantLinks>({ ...coreFields, ...links }).min(1),
  responses: { 200: one('The changed assistant.') },
  errors: [
    'assistant.not_found',
    'assistant.slug_taken',
    'assistant.cycle',
    'assistant.too_deep',
    'assistant.too_many_children',
    'prompt.not_found',
    'prompt.not_system',
  ],
  example: {
    params: { id: 'librarian' },

    body: { thinking_style: 'reflective', is_primary: true },
  },
});

export const deleteAssistant = defineEndpoint({
  method: 'DELETE',
  path: '/assistants/:id',
  operationId: 'deleteAssistant',
  summary: 'Delete an assistant',
  description:
    'As it is, only one without documents, memories, conversations and children. With `force` it goes with all it owns and its children become roots; with `cascade` all its descendants go as well. All of it happens, or nothing.',
  tag: 'assistants',
  auth: 'user',
  scope: 'assistants:write',
  sensitive: {
    when: 'with force=true or cascade=true',
    applies: ({ force, cascade }) => force || cascade,
  },
  params,
  query: Joi.object<{ force: boolean; cascade: boolean }>({
    force: Joi.boolean().default(false).description('With all that it owns; its children become roots.'),
    cascade: Joi.boolean().default(false).description('With all that it owns and all its descendants.'),
  }),
  precondition: 'required',
  responses: { 204: { description: 'Deleted.' } },
  errors: ['assistant.not_found', 'assistant.in_use'],
  example: { params: { id: 'librarian' } },
});
