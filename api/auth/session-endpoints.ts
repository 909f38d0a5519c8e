import Joi from 'joi';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { pageQuery } from '#api/http/page.ts';
import type { PageQuery } from '#api/http/page.ts';
import { id, pageOf, time } from '#api/http/schemas.ts';

const session = Joi.object({
  id: id().required(),
  current: Joi.boolean().required().description('Whether it is the one that asks.'),
  user_agent: Joi.string().allow(null, '').required(),
  network: Joi.string()
    .allow(null)
    .required()
    .description('Where it was begun, roughly: an IPv4 /24 or an IPv6 /48.'),
  created_at: time().required(),
  last_used_at: time().required().description('Time of the last refresh, which comes every 15 minutes.'),
  expires_at: time().required().description('However much it is used.'),
});
const example = {
  id: '01980f60-7a1b-7c2d-8e3f-4a5b6c7d8e9f',
  current: true,
  user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  network: '203.0.113.0/24',
  created_at: '2026-01-15T09:30:00.000Z',
  last_used_at: '2026-01-15T11:45:10.000Z',
  expires_at: '2026-02-14T09:30:00.000Z',
};
const cookiesCleared = { 'Set-Cookie': 'Clears the cookies of the session.' };

export const listSessions = defineEndpoint({
  method: 'GET',
  path: '/auth/sessions',
  operationId: 'listSessions',
  summary: 'List the own sessions, newest first',
  description: 'Every login that is still good. An account may have 100; one more ends the oldest.',
  tag: 'auth',
  auth: 'session',
  query: Joi.object<PageQuery>(pageQuery),
  responses: {
    200: {
      description: 'A page of sessions.',
      schema: pageOf(session),
      example: { data: [example], meta: { next_cursor: null, has_more: false } },
    },
  },
  errors: ['page.cursor_invalid'],
  example: { query: { limit: 20 } },
});

export const endSession = defineEndpoint({
  method: 'DELETE',
  path: '/auth/sessions/:id',
  operationId: 'endSession',
  summary: 'End one of the own sessions',
  tag: 'auth',
  auth: 'session',
  sensitive: true,
  params: Joi.object<{ id: string }>({ id: id().required() }),
  responses: { 204: { description: 'It has ended, at once and on every instance.' } },
  errors: ['session.not_found'],
  example: { params: { id: example.id } },
});

export const endAllSessions = defineEndpoint({
  method: 'DELETE',
  path: '/auth/sessions',
  operationId: 'endAllSessions',
  summary: 'Log out everywhere',
  description: 'Ends all sessions of the account, the one that asks among them.',
  tag: 'auth',
  auth: 'session',
  responses: { 204: { description: 'All have ended.', headers: cookiesCleared } },
  example: {},
});
