import Joi from 'joi';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { id, idOrSlug, label } from '#api/http/schemas.ts';
import { priority, webhookUrl } from '#api/jobs/job-endpoints.ts';
import type { Priority } from '#shared/domain/types.ts';
import { accepted, exampleDocument, exampleIngestion, ingestion, tagList } from './document-schemas.ts';

/** JSON text may be escaped to twice its size and more; whatever is larger belongs into a file. */
const JSON_TEXT_LIMIT = 21 * 1024 * 1024;

function splitTags(value: string): string[] {
  const tags = value.split(',').map((part) => part.trim());
  return Joi.attempt<Joi.ArraySchema<string[]>>(
    tags.filter((part) => part !== ''),
    tagList,
  );
}

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

/** What can be wrong with how it is to be taken in. */
const INGEST_ERRORS = ['job.priority_limit', 'webhook.url_forbidden', 'webhook.secret_missing'] as const;

/** How a document is taken in, which both forms of an upload may say. */
export interface IngestFields {
  readonly priority?: Priority;
  readonly webhook_url?: string;
}

const ingestFields = { priority: priority(), webhook_url: webhookUrl() };

export interface TextBody extends IngestFields {
  readonly assistant_id: string;
  readonly title: string;
  readonly text: string;
  readonly tags?: readonly string[];
}

export interface UploadForm extends IngestFields {
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
    title: label(300).required(),
    text: Joi.string().allow('').max(JSON_TEXT_LIMIT).required().description('Kept verbatim.'),
    tags: tagList,
    ...ingestFields,
  }),
  form: Joi.object<UploadForm>({
    assistant_id: idOrSlug().required(),
    title: label(300),
    tags: Joi.alternatives(tagList, Joi.string().empty('').max(3000).custom(splitTags)).description(
      'Repeated fields, or one with commas.',
    ),
    ...ingestFields,
  }),
  responses: {
    200: {
      description: 'The assistant already has these bytes.',
      schema: ingestion,
      example: exampleIngestion,
    },
    202: accepted,
  },
  errors: ['assistant.not_found', ...FILE_ERRORS, ...INGEST_ERRORS],
  example: {
    form: { assistant_id: exampleDocument.assistant_id, title: 'Handbook', tags: ['manual'] },
    body: { assistant_id: exampleDocument.assistant_id, title: 'Notes', text: 'Donkeys dislike rain.' },
  },
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
  params: Joi.object<{ id: string }>({ id: id().required() }),
  precondition: 'required',
  body: Joi.object<{ text: string } & IngestFields>({
    text: Joi.string().allow('').max(JSON_TEXT_LIMIT).required().description('Kept verbatim.'),
    ...ingestFields,
  }),
  form: Joi.object<IngestFields>(ingestFields),
  responses: {
    200: {
      description: 'The document has these bytes already.',
      schema: ingestion,
      example: exampleIngestion,
    },
    202: accepted,
  },
  errors: ['document.not_found', 'document.bytes_taken', ...FILE_ERRORS, ...INGEST_ERRORS],
  example: { params: { id: exampleDocument.id }, form: {}, body: { text: 'Donkeys dislike rain and wind.' } },
});
