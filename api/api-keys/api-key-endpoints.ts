import Joi from 'joi';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { pageQuery } from '#api/http/page.ts';
import type { PageQuery } from '#api/http/page.ts';
import { dataOf, id, label, pageOf, time } from '#api/http/schemas.ts';
import { SCOPES } from '#shared/domain/scopes.ts';
import type { Scope } from '#shared/domain/scopes.ts';
import { MOST_DAYS } from './api-key-policy.ts';

export interface ApiKeyBody {
  readonly label: string;
  readonly scopes: readonly Scope[];
  readonly expires_in_days: number;
  readonly public_key?: string | null;
}

const scope = Joi.string().valid(...SCOPES);
const publicKey = Joi.string()
  .max(44)
  .pattern(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/)
  .allow(null)
  .description('Raw Ed25519 public key, 32 bytes in base64; with one the key can sign sensitive requests.');

const fields = {
  id: id().required(),
  label: label(100).required(),
  prefix: Joi.string().required().description('The first eleven characters of the key.'),
  scopes: Joi.array().items(scope.required()).required(),
  public_key: publicKey.required(),
  created_at: time().required(),
  expires_at: time().required(),
  last_used_at: time().allow(null).required().description('To the minute.'),
};
const apiKey = Joi.object(fields).required();
const newKey = Joi.object({
  ...fields,
  key: Joi.string().required().description('The key itself; it is shown this once.'),
}).required();

const example = {
  id: '01980f5e-2c4a-7b3e-9d51-6a7f0e8c1b24',
  label: 'Nightly import',
  prefix: 'dk_k3x9p2ma',
  scopes: ['documents:read', 'documents:write'],
  public_key: null,
  created_at: '2026-01-15T09:30:00.000Z',
  expires_at: '2026-04-15T09:30:00.000Z',
  last_used_at: null,
};

export const listApiKeys = defineEndpoint({
  method: 'GET',
  path: '/auth/api-keys',
  operationId: 'listApiKeys',
  summary: 'List the own API keys, newest first',
  description: 'Expired keys are listed, revoked ones are not.',
  tag: 'api-keys',
  auth: 'user',
  scope: 'account:read',
  query: Joi.object<PageQuery>(pageQuery),
  responses: {
    200: {
      description: 'A page of keys.',
      schema: pageOf(apiKey),
      example: { data: [example], meta: { next_cursor: null, has_more: false } },
    },
  },
  errors: ['page.cursor_invalid'],
  example: { query: { limit: 20 } },
});

export const createApiKey = defineEndpoint({
  method: 'POST',
  path: '/auth/api-keys',
  operationId: 'createApiKey',
  summary: 'Make an API key',
  description:
    'For programs: send it as "Authorization: Bearer". A key that makes another can give it no scope and no day more than it has itself.',
  tag: 'api-keys',
  auth: 'user',
  scope: 'account:write',
  sensitive: true,
  body: Joi.object<ApiKeyBody>({
    label: label(100).required(),
    scopes: Joi.array()
      .items(scope)
      .min(1)
      .max(SCOPES.length)
      .unique()
      .required()
      .description('What the key may do.'),
    expires_in_days: Joi.number().integer().min(1).max(MOST_DAYS).default(90),
    public_key: publicKey,
  }),
  responses: {
    201: {
      description: 'The key. Nobody can read it again.',
      schema: dataOf(newKey),
      example: {
        data: { ...example, key: 'dk_k3x9p2ma_q1W2e3R4t5Y6u7I8o9P0a1S2d3F4g5H6j7K8l9Z0x1C' },
      },
    },
  },
  errors: ['auth.scope_exceeded', 'api_key.too_many'],
  example: {
    body: { label: 'Nightly import', scopes: ['documents:read', 'documents:write'], expires_in_days: 90 },
  },
});

export const revokeApiKey = defineEndpoint({
  method: 'DELETE',
  path: '/auth/api-keys/:id',
  operationId: 'revokeApiKey',
  summary: 'Revoke an API key',
  description: 'It is refused from then on, everywhere.',
  tag: 'api-keys',
  auth: 'user',
  scope: 'account:write',
  sensitive: true,
  params: Joi.object<{ id: string }>({ id: id().required() }),
  responses: { 204: { description: 'Revoked.' } },
  errors: ['api_key.not_found'],
  example: { params: { id: example.id } },
});
