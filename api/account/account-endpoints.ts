import Joi from 'joi';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { dataOf, id, time } from '#api/http/schemas.ts';
import { exampleJob, jobSchema } from '#api/jobs/job-endpoints.ts';

const count = () => Joi.number().integer().min(0);
const quota = Joi.object({
  used: count().required(),
  limit: count().allow(null).required().description('Null: without limit.'),
});
const quotaOfDay = quota.append({ resets_at: time().required() });

export const getUsage = defineEndpoint({
  method: 'GET',
  path: '/auth/usage',
  operationId: 'getUsage',
  summary: 'Read what the account uses of its quotas',
  description: 'Counted from what is stored. The days of the tokens are those of UTC.',
  tag: 'auth',
  auth: 'user',
  scope: 'account:read',
  responses: {
    200: {
      description: 'Usage and limits.',
      schema: dataOf(
        Joi.object({
          documents: quota.required(),
          bytes: quota.required().description('Of the original files.'),
          embedding_tokens_today: quotaOfDay.required(),
          completion_tokens_today: quotaOfDay
            .required()
            .description('What models have read and written for replies, summaries and reflections.'),
        }),
      ),
      example: {
        data: {
          documents: { used: 12, limit: 10000 },
          bytes: { used: 5242880, limit: 10737418240 },
          embedding_tokens_today: { used: 48210, limit: 10000000, resets_at: '2026-01-16T00:00:00.000Z' },
          completion_tokens_today: { used: 9120, limit: 2000000, resets_at: '2026-01-16T00:00:00.000Z' },
        },
      },
    },
  },
  example: {},
});

const accountExport = Joi.object({
  id: id().required(),
  job_id: id().allow(null).required(),
  status: Joi.string().valid('pending', 'ready', 'failed').required(),
  size: count().allow(null).required().description('Bytes of the zip; null until it is ready.'),
  created_at: time().required(),
  completed_at: time().allow(null).required(),
  expires_at: time().allow(null).required(),
});
const exampleExport = {
  id: '01980f62-1b2c-7d3e-8f4a-5b6c7d8e9fa0',
  job_id: exampleJob.id,
  status: 'pending',
  size: null,
  created_at: '2026-01-15T09:40:00.000Z',
  completed_at: null,
  expires_at: null,
};
const exampleExportJob = { ...exampleJob, type: 'account.export', priority: 'low' };

export const exportAccount = defineEndpoint({
  method: 'POST',
  path: '/auth/export',
  operationId: 'exportAccount',
  summary: 'Export everything of the account',
  description:
    'A job makes a zip of all rows of the account as NDJSON, one file a table, and of all original files. Hashes and secrets stay behind. One export is kept at a time: asking again while one is being made returns that one, and a new one takes the place of the one before.',
  tag: 'auth',
  auth: 'user',
  scope: 'account:write',
  sensitive: true,
  responses: {
    202: {
      description: 'Follow the job, then download the export.',
      schema: dataOf(Joi.object({ export: accountExport.required(), job: jobSchema.required() })),
      headers: { Location: 'Where to follow the job.' },
      example: { data: { export: exampleExport, job: exampleExportJob } },
    },
  },
  errors: ['quota.daily_exceeded'],
  example: {},
});

export const listExports = defineEndpoint({
  method: 'GET',
  path: '/auth/exports',
  operationId: 'listExports',
  summary: 'List the exports of the account',
  description: 'Those that have not expired, newest first.',
  tag: 'auth',
  auth: 'user',
  scope: 'account:read',
  responses: {
    200: {
      description: 'The exports.',
      schema: dataOf(Joi.array().items(accountExport)),
      example: { data: [exampleExport] },
    },
  },
  example: {},
});

export const downloadExport = defineEndpoint({
  method: 'GET',
  path: '/auth/exports/:id/content',
  operationId: 'downloadExport',
  summary: 'Download an export',
  tag: 'auth',
  auth: 'user',
  scope: 'account:write',
  sensitive: true,
  params: Joi.object<{ id: string }>({ id: id().required() }),
  responses: {
    200: { description: 'The zip.', contentType: 'application/zip', example: '(the bytes of the zip)' },
  },
  errors: ['export.not_found', 'export.not_ready'],
  example: { params: { id: exampleExport.id } },
});

export const deleteAccount = defineEndpoint({
  method: 'DELETE',
  path: '/auth/me',
  operationId: 'deleteAccount',
  summary: 'Delete the account',
  description:
    'Every login and every API key ends at once. After the days of grace the account is purged with everything that belongs to it; until then POST /auth/restore takes this back.',
  tag: 'auth',
  auth: 'user',
  scope: 'account:write',
  sensitive: true,
  rateBucket: 'auth',
  body: Joi.object<{ password: string }>({ password: Joi.string().max(128).required() }),
  responses: {
    202: {
      description: 'The account is closed.',
      schema: dataOf(Joi.object({ purge_after: time().required() })),
      example: { data: { purge_after: '2026-01-29T09:30:00.000Z' } },
    },
  },
  errors: ['auth.invalid_credentials', 'request.busy'],
  example: { body: { password: 'correct horse battery' } },
});
