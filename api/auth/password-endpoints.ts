import Joi from 'joi';
import { defineEndpoint } from '#api/http/endpoint.ts';
import { passwordRule } from './account-rules.ts';
import { currentPassword } from './auth-schemas.ts';

const newPassword = () => passwordRule().required().description('8 to 128 characters of any kind.');

export const changePassword = defineEndpoint({
  method: 'POST',
  path: '/auth/password',
  operationId: 'changePassword',
  summary: 'Change the password',
  description: 'All other sessions of the account end.',
  tag: 'auth',
  auth: 'session',
  body: Joi.object<{ current_password: string; new_password: string }>({
    current_password: currentPassword(),
    new_password: newPassword(),
  }),
  responses: { 204: { description: 'The new password counts from now on.' } },
  errors: ['auth.invalid_credentials', 'auth.password_weak', 'request.busy'],
  example: { body: { current_password: 'correct horse battery', new_password: 'eleven green bottles' } },
});

export const reauthenticate = defineEndpoint({
  method: 'POST',
  path: '/auth/reauthenticate',
  operationId: 'reauthenticate',
  summary: 'Give the password again',
  description: 'Sensitive operations ask for it: it is good for five minutes, in this session only.',
  tag: 'auth',
  auth: 'session',
  body: Joi.object<{ password: string }>({ password: currentPassword() }),
  responses: { 204: { description: 'The password was right.' } },
  errors: ['auth.invalid_credentials', 'request.busy'],
  example: { body: { password: 'correct horse battery' } },
});

export const requestPasswordReset = defineEndpoint({
  method: 'POST',
  path: '/auth/password-reset',
  operationId: 'requestPasswordReset',
  summary: 'Ask for a new password',
  description:
    'The answer is the same whether or not there is such an account. If there is, and SMTP_URL is set, its owner is sent a token that works once, and until one of those in hand is used or the password changes, each is good; without mail the operator makes one.',
  tag: 'auth',
  auth: 'optional',
  rateBucket: 'auth',
  body: Joi.object<{ login: string }>({
    login: Joi.string().max(254).required().description('User name or e-mail address.'),
  }),
  responses: { 202: { description: 'Whatever can be done will be done.' } },
  example: { body: { login: 'ada@example.org' } },
});

export const confirmPasswordReset = defineEndpoint({
  method: 'POST',
  path: '/auth/password-reset/confirm',
  operationId: 'confirmPasswordReset',
  summary: 'Set a new password with a token',
  description: 'All sessions of the account end; log in with the new password.',
  tag: 'auth',
  auth: 'optional',
  rateBucket: 'auth',
  body: Joi.object<{ token: string; password: string }>({
    token: Joi.string().max(100).required(),
    password: newPassword(),
  }),
  responses: { 204: { description: 'The new password counts from now on.' } },
  errors: ['auth.reset_invalid', 'auth.password_weak', 'request.busy'],
  example: {
    body: { token: 'Zm9yIGV4YW1wbGUgb25seSwgbm90IGEgcmVhbCB0b2tlbg', password: 'eleven green bottles' },
  },
});
