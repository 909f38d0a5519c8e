import { pageBody, POSITION, readPage } from '#api/http/page.ts';
import type { Mount } from '#api/http/routes.ts';
import type { JobFilters } from '#db/stores/job-store.ts';
import { cancelJob, followJob, getJob, listAttempts, listJobs } from './job-endpoints.ts';
import type { JobQuery } from './job-endpoints.ts';
import type { JobService } from './job-service.ts';
import { attemptView, jobView } from './job-view.ts';

export function mountJobs(mount: Mount, jobs: JobService): void {
  mount(listJobs, async ({ user, query }) => {
    const list = ['jobs', user.id, query.status, query.type, query.document_id];
    const page = await jobs.list(user.id, jobFiltersOf(query), readPage(query, list));
    return { status: 200, body: pageBody(page, list, (job) => jobView(job)) };
  });
  mount(getJob, async ({ user, params }) => ({
    status: 200,
    body: { data: jobView(await jobs.get(user.id, params.id)) },
  }));
  mount(listAttempts, async ({ user, params, query }) => {
    const list = ['attempts', user.id, params.id];
    const page = await jobs.attempts(user.id, params.id, readPage(query, list, POSITION));
    return { status: 200, body: pageBody(page, list, attemptView) };
  });
  mount(cancelJob, async ({ user, params, actor }) => {
    await jobs.cancel(user.id, params.id, actor);
    return { status: 204 };
  });
  mount(followJob, async ({ user, params, headers, signal, isStillAdmitted }) => {
    const stream = await jobs.follow(user.id, params.id, {
      lastEventId: headers['last-event-id'],
      signal,
      isStillAdmitted,
    });
    if (stream === null) return { status: 204 };
    const streaming = { 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' };
    return { status: 200, headers: streaming, stream };
  });
}

/** @returns what a list is narrowed to, in the names of the domain */
export const jobFiltersOf = (query: JobQuery): JobFilters => ({
  ...(query.status === undefined ? {} : { status: query.status }),
  ...(query.type === undefined ? {} : { type: query.type }),
  ...(query.document_id === undefined ? {} : { documentId: query.document_id }),
});
