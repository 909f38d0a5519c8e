import { pageBody, readPage } from '#api/http/page.ts';
import type { Mount } from '#api/http/routes.ts';
import { jobView } from '#api/jobs/job-view.ts';
import type { ReflectionFilters } from '#db/stores/reflection-store.ts';
import {
  createReflection,
  createReflectionBefore,
  deleteReflection,
  getReflection,
  listReflections,
} from './reflection-endpoints.ts';
import type { ReflectionBody, ReflectionQuery } from './reflection-endpoints.ts';
import { assertFitting } from './reflection-policy.ts';
import type { ReflectionRequest, ReflectionService } from './reflection-service.ts';
import { reflectionView } from './reflection-view.ts';

export function mountReflections(mount: Mount, reflections: ReflectionService): void {
  for (const contract of [createReflection, createReflectionBefore])
    mount(contract, async ({ user, params, body, actor }) => {
      assertFitting(body);
      const { type, category = null, rating = 0, content = '' } = body;
      if (type === 'feedback') {
        const told = await reflections.tell(user.id, params.id, { category, rating, content }, actor);
        return {
          status: 201,
          headers: { Location: `/api/v1/reflections/${told.id}` },
          body: { data: { reflection: reflectionView(told), job: null } },
        };
      }
      const { reflection, job } = await reflections.ask(user.id, params.id, requestOf(type, body), actor);
      return {
        status: 202,
        headers: { Location: `/api/v1/jobs/${job.job.id}` },
        body: { data: { reflection: reflectionView(reflection), job: jobView(job) } },
      };
    });
  mount(listReflections, async ({ user, params, query }) => {
    const list = ['reflections', user.id, params.id, query.type, query.category, query.status];
    const page = await reflections.list(user.id, params.id, filtersOf(query), readPage(query, list));
    return { status: 200, body: pageBody(page, list, reflectionView) };
  });
  mount(getReflection, async ({ user, params }) => ({
    status: 200,
    body: { data: reflectionView(await reflections.get(user.id, params.id)) },
  }));
  mount(deleteReflection, async ({ user, params, actor }) => {
    await reflections.remove(user.id, params.id, actor);
    return { status: 204 };
  });
}

const requestOf = (type: ReflectionRequest['type'], body: ReflectionBody): ReflectionRequest => ({
  type,
  category: body.category ?? null,
  memoryIds: body.memory_ids ?? [],
  documentId: body.document_id ?? null,
  chainId: body.chain_id ?? null,
  force: body.force,
});

const filtersOf = ({ type, category, status }: ReflectionQuery): ReflectionFilters => ({
  ...(type === undefined ? {} : { type }),
  ...(category === undefined ? {} : { category }),
  ...(status === undefined ? {} : { status }),
});
