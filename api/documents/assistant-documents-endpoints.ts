import Joi from 'joi';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { pageQuery } from '#api/http/page.ts';
import type { PageQuery } from '#api/http/page.ts';
import { idOrSlug, pageOf } from '#api/http/schemas.ts';
import type { DocumentStatus } from '#shared/domain/types.ts';
import { documentSchema, exampleDocument, statuses } from './document-schemas.ts';

export const listAssistantDocuments = defineEndpoint({
  method: 'GET',
  path: '/assistants/:id/documents',
  operationId: 'listAssistantDocuments',
  summary: 'List the documents of an assistant',
  description: 'Newest first; failed ones stay listed with their reason.',
  tag: 'documents',
  auth: 'user',
  scope: 'documents:read',
  params: Joi.object<{ id: string }>({ id: idOrSlug().required() }),
  query: Joi.object<PageQuery & { status?: DocumentStatus }>({
    ...pageQuery,
    status: Joi.string()
      .valid(...statuses)
      .description('How far they have been taken in.'),
  }),
  responses: {
    200: {
      description: 'A page of documents.',
      schema: pageOf(documentSchema),
      example: { data: [exampleDocument], meta: { next_cursor: null, has_more: false } },
    },
  },
  errors: ['assistant.not_found', 'page.cursor_invalid'],
  example: { params: { id: 'librarian' }, query: { status: 'completed' } },
});
