import Joi from 'joi';
import { dataOf, id, label, time } from '#api/http/schemas.ts';
import { exampleJob, jobSchema } from '#api/jobs/job-endpoints.ts';
import { STAGES } from '#shared/domain/types.ts';

export const statuses = ['queued', 'processing', 'completed', 'partial', 'failed'];

const failure = Joi.object({
  code: Joi.string().required(),
  message: Joi.string().required(),
  remedy: Joi.string().required(),
  stage: Joi.string().allow(null).required(),
});

const pageNumbers = Joi.array().items(Joi.number().integer()).required();
const count = Joi.number().integer().min(0).required();

export const documentSchema = Joi.object({
  id: id().required(),
  assistant_id: id().required(),
  title: Joi.string().required(),
  filename: Joi.string().required(),
  mime_type: Joi.string().required(),
  size: count.description('Bytes.'),
  sha256: Joi.string().hex().length(64).required(),
  status: Joi.string()
    .valid(...statuses)
    .required()
    .description(
      'partial: some pages or chunks are missing, or a new version could not be taken in and the one before serves; error says which.',
    ),
  error: failure.allow(null).required(),
  page_count: Joi.number()
    .integer()
    .allow(null)
    .required()
    .description('Null for texts, and until it is known.'),
  pages_without_text: pageNumbers,
  pages_failed: pageNumbers,
  chunk_count: count,
  embedded_count: count,
  searchable: Joi.boolean().required().description('Whether search reads it, in the version described here.'),
  new_version: Joi.object({
    filename: Joi.string().required(),
    mime_type: Joi.string().required(),
    size: count,
    sha256: Joi.string().hex().length(64).required(),
  })
    .allow(null)
    .required()
    .description('A file that is to take the place of this one, or could not: then error says why.'),
  tags: Joi.array().items(Joi.string()).required(),
  version: Joi.number().integer().required().description('Counts your edits.'),
  created_at: time().required(),
  updated_at: time().required(),
});

const moment = time().allow(null).required();

/** How far each stage of an ingestion is. */
export const stagesSchema = Joi.array().items(
  Joi.object({
    stage: Joi.string()
      .valid(...STAGES)
      .required(),
    started_at: moment,
    finished_at: moment,
    done: count.description('Pages, chunks or vectors; of verify the document itself.'),
    total: Joi.number().integer().min(0).allow(null).required().description('Null until it is known.'),
  }),
);

export const chunkSchema = Joi.object({
  id: id().required(),
  document_id: id().required(),
  position: count,
  text: Joi.string().required().description('Verbatim.'),
  page_from: Joi.number().integer().allow(null).required(),
  page_to: Joi.number().integer().allow(null).required(),
  char_start: count.description('UTF-16 code units into the extracted text.'),
  char_end: count,
  token_count: count,
  embedding_status: Joi.string().valid('pending', 'embedded', 'skipped', 'failed').required(),
});

export const exampleDocument = {
  id: '01980f60-70bb-7d2f-9a11-4e6f7a8b9c0d',
  assistant_id: '01980f5f-1c2d-7e3f-8a4b-5c6d7e8f9a0b',
  title: 'Handbook',
  filename: 'handbook.pdf',
  mime_type: 'application/pdf',
  size: 48213,
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  status: 'completed',
  error: null,
  page_count: 12,
  pages_without_text: [4],
  pages_failed: [],
  chunk_count: 31,
  embedded_count: 31,
  searchable: true,
  new_version: null,
  tags: ['manual'],
  version: 1,
  created_at: '2026-01-15T09:31:00.000Z',
  updated_at: '2026-01-15T09:31:04.000Z',
};

export const exampleStages = [
  {
    stage: 'extract',
    started_at: '2026-01-15T09:31:01.000Z',
    finished_at: '2026-01-15T09:31:02.000Z',
    done: 12,
    total: 12,
  },
  {
    stage: 'chunk',
    started_at: '2026-01-15T09:31:02.000Z',
    finished_at: '2026-01-15T09:31:03.000Z',
    done: 31,
    total: 31,
  },
  { stage: 'embed', started_at: '2026-01-15T09:31:03.000Z', finished_at: null, done: 16, total: 31 },
  { stage: 'verify', started_at: null, finished_at: null, done: 0, total: 1 },
];

export const exampleChunk = {
  id: '01980f60-8123-7a4b-8c5d-6e7f8a9b0c1d',
  document_id: exampleDocument.id,
  position: 0,
  text: 'Donkeys dislike rain.',
  page_from: 1,
  page_to: 1,
  char_start: 0,
  char_end: 21,
  token_count: 5,
  embedding_status: 'embedded',
};

export const tagList = Joi.array().items(label(50)).max(50).unique();

/** A document with the job that takes it in. */
export const ingestion = dataOf(
  Joi.object({
    document: documentSchema.required(),
    job: jobSchema.allow(null).required(),
    stages: stagesSchema.required().description('Of the version that is being taken in, or was last.'),
  }),
);
export const exampleIngestion = {
  data: { document: { ...exampleDocument, status: 'processing' }, job: exampleJob, stages: exampleStages },
};
export const accepted = {
  description: 'Taken in; follow the job.',
  schema: ingestion,
  headers: { Location: 'Where to follow the job.' },
  example: exampleIngestion,
};
