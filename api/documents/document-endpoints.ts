import Joi from 'joi';
import { etagHeader } from '#api/http/conditional-get.ts';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { pageQuery } from '#api/http/page.ts';
import type { PageQuery } from '#api/http/page.ts';
import { dataOf, id, idOrSlug, label, pageOf } from '#api/http/schemas.ts';
import { priority } from '#api/jobs/job-endpoints.ts';
import type { DocumentStatus, Priority } from '#shared/domain/types.ts';
import {
  accepted,
  chunkSchema,
  documentSchema,
  exampleChunk,
  exampleDocument,
  exampleIngestion,
  ingestion,
  statuses,
  tagList,
} from './document-schemas.ts';

const params = Joi.object<{ id: string }>({ id: id().required() });
const example = { params: { id: exampleDocument.id } };
const title = label(300);

export interface DocumentQuery extends PageQuery {
  readonly assistant_id?: string;
  readonly status?: DocumentStatus;
}

export const listDocuments = defineEndpoint({
  method: 'GET',
  path: '/documents',
  operationId: 'listDocuments',
  summary: 'List your documents',
  description: 'Newest first; failed ones stay listed with their reason.',
  tag: 'documents',
  auth: 'user',
  scope: 'documents:read',
  query: Joi.object<DocumentQuery>({
    ...pageQuery,
    assistant_id: idOrSlug(),
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
  errors: ['page.cursor_invalid'],
  example: { query: { status: 'completed' } },
});

const one = { schema: dataOf(documentSchema), headers: etagHeader, example: { data: exampleDocument } };

export const getDocument = defineEndpoint({
  method: 'GET',
  path: '/documents/:id',
  operationId: 'getDocument',
  summary: 'Read a document',
  description: 'With its status, what was counted in it, and why it failed if it did.',
  tag: 'documents',
  auth: 'user',
  scope: 'documents:read',
  params,
  etag: 'version',
  responses: { 200: { description: 'The document.', ...one } },
  errors: ['document.not_found'],
  example,
});

export const updateDocument = defineEndpoint({
  method: 'PATCH',
  path: '/documents/:id',
  operationId: 'updateDocument',
  summary: 'Change title or tags of a document',
  description: 'What is left out stays as it is. A new title is put into the index by a job.',
  tag: 'documents',
  auth: 'user',
  scope: 'documents:write',
  params,
  precondition: 'required',
  body: Joi.object<{ title?: string; tags?: string[] }>({
    title,
    tags: tagList,
  }).min(1),
  responses: { 200: { description: 'The changed document.', ...one } },
  errors: ['document.not_found'],
  example: { ...example, body: { title: 'Handbook, second edition' } },
});

export const deleteDocument = defineEndpoint({
  method: 'DELETE',
  path: '/documents/:id',
  operationId: 'deleteDocument',
  summary: 'Delete a document',
  description:
    'In any state: its jobs are cancelled, and its bytes, text, chunks and vectors are gone when this returns.',
  tag: 'documents',
  auth: 'user',
  scope: 'documents:write',
  params,
  precondition: 'required',
  responses: { 204: { description: 'Deleted.' } },
  errors: ['document.not_found'],
  example,
});

export const retryDocument = defineEndpoint({
  method: 'POST',
  path: '/documents/:id/retry',
  operationId: 'retryDocument',
  summary: 'Try a failed or partial document again',
  description: 'Goes on at what failed; what had succeeded is kept.',
  tag: 'documents',
  auth: 'user',
  scope: 'documents:write',
  params,
  query: Joi.object<{ priority?: Priority }>({
    priority: priority().description('In place of the one it had.'),
  }),
  responses: { 202: accepted },
  errors: ['document.not_found', 'document.not_retryable', 'job.priority_limit'],
  example: { ...example, query: { priority: 'high' } },
});

export const embedDocument = defineEndpoint({
  method: 'POST',
  path: '/documents/:id/embeddings',
  operationId: 'embedDocument',
  summary: 'Make the vectors of a document anew',
  description:
    'Of the text that is there already, by every embedding model that is in use or being built, with high priority; search reads those before until all are there. What could not be taken in is tried again. Where it is being taken in, that goes on: ask as often as you like.',
  tag: 'documents',
  auth: 'user',
  scope: 'documents:write',
  params,
  responses: { 202: accepted },
  errors: ['document.not_found', 'job.priority_limit'],
  example,
});

export const getDocumentProgress = defineEndpoint({
  method: 'GET',
  path: '/documents/:id/progress',
  operationId: 'getDocumentProgress',
  summary: 'Read a document with the job that takes it in',
  description:
    'One answer instead of two, for whoever polls: stage, share done and time left stand in the job.',
  tag: 'documents',
  auth: 'user',
  scope: 'documents:read',
  params,
  responses: { 200: { description: 'Both.', schema: ingestion, example: exampleIngestion } },
  errors: ['document.not_found'],
  example,
});

export const listChunks = defineEndpoint({
  method: 'GET',
  path: '/documents/:id/chunks',
  operationId: 'listChunks',
  summary: 'List the chunks of a document',
  description: 'In reading order.',
  tag: 'documents',
  auth: 'user',
  scope: 'documents:read',
  params,
  query: Joi.object<PageQuery>(pageQuery),
  responses: {
    200: {
      description: 'A page of chunks.',
      schema: pageOf(chunkSchema),
      example: { data: [exampleChunk], meta: { next_cursor: null, has_more: false } },
    },
  },
  errors: ['document.not_found', 'page.cursor_invalid'],
  example: { ...example, query: { limit: 50 } },
});

export const downloadDocument = defineEndpoint({
  method: 'GET',
  path: '/documents/:id/content',
  etag: 'content',
  operationId: 'downloadDocument',
  summary: 'Download the original bytes',
  description: 'The file as it was uploaded, of the version that searches read.',
  tag: 'documents',
  auth: 'user',
  scope: 'documents:read',
  params,
  responses: {
    200: {
      description: 'The bytes as they were uploaded, as an attachment.',
      contentType: 'application/octet-stream',
      example: '(the bytes of the file)',
    },
  },
  errors: ['document.not_found'],
  example,
});

export const getDocumentText = defineEndpoint({
  method: 'GET',
  path: '/documents/:id/text',
  operationId: 'getDocumentText',
  summary: 'Read the extracted text',
  description: 'The text that char_start and char_end refer to, in UTF-16 code units.',
  tag: 'documents',
  auth: 'user',
  scope: 'documents:read',
  params,
  responses: {
    200: { description: 'The text.', contentType: 'text/plain', example: 'Donkeys dislike rain.' },
  },
  errors: ['document.not_found', 'document.not_ready'],
  example,
});
