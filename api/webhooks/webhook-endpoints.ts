import Joi from 'joi';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { dataOf, id, time } from '#api/http/schemas.ts';

const secret = Joi.object({
  id: id().required(),
  created_at: time().required(),
  expires_at: time().allow(null).required().description('When it stops to sign; null for the current one.'),
});
const example = {
  id: '01980f66-1b2c-7d3e-8f4a-5b6c7d8e9f01',
  created_at: '2026-01-15T09:50:00.000Z',
  expires_at: null,
};
const common = { tag: 'webhooks', path: '/webhooks/secret', auth: 'user' } as const;

export const listWebhookSecrets = defineEndpoint({
  ...common,
  method: 'GET',
  operationId: 'listWebhookSecrets',
  summary: 'See which secrets sign your webhooks',
  description: 'The current one first, and for a day the one before it. Neither is shown.',
  scope: 'credentials:read',
  responses: {
    200: {
      description: 'Two at most.',
      schema: dataOf(Joi.array().items(secret.optional()).required()),
      example: { data: [example] },
    },
  },
  example: {},
});

export const replaceWebhookSecret = defineEndpoint({
  ...common,
  method: 'POST',
  operationId: 'replaceWebhookSecret',
  summary: 'Make the secret that signs your webhooks, or a new one',
  description:
    'Shown this once. Messages carry signatures by the new secret and, for a day, by the one before it (Standard Webhooks), so that receivers can change over.',
  scope: 'credentials:write',
  sensitive: true,
  responses: {
    201: {
      description: 'The secret.',
      schema: dataOf(
        secret.keys({ secret: Joi.string().required().description('whsec_ and 32 bytes in base64.') }),
      ),
      example: { data: { ...example, secret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD0123456789w=' } },
    },
  },
  example: {},
});
