import Joi from 'joi';
import { etagHeader, ifMatchHeaders, ifNoneMatchHeaders, notModified } from '#api/http/conditional-get.ts';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { pageQuery } from '#api/http/page.ts';
import type { PageQuery } from '#api/http/page.ts';
import { dataOf, id, idOrSlug, label, pageOf } from '#api/http/schemas.ts';
import { exampleJob, jobSchema } from '#api/jobs/job-endpoints.ts';
import type { DocumentStatus } from '#shared/domain/types.ts';
import {
  chunkSchema,
  documentSchema,
  exampleChunk,
  exampleDocument,
  exampleStages,
  stagesSchema,
  statuses,
} from './document-schemas.ts';

/** JSON text may be escaped to twice its size and more; whatever is larger belongs into a file. */
const JSON_TEXT_LIMIT = 21 * 1024 * 1024;

const params = Joi.object<{ id: string }>({ id: id().required() });
const example = { params: { id: exampleDocument.id } };
const title = label(300);
const tag = label(50);
const tagList = Joi.array().items(tag).max(50).unique();

function splitTags(value: string): string[] {
  const tags = value.split(',').map((part) => part.trim());
  return Joi.attempt<Joi.ArraySchema<string[]>>(
    tags.filter((part) => part !== ''),
    tagList,
  );
}

const ingestion = dataOf(
  Joi.object({
    document: documentSchema.required(),
    job: jobSchema.allow(null).required(),
    stages: stagesSchema.required().description('Of the version that is being taken in, or was last.'),
  }),
);
const exampleIngestion = {
  data: { document: { ...exampleDocument, status: 'processing' }, job: exampleJob, stages: exampleStages },
};
const accepted = {
  description: 'Taken in; follow the job.',
  schema: ingestion,
  headers: { Location: 'Where to follow the job.' },
  example: exampleIngestion,
};

/** What can be wrong with a file. */
const FILE_ERRORS = [
  'quota.exceeded',
  'document.file_missing',
  'document.too_large',
  'document.empty',
  'document.type_unsupported',
  'document.type_mismatch',
  'document.encoding_invalid',
  'document.truncated',
  'request.busy',
] as const;

export interface TextBody {
  readonly assistant_id: string;
  readonly title: string;
  readonly text: string;
  readonly tags?: readonly string[];
}

export interface UploadForm {
  readonly assistant_id: string;
  readonly title?: string;
  readonly tags?: readonly string[];
}

export const uploadDocument = defineEndpoint({
  method: 'POST',
  path: '/documents',
  operationId: 'uploadDocument',
  summary: 'Take in a document',
  description:
    'A PDF or text file as multipart form, or a text as JSON. The type is read from the bytes. The same bytes for the same assistant are taken in once: the existing document is returned with 200, or tried again with 202 if it had failed.',
  tag: 'documents',
  auth: 'user',
  scope: 'documents:write',
  rateBucket: 'upload',
  bodyLimit: JSON_TEXT_LIMIT,
  body: Joi.object<TextBody>({
    assistant_id: idOrSlug().required(),
    title: title.required(),
    text: Joi.string().allow('').max(JSON_TEXT_LIMIT).required().description('Kept verbatim.'),
    tags: tagList,
  }),
  form: Joi.object<UploadForm>({
    assistant_id: idOrSlug().required(),
    title,
    tags: Joi.alternatives(tagList, Joi.string().empty('').max(3000).custom(splitTags)).description(
      'Repeated fields, or one with commas.',
    ),
  }),
  responses: {
    200: {
      description: 'The assistant already has these bytes.',
      schema: ingestion,
      example: exampleIngestion,
    },
    202: accepted,
  },
  errors: ['assistant.not_found', ...FILE_ERRORS],
  example: {
    form: { assistant_id: exampleDocument.assistant_id, title: 'Handbook', tags: ['manual'] },
    body: { assistant_id: exampleDocument.assistant_id, title: 'Notes', text: 'Donkeys dislike rain.' },
  },
});

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
    status: Joi.string().valid(...statuses),
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
  tag: 'documents',
  auth: 'user',
  scope: 'documents:read',
  params,
  headers: ifNoneMatchHeaders,
  responses: { 200: { description: 'The document.', ...one }, ...notModified },
  errors: ['document.not_found'],
  example,
});

export const updateDocument = defineEndpoint({
  method: 'PATCH',
  path: '/documents/:id',
  operationId: 'updateDocument',
  summary: 'Change title or tags of a document',
  tag: 'documents',
  auth: 'user',
  scope: 'documents:write',
  params,
  headers: ifMatchHeaders,
  body: Joi.object<{ title?: string; tags?: string[] }>({
    title,
    tags: tagList,
  }).min(1),
  responses: { 200: { description: 'The changed document.', ...one } },
  errors: ['document.not_found', 'precondition.failed'],
  example: { ...example, headers: { 'if-match': '"1.4"' }, body: { title: 'Handbook, second edition' } },
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
  headers: ifMatchHeaders,
  responses: { 204: { description: 'Deleted.' } },
  errors: ['document.not_found', 'precondition.failed'],
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
  responses: { 202: accepted },
  errors: ['document.not_found', 'document.not_retryable'],
  example,
});

export const getDocumentProgress = defineEndpoint({
  method: 'GET',
  path: '/documents/:id/progress',
  operationId: 'getDocumentProgress',
  summary: 'Read a document with the job that takes it in',
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
  operationId: 'downloadDocument',
  summary: 'Download the original bytes',
  tag: 'documents',
  auth: 'user',
  scope: 'documents:read',
  params,
  responses: {
    200: {
      description: 'The bytes as they were uploaded, as an attachment.',
      contentType: 'application/octet-stream',
    },
  },
  errors: ['document.not_found'],
  example,
});

export const replaceDocument = defineEndpoint({
  method: 'PUT',
  path: '/documents/:id/content',
  operationId: 'replaceDocument',
  summary: 'Upload a new version of a document',
  description:
    'A PDF or text file as multipart form, or a text as JSON. It is taken in beside the version that search reads, and takes its place at once when it is complete. If it cannot be taken in, the version before stays, and the document says why. The bytes of that version give up a new one: 200.',
  tag: 'documents',
  auth: 'user',
  scope: 'documents:write',
  rateBucket: 'upload',
  bodyLimit: JSON_TEXT_LIMIT,
  params,
  headers: ifMatchHeaders,
  body: Joi.object<{ text: string }>({
    text: Joi.string().allow('').max(JSON_TEXT_LIMIT).required().description('Kept verbatim.'),
  }),
  form: Joi.object<object>({}),
  responses: {
    200: {
      description: 'The document has these bytes already.',
      schema: ingestion,
      example: exampleIngestion,
    },
    202: accepted,
  },
  errors: ['document.not_found', 'document.bytes_taken', 'precondition.failed', ...FILE_ERRORS],
  example: { ...example, form: {}, body: { text: 'Donkeys dislike rain and wind.' } },
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
  responses: { 200: { description: 'The text.', contentType: 'text/plain' } },
  errors: ['document.not_found', 'document.not_ready'],
  example,
});
