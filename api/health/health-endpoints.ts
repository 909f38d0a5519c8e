import Joi from 'joi';
import { breakerStates } from '#shared/net/circuit-breaker.ts';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { dataOf } from '#api/http/schemas.ts';

export const getHealth = defineEndpoint({
  method: 'GET',
  path: '/health',
  unversioned: true,
  operationId: 'getHealth',
  summary: 'Whether the process is alive',
  description: 'For whatever restarts dead processes. It asks neither PostgreSQL nor Redis; readiness does.',
  tag: 'health',
  auth: 'public',
  rateBucket: 'none',
  responses: {
    200: {
      description: 'Alive.',
      schema: dataOf(Joi.object({ status: Joi.string().valid('ok').required() })),
      example: { data: { status: 'ok' } },
    },
  },
  example: {},
});

export const getReadiness = defineEndpoint({
  method: 'GET',
  path: '/health/ready',
  unversioned: true,
  operationId: 'getReadiness',
  summary: 'Whether the process can do its work',
  description:
    'Looks at PostgreSQL and the migrations, at most once a second. A 503 names what fails in errors[]. What works in part only stands in `warnings`: a Redis that is away, for uploads are taken in and reads answered without it, circuit breakers that are not closed, and that no document has become searchable for minutes.',
  tag: 'health',
  auth: 'public',
  rateBucket: 'none',
  responses: {
    200: {
      description: 'Ready.',
      schema: dataOf(
        Joi.object({
          status: Joi.string().valid('ready').required(),
          checked: Joi.array().items(Joi.string()).required(),
          warnings: Joi.array()
            .items(Joi.string())
            .required()
            .description('What keeps nothing from working and should be looked at.'),
          breakers: Joi.object()
            .pattern(Joi.string(), Joi.string().valid(...breakerStates))
            .required()
            .description('States of the circuit breakers by service.'),
        }),
      ),
      example: {
        data: {
          status: 'ready',
          checked: ['database', 'migrations'],
          warnings: [],
          breakers: { embedding: 'closed' },
        },
      },
    },
  },
  example: {},
});
