import { pageBody, readPage } from '#api/http/page.ts';
import type { Mount } from '#api/http/routes.ts';
import { sessionView } from './auth-view.ts';
import type { SessionCookies } from './session-cookies.ts';
import { endAllSessions, endSession, listSessions } from './session-endpoints.ts';
import type { SessionService } from './session-service.ts';

export function mountSessions(mount: Mount, sessions: SessionService, cookies: SessionCookies): void {
  mount(listSessions, async ({ user, sessionId, query }) => {
    const list = ['sessions'];
    const page = await sessions.list(user.id, readPage(query, list));
    return { status: 200, body: pageBody(page, list, (session) => sessionView(session, sessionId)) };
  });
  mount(endSession, async ({ user, params, actor }) => {
    await sessions.end(user.id, params.id, actor);
    return { status: 204 };
  });
  mount(endAllSessions, async ({ user, actor }) => {
    await sessions.endAll(user.id, actor);
    return { status: 204, headers: { 'Set-Cookie': cookies.loggedOut() } };
  });
}
