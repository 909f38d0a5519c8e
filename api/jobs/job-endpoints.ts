import Joi from 'joi';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { pageQuery } from '#api/http/page.ts';
import type { PageQuery } from '#api/http/page.ts';
import { dataOf, id, pageOf, time } from '#api/http/schemas.ts';
import type { JobStatus } from '#shared/domain/types.ts';
import { jobCatalog } from '#shared/queue/catalog.ts';

/** Kinds to filter by; jobs that are parts of others are not listed. */
const types = Object.keys(jobCatalog);

const outcomes = ['running', 'succeeded', 'retry', 'failed', 'dead', 'cancelled', 'released', 'lost'];
const statuses = ['queued', 'running', 'succeeded', 'failed', 'cancelled', 'dead'];

const progress = Joi.object({
  stage: Joi.string().required().description('queued, extract, split, embed, or the final status.'),
  done: Joi.number().integer().required(),
  total: Joi.number().integer().allow(null).required().description('Null while it is not known yet.'),
  percent: Joi.number().min(0).max(100).allow(null).required().description('Of the current stage.'),
  eta_seconds: Joi.number().integer().min(0).allow(null).required().description('Of the current stage.'),
});

const jobError = Joi.object({
  code: Joi.string().required(),
  message: Joi.string().required(),
  remedy: Joi.string().required(),
  stage: Joi.string().allow(null).required(),
  retryable: Joi.boolean().required(),
  next_retry_at: time().allow(null).required(),
});

/** Parts take the priority of what they are parts of. */
export const priority = (): Joi.StringSchema =>
  Joi.string()
    .valid(...(jobCatalog['document.ingest'].callerPriorities ?? []))
    .description('Medium unless you say otherwise; high for a limited number of documents at a time.');

export const webhookUrl = (): Joi.StringSchema =>
  Joi.string()
    .uri({ scheme: ['http', 'https'] })
    .max(500)
    .description(
      'Told by a signed POST how the job ended. Public and https, unless the operator has named the host; without a query.',
    );

const webhook = Joi.object({
  url: Joi.string().required(),
  status: Joi.string()
    .valid('waiting', 'pending', 'delivered', 'failed')
    .required()
    .description('waiting: for the end of the job; pending: until the receiver has accepted the message.'),
  attempts: Joi.number().integer().required(),
  error: jobError.allow(null).required(),
  delivered_at: time().allow(null).required(),
});

export const jobSchema = Joi.object({
  id: id().required(),
  type: Joi.string().required(),
  status: Joi.string()
    .valid(...statuses)
    .required(),
  priority: Joi.string().valid('high', 'medium', 'low').required(),
  progress: progress.required(),
  attempts: Joi.number().integer().required(),
  error: jobError.allow(null).required(),
  result: Joi.any().required(),
  webhook: webhook.allow(null).required(),
  created_at: time().required(),
  started_at: time().allow(null).required(),
  finished_at: time().allow(null).required(),
});

export const exampleJob = {
  id: '01980f60-77aa-7c1e-8f00-3d5f6e7a8b9c',
  type: 'document.ingest',
  status: 'running',
  priority: 'medium',
  progress: { stage: 'embed', done: 64, total: 130, percent: 49.2, eta_seconds: 2 },
  attempts: 1,
  error: null,
  result: null,
  webhook: null,
  created_at: '2026-01-15T09:31:00.000Z',
  started_at: '2026-01-15T09:31:00.200Z',
  finished_at: null,
};

const params = Joi.object<{ id: string }>({ id: id().required() });
const example = { params: { id: exampleJob.id } };

export interface JobQuery extends PageQuery {
  readonly status?: JobStatus;
  readonly type?: string;
  readonly document_id?: string;
}

export const listJobs = defineEndpoint({
  method: 'GET',
  path: '/jobs',
  operationId: 'listJobs',
  summary: 'List your jobs',
  description:
    'Newest first. Jobs that are parts of others are not listed; their progress is that of the whole.',
  tag: 'jobs',
  auth: 'user',
  scope: 'jobs:read',
  query: Joi.object<JobQuery>({
    ...pageQuery,
    status: Joi.string()
      .valid(...statuses)
      .description('State of the job.'),
    type: Joi.string()
      .valid(...types)
      .description('Kind of job.'),
    document_id: id(),
  }),
  responses: {
    200: {
      description: 'A page of jobs.',
      schema: pageOf(jobSchema),
      example: { data: [exampleJob], meta: { next_cursor: null, has_more: false } },
    },
  },
  errors: ['page.cursor_invalid'],
  example: { query: { status: 'running', limit: 20 } },
});

