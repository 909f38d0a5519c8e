import { randomBytes } from 'node:crypto';
import { taggedHeaders } from '#api/http/conditional-get.ts';
import type { Cookies } from '#api/http/cookies.ts';
import type { Csrf } from '#api/http/csrf.ts';
import type { Reply } from '#api/http/endpoint.ts';
import type { Mount } from '#api/http/routes.ts';
import type { User } from '#shared/domain/types.ts';
import {
  getCsrfToken,
  getMe,
  logIn,
  logInBefore,
  logOut,
  refreshSession,
  register,
  registerBefore,
  restoreAccount,
  updateMe,
} from './auth-endpoints.ts';
import type { AuthService, Login } from './auth-service.ts';
import { userView } from './auth-view.ts';
import { mountPasswords } from './password-router.ts';
import type { PasswordService } from './password-service.ts';
import { createSessionCookies } from './session-cookies.ts';
import { mountSessions } from './session-router.ts';
import type { SessionService } from './session-service.ts';

export interface AuthRouterOptions {
  readonly auth: AuthService;
  readonly sessions: SessionService;
  readonly passwords: PasswordService;
  readonly cookies: Cookies;
  readonly csrf: Csrf;
}

export function mountAuth(mount: Mount, options: AuthRouterOptions): void {
  const { auth, sessions, cookies, csrf } = options;
  const sessionCookies = createSessionCookies(cookies);
  const loggedIn = (status: number, { user, tokens, deviceToken }: Login): Reply => ({
    status,
    headers: { 'Set-Cookie': sessionCookies.loggedIn(tokens, deviceToken) },
    body: { data: { user: userView(user), csrf_token: csrf.issue({ sessionId: tokens.sessionId }) } },
  });

  mount(getCsrfToken, ({ sessionId, cookies: sent }) => {
    if (sessionId !== undefined)
      return { status: 200, body: { data: { csrf_token: csrf.issue({ sessionId }) } } };
    const known = sent[cookies.preSessionName];
    const preSession =
      known !== undefined && PRE_SESSION.test(known) ? known : randomBytes(24).toString('base64url');
    return {
      status: 200,
      headers: { 'Set-Cookie': [cookies.write(cookies.preSessionName, preSession)] },
      body: { data: { csrf_token: csrf.issue({ preSession }) } },
    };
  });
  for (const contract of [register, registerBefore])
    mount(contract, async ({ body, actor, sessionId, cookies: sent }) => {
      const { invitation_code: invitationCode, ...account } = body;
      const context = { actor, previousSessionId: sessionId, deviceToken: sent[cookies.deviceName] };
      return loggedIn(201, await auth.register({ ...account, invitationCode }, context));
    });
  for (const contract of [logIn, logInBefore])
    mount(contract, async ({ body, actor, sessionId, cookies: sent }) => {
      const context = { actor, previousSessionId: sessionId, deviceToken: sent[cookies.deviceName] };
      return loggedIn(200, await auth.login(body, context));
    });
  mount(restoreAccount, async ({ body, actor, sessionId, cookies: sent }) => {
    const context = { actor, previousSessionId: sessionId, deviceToken: sent[cookies.deviceName] };
    return loggedIn(200, await auth.restore(body, context));
  });
  mount(refreshSession, async ({ sessionId, actor, cookies: sent }) => {
    const tokens = await sessions.refresh(sent[cookies.refreshName] ?? '', actor);
    return {
      status: 200,
      headers: { 'Set-Cookie': sessionCookies.refreshed(tokens) },
      body: { data: { csrf_token: csrf.issue({ sessionId }) } },
    };
  });
  mount(logOut, async ({ sessionId, actor }) => {
    await sessions.logOut(sessionId, actor);
    return { status: 204, headers: { 'Set-Cookie': sessionCookies.loggedOut() } };
  });
  mount(getMe, ({ user }) => account(user));
  mount(updateMe, async ({ user, body, ifMatch, actor }) =>
    account(await auth.updateMe(user, body, ifMatch, actor)),
  );
  mountSessions(mount, sessions, sessionCookies);
  mountPasswords(mount, options.passwords);
}

const account = (user: User): Reply => ({
  status: 200,
  headers: taggedHeaders(user),
  body: { data: userView(user) },
});

const PRE_SESSION = /^[A-Za-z0-9_-]{32}$/;
