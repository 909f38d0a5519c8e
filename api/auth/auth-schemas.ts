import Joi from 'joi';
import { dataOf, id, time } from '#api/http/schemas.ts';

/** What the contracts of accounts and logins share. */

export const user = Joi.object({
  id: id().required(),
  username: Joi.string().required(),
  email: Joi.string().required(),
  role: Joi.string().valid('user', 'admin').required(),
  created_at: time().required(),
}).required();

export const exampleUser = {
  id: '01980f5e-2c4a-7b3e-9d51-6a7f0e8c1b24',
  username: 'ada',
  email: 'ada@example.org',
  role: 'user',
  created_at: '2026-01-15T09:30:00.000Z',
};

export const exampleToken = 'q1W2e3R4-8sVd0hYcUu3mZ5oKx9TtLrBnJgE';

export const csrfToken = Joi.string()
  .required()
  .description('Send it as x-csrf-token; it is bound to the session.');

/** Answer of whatever logs somebody in. */
export const loggedIn = {
  schema: dataOf(Joi.object({ user, csrf_token: csrfToken })),
  headers: {
    'Set-Cookie':
      'The cookies of the session: access token, refresh token, known device; that of the time before is cleared.',
  },
  example: { data: { user: exampleUser, csrf_token: exampleToken } },
};

/** A password that is to be checked, not to be set. */
export const currentPassword = (): Joi.StringSchema => Joi.string().max(128).required();
