import Joi from 'joi';
import { etagHeader } from '#api/http/conditional-get.ts';
import { OLD_ADDRESSES } from '#api/http/deprecations.ts';
import { aliasOf, defineEndpoint } from '#api/http/endpoint.ts';
import { dataOf } from '#api/http/schemas.ts';
import { accountFields } from './account-rules.ts';
import type { Account } from './account-rules.ts';
import { csrfToken, currentPassword, exampleToken, exampleUser, loggedIn, user } from './auth-schemas.ts';

export const getCsrfToken = defineEndpoint({
  method: 'GET',
  path: '/auth/csrf',
  operationId: 'getCsrfToken',
  summary: 'Get a CSRF token',
  description:
    'Whoever has a session, by access token or only by refresh token, gets a token bound to it; anybody else gets a cookie and a token bound to that, good for register and login.',
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
  description:
    'Names and addresses that are taken are refused, and so are passwords that are common or made of the names in the request. SIGN_UP decides who may register; with invitations a code is needed, which works once.',
  tag: 'auth',
  auth: 'optional',
  rateBucket: 'auth',
  body: Joi.object<Account & { invitation_code?: string }>({
    ...accountFields,
    invitation_code: Joi.string().max(100).description('Needed if people are invited here.'),
  }),
  responses: { 201: { ...loggedIn, description: 'The account; its owner is logged in.' } },
  errors: [
    'user.username_taken',
    'user.email_taken',
    'auth.password_weak',
    'auth.sign_up_closed',
    'auth.invitation_invalid',
    'request.busy',
  ],
  example: { body: { username: 'ada', email: 'ada@example.org', password: 'correct horse battery' } },
});

export const registerBefore = aliasOf(register, {
  ...OLD_ADDRESSES,
  path: '/api/auth/register',
  operationId: 'registerBefore',
});

export const logIn = defineEndpoint({
  method: 'POST',
  path: '/auth/login',
  operationId: 'logIn',
  summary: 'Log in',
  description:
    'A wrong password and an unknown name are answered alike, and after some failures each further attempt has to wait twice as long; Retry-After says how long. A browser that has logged in before is counted by itself. A login that was there before ends.',
  tag: 'auth',
  auth: 'optional',
  rateBucket: 'login',
  body: Joi.object<{ username: string; password: string }>({
    username: Joi.string().max(254).required().description('User name or e-mail address.'),
    password: currentPassword(),
  }),
  responses: { 200: { ...loggedIn, description: 'Logged in.' } },
  errors: ['auth.invalid_credentials', 'user.deletion_pending', 'request.busy'],
  example: { body: { username: 'ada', password: 'correct horse battery' } },
});

export const logInBefore = aliasOf(logIn, {
  ...OLD_ADDRESSES,
  path: '/api/auth/login',
  operationId: 'logInBefore',
});

export const restoreAccount = defineEndpoint({
  method: 'POST',
  path: '/auth/restore',
  operationId: 'restoreAccount',
  summary: 'Take the deletion of an account back',
  description:
    'Within the days of grace: logs in and opens the account again. API keys stay revoked. Guesses count as for login, and an account that is not about to be deleted is answered like a wrong password.',
  tag: 'auth',
  auth: 'optional',
  rateBucket: 'login',
  body: Joi.object<{ username: string; password: string }>({
    username: Joi.string().max(254).required().description('User name or e-mail address.'),
    password: currentPassword(),
  }),
  responses: { 200: { ...loggedIn, description: 'Logged in.' } },
  errors: ['auth.invalid_credentials', 'request.busy'],
  example: { body: { username: 'ada', password: 'correct horse battery' } },
});

export const refreshSession = defineEndpoint({
  method: 'POST',
  path: '/auth/refresh',
  operationId: 'refreshSession',
  summary: 'Get new tokens for the session',
  description:
    'Takes the refresh cookie, for which the access token may have expired, and replaces both. A refresh token works once; asking again within 10 seconds, as a second tab does, gives the same new tokens. An older one ends the session. The CSRF token stays good.',
  tag: 'auth',
  auth: 'refresh',
  rateBucket: 'refresh',
  responses: {
    200: {
      description: 'The cookies are replaced.',
      schema: dataOf(Joi.object({ csrf_token: csrfToken })),
      headers: { 'Set-Cookie': 'The new access token and refresh token.' },
      example: { data: { csrf_token: exampleToken } },
    },
  },
  example: {},
});

export const logOut = defineEndpoint({
  method: 'POST',
  path: '/auth/logout',
  operationId: 'logOut',
  summary: 'Log out',
  description:
    'The session ends at once, also for copies of its cookies. The refresh token is enough for it.',
  tag: 'auth',
  auth: 'refresh',
  responses: {
    204: { description: 'Logged out.', headers: { 'Set-Cookie': 'Clears the cookies of the session.' } },
  },
  example: {},
});

const me = (description: string) => ({
  description,
  schema: dataOf(user),
  headers: etagHeader,
  example: { data: exampleUser },
});

export const getMe = defineEndpoint({
  method: 'GET',
  path: '/auth/me',
  operationId: 'getMe',
  summary: 'Read the own account',
  description:
    'Name, address, role and limits of whoever asks; with an API key, of the account the key belongs to.',
  tag: 'auth',
  auth: 'user',
  scope: 'account:read',
  etag: 'version',
  responses: { 200: me('The account.') },
  example: {},
});

export const updateMe = defineEndpoint({
  method: 'PATCH',
  path: '/auth/me',
  operationId: 'updateMe',
  summary: 'Change the own user name or e-mail address',
  description: 'Both can be used to get into the account.',
  tag: 'auth',
  auth: 'session',
  sensitive: true,
  precondition: 'required',
  body: Joi.object<Partial<Pick<Account, 'username' | 'email'>>>({
    username: accountFields.username.optional(),
    email: accountFields.email.optional(),
  }).min(1),
  responses: { 200: me('The changed account.') },
  errors: ['user.username_taken', 'user.email_taken'],
  example: { body: { email: 'ada@example.com' } },
});
