import { pageBody, readPage } from '#api/http/page.ts';
import type { Mount } from '#api/http/routes.ts';
import type { AuditFilter, AuditReader } from '#db/stores/audit-store.ts';
import { listAudit, listOwnAudit } from './audit-endpoints.ts';
import type { AuditQuery } from './audit-endpoints.ts';
import { auditView } from './audit-view.ts';

export function mountAudit(mount: Mount, audit: AuditReader): void {
  const answer = async (query: AuditQuery, who: Pick<AuditFilter, 'userId' | 'actorId'>) => {
    const { action, from, to } = query;
    const list = ['audit', who.userId, who.actorId, action, from, to];
    const filter = { ...who, action, from: dateOf(from), to: dateOf(to) };
    const page = await audit.list(filter, readPage(query, list));
    return { status: 200, body: pageBody(page, list, auditView) };
  };
  mount(listOwnAudit, ({ user, query }) => answer(query, { userId: user.id }));
  mount(listAudit, ({ query }) => answer(query, { userId: query.user_id, actorId: query.actor_id }));
}

const dateOf = (time: string | undefined): Date | undefined =>
  time === undefined ? undefined : new Date(time);