export const getJob = defineEndpoint({
  method: 'GET',
  path: '/jobs/:id',
  operationId: 'getJob',
  summary: 'Read a job',
  description:
    'State, progress, result and, of a failed one, why and whether a retry may help. To wait for its end, follow its events.',
  tag: 'jobs',
  auth: 'user',
  scope: 'jobs:read',
  params,
  responses: { 200: { description: 'The job.', schema: dataOf(jobSchema), example: { data: exampleJob } } },
  errors: ['job.not_found'],
  example,
});

const attempt = Joi.object({
  job_id: id().required().description('The job itself or one of its parts.'),
  type: Joi.string().required(),
  attempt: Joi.number().integer().required(),
  outcome: Joi.string()
    .valid(...outcomes)
    .required()
    .description(
      'retry: failed and tried again; released: given back by a worker that stopped; lost: its worker was not heard of any more.',
    ),
  stage: Joi.string().allow(null).required(),
  error: jobError.allow(null).required(),
  started_at: time().required(),
  ended_at: time().allow(null).required(),
});

export const exampleAttempt = {
  job_id: '01980f60-77aa-7c1e-8f00-3d5f6e7a8b9d',
  type: 'document.embed',
  attempt: 1,
  outcome: 'retry',
  stage: 'embed',
  error: {
    code: 'embedding.throttled',
    message: 'The embedding provider answered 429.',
    remedy: 'It is tried again.',
    stage: 'embed',
    retryable: true,
    next_retry_at: '2026-01-15T09:31:08.000Z',
  },
  started_at: '2026-01-15T09:31:02.000Z',
  ended_at: '2026-01-15T09:31:03.000Z',
};

/** An attempt as administrators see it. */
export const fullAttempt = attempt.keys({ worker: Joi.string().allow(null).required() });

export const listAttempts = defineEndpoint({
  method: 'GET',
  path: '/jobs/:id/attempts',
  operationId: 'listAttempts',
  summary: 'List the attempts at a job and its parts, newest first',
  description: 'Of each job the last 50 are kept.',
  tag: 'jobs',
  auth: 'user',
  scope: 'jobs:read',
  params,
  query: Joi.object<PageQuery>(pageQuery),
  responses: {
    200: {
      description: 'A page of attempts.',
      schema: pageOf(attempt),
      example: { data: [exampleAttempt], meta: { next_cursor: null, has_more: false } },
    },
  },
  errors: ['job.not_found', 'page.cursor_invalid'],
  example: { ...example, query: { limit: 20 } },
});

export const cancelJob = defineEndpoint({
  method: 'DELETE',
  path: '/jobs/:id',
  operationId: 'cancelJob',
  summary: 'Cancel a job',
  description:
    'Work in hand is stopped and nothing more of it is written. A cancelled ingestion leaves its document failed with document.cancelled; it can be retried.',
  tag: 'jobs',
  auth: 'user',
  scope: 'jobs:write',
  params,
  responses: { 204: { description: 'Cancelled.' } },
  errors: ['job.not_found', 'job.finished'],
  example,
});

export const followJob = defineEndpoint({
  method: 'GET',
  path: '/jobs/:id/events',
  operationId: 'followJob',
  summary: 'Follow a job as server-sent events',
  description:
    'An event `progress` with the job as data at every change; the stream ends with the job. Send Last-Event-ID to go on after a broken connection.',
  tag: 'jobs',
  auth: 'user',
  scope: 'jobs:read',
  params,
  headers: Joi.object<{ 'last-event-id'?: string }>({
    'last-event-id': Joi.string().max(40).description('Id of the last event that was seen.'),
  }),
  responses: {
    200: {
      description: 'The events.',
      contentType: 'text/event-stream',
      example: `event: progress\nid: 12\ndata: ${JSON.stringify(exampleJob)}\n\n`,
    },
    204: { description: 'The job has ended, and the client has seen its end: browsers stop asking.' },
  },
  errors: ['job.not_found', 'request.busy'],
  example,
});
