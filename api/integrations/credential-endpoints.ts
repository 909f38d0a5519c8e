import Joi from 'joi';
import { etagHeader } from '#api/http/conditional-get.ts';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { pageQuery } from '#api/http/page.ts';
import type { PageQuery } from '#api/http/page.ts';
import { dataOf, id, label, pageOf, time } from '#api/http/schemas.ts';
import { PROVIDERS } from '#shared/credentials/credential.ts';
import type { Provider } from '#shared/credentials/credential.ts';

export interface CredentialBody {
  readonly provider: Provider;
  readonly label: string;
  readonly secret: string;
  readonly base_url?: string | null;
}

const provider = Joi.string().valid(...PROVIDERS);
/** Keys of services are visible ASCII; anything else would break, or split, the header that carries them. */
const secret = Joi.string()
  .min(8)
  .max(512)
  .pattern(/^[\x21-\x7e]+$/, 'visible ASCII')
  .description('Write-only: no answer holds it.');

const credential = Joi.object({
  id: id().required(),
  provider: provider.required(),
  label: Joi.string().required(),
  base_url: Joi.string().allow(null).required().description('Null for the address of the installation.'),
  last_four: Joi.string().allow('').required().description('Of the secret; empty for short ones.'),
  key_id: Joi.string().required().description('The key-encryption key it is stored under.'),
  version: Joi.number().integer().min(1).required(),
  created_at: time().required(),
  updated_at: time().required(),
  rotated_at: time().allow(null).required(),
}).required();

const example = {
  id: '01980f61-3d5e-7f60-a1b2-c3d4e5f60718',
  provider: 'openai',
  label: 'My account',
  base_url: null,
  last_four: 'x7Qk',
  key_id: 'k1',
  version: 1,
  created_at: '2026-01-15T09:40:00.000Z',
  updated_at: '2026-01-15T09:40:00.000Z',
  rotated_at: null,
};

const params = Joi.object<{ id: string }>({ id: id().required() });
const one = (description: string) => ({
  description,
  schema: dataOf(credential),
  headers: etagHeader,
  example: { data: example },
});
const common = { tag: 'integrations', auth: 'user' } as const;

export const listCredentials = defineEndpoint({
  ...common,
  method: 'GET',
  path: '/integrations/credentials',
  operationId: 'listCredentials',
  summary: 'List your credentials of other services, newest first',
  description:
    'The secrets themselves are never shown again; their last four characters help to tell them apart.',
  scope: 'credentials:read',
  query: Joi.object<PageQuery>(pageQuery),
  responses: {
    200: {
      description: 'A page of credentials, without their secrets.',
      schema: pageOf(credential),
      example: { data: [example], meta: { next_cursor: null, has_more: false } },
    },
  },
  errors: ['page.cursor_invalid'],
  example: { query: { limit: 20 } },
});

export const createCredential = defineEndpoint({
  ...common,
  method: 'POST',
  path: '/integrations/credentials',
  operationId: 'createCredential',
  summary: 'Store a credential of another service',
  description:
    'The newest credential of the provider openai is used to embed your documents and questions, if the installation embeds by such a provider: with its own model, at base_url where one is given. The secret is encrypted and never given out.',
  scope: 'credentials:write',
  sensitive: true,
  body: Joi.object<CredentialBody>({
    provider: provider.required(),
    label: label(100).required(),
    secret: secret.required(),
    base_url: Joi.string()
      .uri({ scheme: ['http', 'https'] })
      .max(500)
      .allow(null)
      .description('Public and https, unless the operator has named the host; without /embeddings.'),
  }),
  responses: {
    201: {
      ...one('The credential.'),
      headers: { ...etagHeader, Location: 'Address of the credential.' },
    },
  },
  errors: ['credential.label_taken', 'credential.limit_reached', 'credential.base_url_forbidden'],
  example: { body: { provider: 'openai', label: 'My account', secret: 'sk-example-0123456789x7Qk' } },
});

export const getCredential = defineEndpoint({
  ...common,
  method: 'GET',
  path: '/integrations/credentials/:id',
  operationId: 'getCredential',
  summary: 'Read a credential, without its secret',
  description: 'Provider, label and address; of the secret itself no more than its last four characters.',
  scope: 'credentials:read',
  params,
  etag: 'version',
  responses: { 200: one('The credential.') },
  errors: ['credential.not_found'],
  example: { params: { id: example.id } },
});

export const updateCredential = defineEndpoint({
  ...common,
  method: 'PATCH',
  path: '/integrations/credentials/:id',
  operationId: 'updateCredential',
  summary: 'Change the label of a credential',
  scope: 'credentials:write',
  sensitive: true,
  params,
  precondition: 'required',
  body: Joi.object<{ label: string }>({ label: label(100).required() }),
  responses: { 200: one('The changed credential.') },
  errors: ['credential.not_found', 'credential.label_taken'],
  example: { params: { id: example.id }, body: { label: 'Account of the team' } },
});

export const rotateCredential = defineEndpoint({
  ...common,
  method: 'POST',
  path: '/integrations/credentials/:id/rotate',
  operationId: 'rotateCredential',
  summary: 'Replace the secret of a credential',
  description: 'Takes effect with the next call of the service.',
  scope: 'credentials:write',
  sensitive: true,
  params,
  body: Joi.object<{ secret: string }>({ secret: secret.required() }),
  responses: { 200: one('The credential with its new last four characters.') },
  errors: ['credential.not_found'],
  example: { params: { id: example.id }, body: { secret: 'sk-example-9876543210x7Qk' } },
});

export const deleteCredential = defineEndpoint({
  ...common,
  method: 'DELETE',
  path: '/integrations/credentials/:id',
  operationId: 'deleteCredential',
  summary: 'Delete a credential',
  scope: 'credentials:write',
  sensitive: true,
  params,
  precondition: 'required',
  responses: { 204: { description: 'Deleted, the secret with it.' } },
  errors: ['credential.not_found'],
  example: { params: { id: example.id } },
});
