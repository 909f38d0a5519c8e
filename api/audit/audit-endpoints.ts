import Joi from 'joi';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { pageQuery } from '#api/http/page.ts';
import type { PageQuery } from '#api/http/page.ts';
import { id, moment, pageOf, time } from '#api/http/schemas.ts';

export interface AuditQuery extends PageQuery {
  readonly action?: string;
  readonly from?: string;
  readonly to?: string;
}

const event = Joi.object({
  id: id().required(),
  user_id: id().allow(null).required().description('Whose event it is; null where no account is known.'),
  actor_id: id()
    .allow(null)
    .required()
    .description('Who did it; null for strangers and for the product itself.'),
  api_key_id: id().allow(null).required().description('The key by which it was done.'),
  action: Joi.string().required().description('What was done, such as api_key.create.'),
  target_type: Joi.string().allow(null).required(),
  target_id: Joi.string().allow(null).required(),
  address: Joi.string().allow(null).required().description('Network address of the caller.'),
  user_agent: Joi.string().allow(null, '').required(),
  correlation_id: Joi.string().allow(null).required(),
  details: Joi.object().unknown().required().description('What else there is to know, by action.'),
  created_at: time().required(),
}).required();

const example = {
  id: '01980f5e-2c4a-7b3e-9d51-6a7f0e8c1b25',
  user_id: '01980f5e-2c4a-7b3e-9d51-6a7f0e8c1b24',
  actor_id: '01980f5e-2c4a-7b3e-9d51-6a7f0e8c1b24',
  api_key_id: null,
  action: 'api_key.create',
  target_type: 'api_key',
  target_id: '01980f5e-2c4a-7b3e-9d51-6a7f0e8c1b26',
  address: '203.0.113.7',
  user_agent: 'curl/8.14.1',
  correlation_id: '01980f5e-2c4a-7b3e-9d51-6a7f0e8c1b27',
  details: { prefix: 'dk_k3x9p2ma' },
  created_at: '2026-01-15T09:30:00.000Z',
};

const filters = {
  action: Joi.string()
    .max(80)
    .pattern(/^[a-z_]+(\.[a-z_]+)?$/)
    .description('An action, or what stands before its dot for all such actions.'),
  from: moment().description('Not before this time.'),
  to: moment().description('Before this time.'),
};
const responses = {
  200: {
    description: 'A page of events.',
    schema: pageOf(event),
    example: { data: [example], meta: { next_cursor: null, has_more: false } },
  },
};

export const listOwnAudit = defineEndpoint({
  method: 'GET',
  path: '/auth/audit',
  operationId: 'listOwnAudit',
  summary: 'List what was done with the own account, newest first',
  description:
    'Logins, keys, credentials and deletions, with address and time: look here for what you did not do yourself.',
  tag: 'audit',
  auth: 'user',
  scope: 'account:read',
  query: Joi.object<AuditQuery>({ ...pageQuery, ...filters }),
  responses,
  errors: ['page.cursor_invalid'],
  example: { query: { action: 'api_key' } },
});

export const listAudit = defineEndpoint({
  method: 'GET',
  path: '/admin/audit',
  operationId: 'listAudit',
  summary: 'List what was done with all accounts, newest first',
  description:
    'Logins, keys, credentials, deletions and what administrators did, with account, address and time.',
  tag: 'audit',
  auth: 'admin',
  scope: 'admin:read',
  query: Joi.object<AuditQuery & { user_id?: string; actor_id?: string }>({
    ...pageQuery,
    ...filters,
    user_id: id().description('Whose events.'),
    actor_id: id().description('Events of whose making.'),
  }),
  responses,
  errors: ['page.cursor_invalid'],
  example: { query: { action: 'api_key.create' } },
});
