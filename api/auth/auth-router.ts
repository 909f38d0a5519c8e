import { randomBytes } from 'node:crypto';
import type { Cookies } from '#api/http/cookies.ts';
import type { Csrf } from '#api/http/csrf.ts';
import type { Reply } from '#api/http/endpoint.ts';
import type { Mount } from '#api/http/routes.ts';
import { getCsrfToken, getMe, logIn, logOut, register } from './auth-endpoints.ts';
import type { AuthService, Login } from './auth-service.ts';
import { userView } from './auth-view.ts';

export interface AuthRouterOptions {
  readonly auth: AuthService;
  readonly cookies: Cookies;
  readonly csrf: Csrf;
  readonly sessionTtlSeconds: number;
}

export function mountAuth(mount: Mount, { auth, cookies, csrf, sessionTtlSeconds }: AuthRouterOptions): void {
  const loggedIn = (status: number, { user, sessionId, token }: Login): Reply => ({
    status,
    headers: {
      'Set-Cookie': [
        cookies.write(cookies.sessionName, token, sessionTtlSeconds),
        cookies.clear(cookies.preSessionName),
      ],
    },
    body: { data: { user: userView(user), csrf_token: csrf.issue({ sessionId }) } },
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
  mount(register, async ({ body, userAgent, sessionId }) =>
    loggedIn(201, await auth.register(body, { userAgent, previousSessionId: sessionId })),
  );
  mount(logIn, async ({ body, userAgent, sessionId }) =>
    loggedIn(200, await auth.login(body, { userAgent, previousSessionId: sessionId })),
  );
  mount(logOut, async ({ sessionId }) => {
    await auth.logout(sessionId);
    return { status: 204, headers: { 'Set-Cookie': [cookies.clear(cookies.sessionName)] } };
  });
  mount(getMe, ({ user }) => ({ status: 200, body: { data: userView(user) } }));
}

const PRE_SESSION = /^[A-Za-z0-9_-]{32}$/;
