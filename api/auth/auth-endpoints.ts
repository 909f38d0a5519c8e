import Joi from 'joi';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { dataOf, id, time } from '#api/http/schemas.ts';
import { accountSchema } from './account-rules.ts';

const user = Joi.object({
  id: id().required(),
  username: Joi.string().required(),
  email: Joi.string().required(),
  role: Joi.string().valid('user', 'admin').required(),
  created_at: time().required(),
}).required();

const exampleUser = {
  id: '01980f5e-2c4a-7b3e-9d51-6a7f0e8c1b24',
  username: 'ada',
  email: 'ada@example.org',
  role: 'user',
  created_at: '2026-01-15T09:30:00.000Z',
};
const exampleToken = 'q1W2e3R4-8sVd0hYcUu3mZ5oKx9TtLrBnJgE';

const csrfToken = Joi.string().required().description('Send it as x-csrf-token; it is bound to the session.');
const login = dataOf(Joi.object({ user, csrf_token: csrfToken }));
const loginHeaders = { 'Set-Cookie': 'The session cookie; the cookie of the time before it is cleared.' };

export const getCsrfToken = defineEndpoint({
  method: 'GET',
  path: '/auth/csrf',
  operationId: 'getCsrfToken',
  summary: 'Get a CSRF token',
  description:
    'Whoever is logged in gets a token bound to the login; anybody else gets a cookie and a token bound to that, good for register and login.',
  tag: 'auth',
  auth: 'optional',
  responses: {
    200: {
      description: 'A token for the x-csrf-token header.',
      schema: dataOf(Joi.object({ csrf_token: csrfToken })),
      example: { data: { csrf_token: exampleToken } },
    },
  },
  example: {},
});

export const register = defineEndpoint({
  method: 'POST',
  path: '/auth/register',
  operationId: 'register',
  summary: 'Make an account and log in',
  tag: 'auth',
  auth: 'optional',
  rateBucket: 'auth',
  body: accountSchema,
  responses: {
    201: {
      description: 'The account; its owner is logged in.',
      schema: login,
      headers: loginHeaders,
      example: { data: { user: exampleUser, csrf_token: exampleToken } },
    },
  },
  errors: ['user.username_taken', 'user.email_taken'],
  example: { body: { username: 'ada', email: 'ada@example.org', password: 'correct horse battery' } },
});

export const logIn = defineEndpoint({
  method: 'POST',
  path: '/auth/login',
  operationId: 'logIn',
  summary: 'Log in',
  description: 'A wrong password and an unknown name are answered alike. A login that was there before ends.',
  tag: 'auth',
  auth: 'optional',
  rateBucket: 'auth',
  body: Joi.object<{ username: string; password: string }>({
    username: Joi.string().max(254).required().description('User name or e-mail address.'),
    password: Joi.string().max(128).required(),
  }),
  responses: {
    200: {
      description: 'Logged in.',
      schema: login,
      headers: loginHeaders,
      example: { data: { user: exampleUser, csrf_token: exampleToken } },
    },
  },
  errors: ['auth.invalid_credentials'],
  example: { body: { username: 'ada', password: 'correct horse battery' } },
});

export const logOut = defineEndpoint({
  method: 'POST',
  path: '/auth/logout',
  operationId: 'logOut',
  summary: 'Log out',
  description: 'The session ends at once, also for copies of its cookie.',
  tag: 'auth',
  auth: 'user',
  responses: {
    204: { description: 'Logged out.', headers: { 'Set-Cookie': 'Clears the session cookie.' } },
  },
  example: {},
});

export const getMe = defineEndpoint({
  method: 'GET',
  path: '/auth/me',
  operationId: 'getMe',
  summary: 'Read the own account',
  tag: 'auth',
  auth: 'user',
  responses: {
    200: { description: 'The account.', schema: dataOf(user), example: { data: exampleUser } },
  },
  example: {},
});
