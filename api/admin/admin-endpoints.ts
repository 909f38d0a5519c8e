import Joi from 'joi';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { pageQuery } from '#api/http/page.ts';
import type { PageQuery } from '#api/http/page.ts';
import { dataOf, id, pageOf, time } from '#api/http/schemas.ts';
import { exampleAttempt, fullAttempt } from '#api/jobs/job-endpoints.ts';
import { jobCatalog, queueNames } from '#shared/queue/catalog.ts';

const count = () => Joi.number().integer().min(0).required();

const letterFields = {
  id: id().required(),
  user_id: id().required(),
  document_id: id().allow(null).required(),
  parent_id: id().allow(null).required(),
  type: Joi.string().required(),
  queue: Joi.string().required(),
  priority: Joi.string().valid('high', 'medium', 'low').required(),
  payload: Joi.object().unknown().required().description('Ids and positions.'),
  attempts: count(),
  failures: count(),
  lost_workers: count(),
  code: Joi.string().allow(null).required(),
  message: Joi.string().allow(null).required(),
  stage: Joi.string().allow(null).required(),
  correlation_id: Joi.string().allow(null).required(),
  created_at: time().required(),
  died_at: time().allow(null).required(),
};
const exampleLetter = {
  id: exampleAttempt.job_id,
  user_id: '01980f5e-2c4a-7b3e-9d51-6a7f0e8c1b24',
  document_id: '01980f60-70bb-7d2f-9a11-4e6f7a8b9c0d',
  parent_id: '01980f60-77aa-7c1e-8f00-3d5f6e7a8b9c',
  type: 'document.embed',
  queue: 'embedding',
  priority: 'medium',
  payload: {
    document_id: '01980f60-70bb-7d2f-9a11-4e6f7a8b9c0d',
    revision: 1,
    model_id: 1,
    from: 0,
    to: 32,
  },
  attempts: 12,
  failures: 12,
  lost_workers: 0,
  code: 'embedding.throttled',
  message: 'The embedding provider answered 429.',
  stage: 'embed',
  correlation_id: '01980f5e-2c4a-7b3e-9d51-6a7f0e8c1b27',
  created_at: '2026-01-15T09:31:00.000Z',
  died_at: '2026-01-15T10:12:00.000Z',
};
const common = { tag: 'admin', auth: 'admin' } as const;

export interface DeadLetterQuery extends PageQuery {
  readonly type?: string;
  readonly code?: string;
  readonly user_id?: string;
}

export const listDeadLetters = defineEndpoint({
  ...common,
  method: 'GET',
  path: '/admin/dead-letters',
  operationId: 'listDeadLetters',
  summary: 'List dead jobs of all users, newest first',
  description:
    'Jobs that spent their attempts or killed their workers, and were neither replayed nor discarded.',
  scope: 'admin:read',
  query: Joi.object<DeadLetterQuery>({
    ...pageQuery,
    type: Joi.string()
      .valid(...Object.keys(jobCatalog))
      .description('Kind of job.'),
    code: Joi.string()
      .max(80)
      .pattern(/^[a-z_]+\.[a-z_]+$/)
      .description('Error code they died of.'),
    user_id: id(),
  }),
  responses: {
    200: {
      description: 'A page of dead jobs.',
      schema: pageOf(Joi.object(letterFields)),
      example: { data: [exampleLetter], meta: { next_cursor: null, has_more: false } },
    },
  },
  errors: ['page.cursor_invalid'],
  example: { query: { code: 'embedding.throttled' } },
});

export const getDeadLetter = defineEndpoint({
  ...common,
  method: 'GET',
  path: '/admin/dead-letters/:id',
  operationId: 'getDeadLetter',
  summary: 'Read a dead job with its history',
  description: 'With every attempt: when it ran, where, at which stage it failed and why.',
  scope: 'admin:read',
  params: Joi.object<{ id: string }>({ id: id().required() }),
  responses: {
    200: {
      description: 'The job, and its last 50 attempts, newest first.',
      schema: dataOf(
        Joi.object({ ...letterFields, history: Joi.array().items(fullAttempt.optional()).required() }),
      ),
      example: { data: { ...exampleLetter, history: [{ ...exampleAttempt, worker: 'worker-1:4711' }] } },
    },
  },
  errors: ['job.not_found'],
  example: { params: { id: exampleLetter.id } },
});

const body = Joi.object<{ ids: string[] }>({
  ids: Joi.array().items(id().required()).min(1).max(100).unique().required(),
});
const handled = (done: string) => ({
  200: {
    description: 'What became of each; one that cannot be handled does not keep the others from it.',
    schema: dataOf(
      Joi.object({
        [done]: Joi.array().items(id().optional()).required(),
        skipped: Joi.array()
          .items(Joi.object({ id: id().required(), code: Joi.string().required() }).optional())
          .required(),
      }),
    ),
    example: { data: { [done]: [exampleLetter.id], skipped: [] } },
  },
});

export const replayDeadLetters = defineEndpoint({
  ...common,
  method: 'POST',
  path: '/admin/dead-letters/replay',
  operationId: 'replayDeadLetters',
  summary: 'Run dead jobs again',
  description: 'Of a document, everything that failed is started anew, as by its owner’s retry.',
  scope: 'admin:write',
  sensitive: true,
  body,
  responses: handled('replayed'),
  example: { body: { ids: [exampleLetter.id] } },
});

export const discardDeadLetters = defineEndpoint({
  ...common,
  method: 'POST',
  path: '/admin/dead-letters/discard',
  operationId: 'discardDeadLetters',
  summary: 'Take dead jobs off the list',
  description: 'They stay dead; their owners still see why, and may retry them.',
  scope: 'admin:write',
  sensitive: true,
  body,
  responses: handled('discarded'),
  example: { body: { ids: [exampleLetter.id] } },
});

const loadFields = {
  waiting: count().description('Due, and waiting for a worker.'),
  delayed: count().description('Due later, as after a failed attempt.'),
  running: count(),
  oldest_seconds: Joi.number().min(0).required().description('How long the oldest waiting job has been due.'),
};
const idle = { waiting: 0, delayed: 0, running: 0, oldest_seconds: 0 };

export const listQueues = defineEndpoint({
  ...common,
  method: 'GET',
  path: '/admin/queues',
  operationId: 'listQueues',
  summary: 'See what waits and runs in each queue',
  description: 'Numbers by queue and state, counted in PostgreSQL, so that they hold while Redis is away.',
  scope: 'admin:read',
  responses: {
    200: {
      description: 'All queues.',
      schema: dataOf(
        Joi.array()
          .items(
            Joi.object({
              name: Joi.string()
                .valid(...queueNames)
                .required(),
              paused: Joi.boolean().allow(null).required().description('Null while Redis cannot be asked.'),
              consumers: count().description('Live workers that serve it; 0 where work would wait for ever.'),
              ...loadFields,
              dead: count(),
              by_priority: Joi.object({
                high: Joi.object(loadFields).required(),
                medium: Joi.object(loadFields).required(),
                low: Joi.object(loadFields).required(),
              }).required(),
            }),
          )
          .required(),
      ),
      example: {
        data: [
          {
            name: 'embedding',
            paused: false,
            consumers: 2,
            waiting: 12,
            delayed: 1,
            running: 4,
            oldest_seconds: 3.2,
            dead: 0,
            by_priority: {
              high: idle,
              medium: { waiting: 12, delayed: 1, running: 4, oldest_seconds: 3.2 },
              low: idle,
            },
          },
        ],
      },
    },
  },
  example: {},
});
